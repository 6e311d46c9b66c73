"""The whole policy on one page: who may do what, and the guard that every route wears."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, abort, current_app, make_response, request
from flask_login import current_user

from contentlib.accounts.models import Role, User
from contentlib.core.errorpages import wants_json
from contentlib.core.errors import N_

P = ParamSpec("P")
R = TypeVar("R")

SELLER, MARKETER, MANAGER, ADMIN = Role.SELLER, Role.MARKETER, Role.MANAGER, Role.ADMIN
EVERYONE = frozenset({SELLER, MARKETER, MANAGER, ADMIN})


@dataclass(frozen=True)
class Rule:
    """Who has a permission, and which condition the loading of rows adds to it."""

    roles: frozenset[Role]
    meaning: str
    condition: str = ""


def _rule(roles: set[Role] | frozenset[Role], meaning: str, condition: str = "") -> Rule:
    return Rule(frozenset(roles), meaning, condition)


POLICY: dict[str, Rule] = {
    "public": _rule(EVERYONE, N_("Open without signing in")),
    "self": _rule(EVERYONE, N_("One's own settings and start page")),
    "asset.view": _rule(
        EVERYONE,
        N_("Find, open, copy and download materials"),
        N_("Sellers and managers: published and still valid. Drafts and archived: marketers."),
    ),
    "asset.edit": _rule({MARKETER, ADMIN}, N_("Upload, write, change and publish materials")),
    "asset.approve": _rule(
        {MARKETER, ADMIN},
        N_("Approve or reject a version before sellers see it"),
        N_("The approver named on the material; where nobody is, anyone but the author."),
    ),
    "file.release": _rule(
        {ADMIN}, N_("Release a file from quarantine in which nothing harmful is after all")
    ),
    "asset.hold": _rule(
        {MANAGER, ADMIN},
        N_("Put materials under legal hold, and end it"),
        N_("Managers: on materials that they see."),
    ),
    "asset.remove": _rule(
        {ADMIN},
        N_("Remove archived materials and files of old versions for good"),
        N_("Not before their retention date, and not under legal hold."),
    ),
    "feedback.give": _rule(
        EVERYONE,
        N_("Comment, suggest changes, rate, flag as outdated, and add field wins"),
        N_("On materials that one sees, of versions that sellers see or saw."),
    ),
    "feedback.decide": _rule(
        {MARKETER, ADMIN},
        N_("Decide on suggested changes, resolve comments and flags, export them"),
        N_("Owner and deputy resolve comments and flags of their materials as well."),
    ),
    "taxonomy.edit": _rule({MARKETER, ADMIN}, N_("Change stages, personas, types and tags")),
    "deal.view": _rule(
        EVERYONE,
        N_("See deals, companies and contacts"),
        N_("Sellers: the deals of their own team. Everyone else: all."),
    ),
    "deal.edit": _rule(
        {SELLER, MANAGER, ADMIN},
        N_("Create, move and close deals, answer the retro"),
        N_("Sellers: the deals of their own team."),
    ),
    "reader.erase": _rule(
        {MANAGER, ADMIN}, N_("Erase who a share link was for, wherever it is kept")
    ),
    "deal.import": _rule({MANAGER, ADMIN}, N_("Import deals and undo an import")),
    "usage.record": _rule(
        EVERYONE, N_("Record a use of a material"), N_("On deals that one may see.")
    ),
    "share.create": _rule(
        EVERYONE,
        N_("Send materials to buyers by links, see and revoke these"),
        N_("Of a deal: who sees the deal. Without one: who made them, marketers and admins."),
    ),
    "search.edit": _rule({MARKETER, ADMIN}, N_("Keep synonyms and pin materials to searches")),
    "report.search": _rule(
        {MARKETER, MANAGER, ADMIN}, N_("Read what people search for"), N_("Never who.")
    ),
    "request.ask": _rule(
        EVERYONE,
        N_("Ask marketing for a material, and wait along with others"),
        N_("Who does not answer requests sees their own and the open ones."),
    ),
    "request.answer": _rule({MARKETER, ADMIN}, N_("Accept, deliver and decline requests")),
    "report.use": _rule({MARKETER, MANAGER, ADMIN}, N_("Read how materials are used")),
    "report.revenue": _rule({MANAGER, ADMIN}, N_("Read content and revenue")),
    "user.edit": _rule({ADMIN}, N_("Invite, change and disable people and teams")),
    "audit.view": _rule({ADMIN}, N_("Read and export the audit")),
    "system.view": _rule({ADMIN}, N_("See health, jobs and the component page")),
}

# Routes of libraries, which cannot wear our guard; every other route must.
FOREIGN = {
    "static": "public",
    "security.static": "public",
    "security.login": "public",
    "security.logout": "public",
    "security.verify": "self",
    "security.change_password": "self",
    "security.forgot_password": "public",
    "security.reset_password": "public",
}


def may(user: Any, permission: str) -> bool:
    """Tell whether a person's role holds a permission."""
    if permission == "public":
        return True
    return bool(user.is_authenticated) and user.role in POLICY[permission].roles


def requires(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a route's permission: who lacks it is told that the page does not exist."""
    if permission not in POLICY:
        raise KeyError(permission)

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if permission != "public":
                if not current_user.is_authenticated:
                    return _ask_to_sign_in()
                if not may(current_user, permission):
                    abort(404)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def _ask_to_sign_in() -> Any:
    if request.headers.get("HX-Request"):
        response = make_response("", 401)
        response.headers["HX-Redirect"] = current_app.login_manager.login_view  # type: ignore[attr-defined]
        return response
    if wants_json():
        abort(401)
    return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return what a route requires, or nothing if it declares nothing."""
    return getattr(app.view_functions[endpoint], "permission", FOREIGN.get(endpoint))


def refuse_undeclared_routes(app: Flask) -> None:
    """Stop the start of an application in which a route declares no permission."""
    bare = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if permission_of(app, rule.endpoint) not in POLICY
    }
    if bare:
        raise RuntimeError(f"routes without a permission: {', '.join(sorted(bare))}")


def me() -> User:
    """Return the person who is signed in, as their row."""
    return current_user._get_current_object()  # noqa: SLF001 - the row behind the proxy

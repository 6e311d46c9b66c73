"""The sections of the rail, each shown only to those who may open it."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_login import current_user

from contentlib.accounts.forms import ROLE_LABELS
from contentlib.accounts.permissions import may, permission_of
from contentlib.core.errors import N_
from contentlib.core.i18n import language
from contentlib.notifications.queries import unseen_count


@dataclass(frozen=True)
class Item:
    """One entry: its text, where it leads, its icon and whether a phone shows it as a tab."""

    label: str
    endpoint: str
    icon: str
    tab: bool = False


SECTIONS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "",
        (
            Item(N_("Today"), "today.home", "home", tab=True),
            Item(N_("Library"), "finding.search", "books", tab=True),
            Item(N_("Deals"), "deals.board", "briefcase", tab=True),
            Item(N_("Call prep"), "prep.situation", "target"),
            Item(N_("Links"), "sharing.links", "share"),
            Item(N_("Requests"), "requests.requests", "message-plus"),
        ),
    ),
    (
        N_("Marketing"),
        (
            Item(N_("Materials"), "library.assets", "list-details"),
            Item(N_("Use"), "reports.use", "chart-bar", tab=True),
            Item(N_("Search terms"), "reports.searches", "zoom-question"),
        ),
    ),
    (
        N_("Management"),
        (Item(N_("Content & revenue"), "reports.revenue_report", "coin", tab=True),),
    ),
    (
        N_("Administration"),
        (
            Item(N_("People"), "accounts.people", "users"),
            Item(N_("Imports"), "importing.imports", "file-import"),
            Item(N_("Stages, types, tags"), "library.taxonomy", "tags"),
            Item(N_("Audit"), "admin.audit_page", "shield-lock"),
            Item(N_("Health"), "admin.health_page", "heart-rate-monitor"),
        ),
    ),
)

# Pages that belong to another entry than the rest of their package.
OWN_ENTRIES = {
    "deals.bookmarklet": "accounts.preferences",
    "library.assets": "library.assets",
    "library.upload": "library.assets",
    "library.complete": "library.assets",
    "library.new_objection": "library.assets",
    "library.new_script": "library.assets",
    "library.new_link": "library.assets",
    "importing.bundles": "library.assets",
    "importing.bundle": "library.assets",
    "importing.bundle_rules": "library.assets",
    "library.taxonomy": "library.taxonomy",
    "reports.searches": "reports.searches",
    "finding.terms": "reports.searches",
    "finding.add_synonym": "reports.searches",
    "finding.change_synonym": "reports.searches",
    "finding.add_pin": "reports.searches",
    "finding.change_pin": "reports.searches",
}

# What the primary button begins, for those who may.
NEW = (
    Item(N_("Upload materials"), "library.upload", "file-upload"),
    Item(N_("Import a folder or ZIP"), "importing.bundles", "file-import"),
    Item(N_("Objection card"), "library.new_objection", "message-circle-question"),
    Item(N_("Script"), "library.new_script", "message-2"),
    Item(N_("Link"), "library.new_link", "link"),
    Item(N_("Deal"), "deals.new", "briefcase"),
    Item(N_("Request to marketing"), "requests.new", "message-plus"),
)


def allowed(app: Flask, items: tuple[Item, ...]) -> list[dict[str, Any]]:
    """Return those entries that exist and that the present person may open."""
    return [
        {
            "label": gettext(item.label),
            "href": url_for(item.endpoint),
            "icon": item.icon,
            "active": is_active(item.endpoint),
            "tab": item.tab,
        }
        for item in items
        if item.endpoint in app.view_functions
        and may(current_user, permission_of(app, item.endpoint) or "")
    ]


def is_active(endpoint: str) -> bool:
    """Tell whether the page at hand belongs to an entry of the rail."""
    package = endpoint.partition(".")[0]
    if endpoint in OWN_ENTRIES:
        return OWN_ENTRIES.get(request.endpoint or "") == endpoint
    if request.endpoint == "prep.deal_brief":
        return endpoint == "deals.board"
    if package in ("reports", "accounts", "admin"):
        return request.endpoint == endpoint
    if package == "finding":
        in_library = request.blueprint in ("finding", "library")
        return in_library and request.endpoint not in OWN_ENTRIES
    return request.blueprint == package and request.endpoint not in OWN_ENTRIES


def sections(app: Flask) -> list[dict[str, Any]]:
    """Return the sections of the rail, without empty ones, in the person's language."""
    shown = [
        {"label": gettext(title) if title else "", "items": allowed(app, items)}
        for title, items in SECTIONS
    ]
    return [section for section in shown if section["items"]]


def frame(app: Flask) -> dict[str, Any]:
    """Return what the layout around a signed-in page shows besides the rail."""
    search, suggest, palette = "finding.search", "finding.suggest", "finding.palette"
    return {
        "home_url": "/",
        "search_url": url_for(search) if search in app.view_functions else "/",
        "suggest_url": url_for(suggest) if suggest in app.view_functions else None,
        "palette_url": url_for(palette) if palette in app.view_functions else None,
        "new_actions": allowed(app, NEW),
        "person_name": current_user.name,
        "person_role": str(ROLE_LABELS[current_user.role]).lower(),
    }


def init_app(app: Flask) -> None:
    """Offer templates the rail, the language and the question what a person may do."""

    @app.context_processor
    def surroundings() -> dict[str, Any]:
        known = current_user.is_authenticated
        return {
            "nav_sections": sections(app) if known else [],
            "frame": frame(app) if known else None,
            "theme": current_user.theme if known else "auto",
            "may": lambda permission: may(current_user, permission),
            # Asked by the bell alone: parts of pages have none, nor do pages of errors, which
            # must be drawn when the database does not answer.
            "unseen_news": lambda: unseen_count(current_user.id),
            "language": language(),
            "demo": app.config["DEMO"],
        }

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
        ),
    ),
    (N_("Marketing"), (Item(N_("Use"), "reports.use", "chart-bar", tab=True),)),
    (
        N_("Management"),
        (Item(N_("Content & revenue"), "reports.revenue", "coin", tab=True),),
    ),
    (
        N_("Administration"),
        (
            Item(N_("People"), "accounts.people", "users"),
            Item(N_("Stages, types, tags"), "library.taxonomy", "tags"),
            Item(N_("Health"), "admin.health", "heart-rate-monitor"),
        ),
    ),
)

# What the primary button begins, for those who may.
NEW = (
    Item(N_("Upload materials"), "library.upload", "file-upload"),
    Item(N_("Objection card"), "library.new_objection", "message-circle-question"),
    Item(N_("Script"), "library.new_script", "message-2"),
    Item(N_("Deal"), "deals.new", "briefcase"),
)


def sections(app: Flask) -> list[dict[str, Any]]:
    """Return the sections that the present person may open, in their language."""
    shown = []
    for title, items in SECTIONS:
        allowed = [
            {
                "label": gettext(item.label),
                "href": url_for(item.endpoint),
                "icon": item.icon,
                "active": request.blueprint == item.endpoint.partition(".")[0]
                if item.endpoint.startswith(("today.", "deals."))
                else request.endpoint == item.endpoint,
                "tab": item.tab,
            }
            for item in items
            if item.endpoint in app.view_functions
            and may(current_user, permission_of(app, item.endpoint) or "")
        ]
        if allowed:
            shown.append({"label": gettext(title) if title else "", "items": allowed})
    return shown


def new_actions(app: Flask) -> list[dict[str, str]]:
    """Return what the present person may begin from the primary button."""
    return [
        {"label": gettext(item.label), "href": url_for(item.endpoint), "icon": item.icon}
        for item in NEW
        if item.endpoint in app.view_functions
        and may(current_user, permission_of(app, item.endpoint) or "")
    ]


def frame(app: Flask) -> dict[str, Any]:
    """Return what the layout around a signed-in page shows besides the rail."""
    search = "finding.search"
    return {
        "home_url": "/",
        "search_url": url_for(search) if search in app.view_functions else "/",
        "new_actions": new_actions(app),
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
            "language": language(),
            "demo": app.config["DEMO"],
        }

"""Every page by who reads it, and what is no page; ids are filled in from the firm."""

from string import Template
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

NOBODY = ""

PAGES = {
    NOBODY: [
        "/sign-in",
        "/sign-in/reset",
        "/sign-in/reset/$token",
        "/retro/$retro_link",
        "/retro/$retro_link_used",
        "/nowhere",
    ],
    "seller": [
        "/",
        "/search",
        "/search?q=frete",
        "/search?stage=proposal&persona=champion&sort=title",
        "/search?q=xyzzyq&type=video",
        "/assets/$link",
        "/assets/$overdue",
        "/assets/$script",
        "/assets/$objection",
        "/assets/$pdf",
        "/assets/$pdf?find=conta",
        "/assets/$pdf/read?page=2&find=conta",
        "/assets/$slides",
        "/assets/$letter",
        "/assets/$picture",
        "/assets/$video",
        "/assets/$markdown",
        "/assets/$text",
        "/search/saved",
        "/requests",
        "/requests?show=open",
        "/requests?show=open&view=board",
        "/requests?show=mine",
        "/requests/$asked",
        "/requests/$asked_back",
        "/requests/$delivered",
        "/requests/new?retro=$wish",
        "/requests/new?words=caso+de+frete&stage=proposal&deal=$mine",
        "/deals",
        "/deals/$mine",
        "/me",
        "/me/password",
        "/verify",
        "/nowhere",
    ],
    "marketer": [
        "/",
        "/search?q=rascunho",
        "/assets/$link",
        "/assets/$link?v=2",
        "/assets/$bare",
        "/assets/$expired",
        "/assets/$archived",
        "/assets/$html",
        "/assets/$locked",
        "/assets/$locked/read",
        "/assets/$fresh",
        "/assets",
        "/assets?care=held",
        "/assets/$found",
        "/assets/$found/versions/2",
        "/assets/$unscanned",
        "/assets/$held",
        "/assets/upload",
        "/assets/complete",
        "/assets/$link/edit",
        "/assets/$bare/edit",
        "/assets/$pdf/versions/new",
        "/assets/$review",
        "/assets/$review/versions/3",
        "/assets/$review/audit",
        "/assets/$returned",
        "/assets/$returned/versions/1",
        "/assets/$script/rewrite",
        "/assets/$objection/rewrite",
        "/assets/new/link",
        "/assets/new/script",
        "/assets/new/objection",
        "/imports/files",
        "/imports/files/$bundle_sending",
        "/imports/files/$bundle_checked",
        "/imports/files/$bundle_checked?show=near",
        "/imports/files/$bundle_checked/rules",
        "/imports/files/$bundle_running",
        "/imports/files/$bundle_paused",
        "/imports/files/$bundle_done",
        "/imports/files/$bundle_undone",
        "/requests",
        "/requests?show=answered",
        "/requests?show=open&view=board",
        "/requests/$asked",
        "/requests/$merging",
        "/admin/taxonomy",
        "/reports/use",
        "/reports/use?list=unused&period=month",
        "/reports/use/events?level=all",
        "/reports/use/deals?asset=$link",
        "/reports/searches",
        "/reports/searches?list=all",
        "/search/terms",
        "/search/terms?words=preco",
        "/search/terms?show=pins",
    ],
    "manager": [
        "/",
        "/search/saved",
        "/requests",
        "/deals",
        "/deals?view=table",
        "/deals?view=table&text=xyzzyq",
        "/deals/$open",
        "/deals/$won",
        "/deals/$lost",
        "/deals/new",
        "/deals/$open/edit",
        "/deals/$open/contacts/new",
        "/deals/$open/close/won",
        "/deals/$open/close/lost",
        "/deals/$won/retro",
        "/deals/$lost/retro",
        "/deals/$settled/retro",
        "/deals/$settled",
        "/companies/$company",
        "/assets/$held",
        "/reports/revenue",
        "/reports/revenue/deals",
        "/imports",
        "/imports/$import_mapping/columns",
        "/imports/$import_checked",
        "/imports/$import_checked/errors",
        "/imports/$import_done",
        "/imports/$import_undone",
        "/imports/$import_running",
        "/imports/$import_stuck",
    ],
    "admin": [
        "/",
        "/assets/$found",
        "/assets/$found/versions/2",
        "/assets/$let_go",
        "/assets/$held",
        "/assets/$going",
        "/assets/$gone",
        "/assets/$gone/versions/2",
        "/assets/$archived",
        "/admin/people",
        "/admin/people/$person",
        "/admin/people/new",
        "/admin/permissions",
        "/admin/audit",
        "/admin/audit?what=people&from=2026-01-01&to=2026-01-02",
        "/admin/health",
        "/admin/components",
    ],
}

# What is fetched, but is no page of its own, and what it is instead.
NO_PAGES = {
    "/admin/components/options?deal_text=o": "lines of a picker",
    "/assets/options?proof_text=caso": "lines of a picker",
    "/search/suggest?q=frete": "lines of the search box",
    "/deals/options": "lines of a picker",
    "/deals/use/materials": "lines of a picker",
    "/deals/use?asset=$link": "a dialog inside a page",
    "/deals/chip?deal=$open": "the name of the deal in hand, a part of a page",
    "/search/saved/new?q=frete": "a dialog inside a page",
    "/search/saved/$saved/name": "a dialog inside a page",
    "/requests/similar?title=caso": "a part of the form of requests",
    "/requests/$asked/answer": "a dialog inside a page",
    "/search/near?title=caso": "a part of the form of requests",
    "/deals/fill?deal=$open": "the fields of a script, filled in",
    "/assets/$pdf/state": "a part of a material's page",
    "/reports/assets/$link/use": "a part of a material's page",
    "/reports/assets/$link/versions": "a part of a material's page",
    "/imports/$import_running/progress": "a part of an import's page",
    "/imports/$import_mapping/values": "a part of the page of columns",
    "/imports/files/$bundle_running/progress": "a part of the page of a bundle",
    "/imports/files/$bundle_checked/errors.csv": "a table as CSV",
    "/assets/$pdf/file": "the file itself",
    "/assets/$pdf/pages.pdf": "the file itself, for the viewer",
    "/assets/$picture/view": "the file itself",
    "/assets/$pdf/pages/1.webp": "a picture",
    "/imports/$import_checked/errors.csv": "a table as CSV",
    "/assets/$review/release.csv": "a table as CSV",
    "/assets.csv?care=held": "a table as CSV",
    "/assets/export.csv": "a table as CSV",
    "/reports/revenue.csv": "a table as CSV",
    "/reports/use.csv": "a table as CSV",
    "/reports/searches.csv": "a table as CSV",
    "/uploads/$sending": "how far a file has come, for the page that sends it",
    "/healthz": "words for a machine",
    "/readyz": "words for a machine",
}
# Routes to files that lie beside the code: styles, scripts, fonts.
OWN_FILES = {"static", "security.static"}
# What is on the host of bytes alone, by addresses that are good for a minute.
ELSEWHERE = {"library.content"}


def filled(address: str, firm: dict[str, Any]) -> str:
    """Return an address with the ids of the firm's rows."""
    return Template(address).substitute(firm)


def endpoints_of(app: Flask, addresses: list[str], firm: dict[str, Any]) -> set[str]:
    """Return the routes that answer these addresses."""
    routes = app.url_map.bind("")
    paths = [urlsplit(filled(address, firm)).path for address in addresses]
    return {str(routes.match(path)[0]) for path in paths if path != "/nowhere"}


def endpoints_to_read(app: Flask) -> set[str]:
    """Return every route that can be read, apart from the files beside the code."""
    rules = app.url_map.iter_rules()
    return (
        {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - OWN_FILES - ELSEWHERE
    )

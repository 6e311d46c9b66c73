"""A new version that waits for its approval, so that the demo's people have one to decide on."""

from collections.abc import Sequence

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.demo.assets import Material
from contentlib.demo.staff import Staff
from contentlib.library import versions
from contentlib.library.models import Asset
from contentlib.library.release import service as releasing

AUTHOR, APPROVER = "gustavo.leal", "marina.prado"
SCRIPT = "Script: e-mail depois da demonstração"
CHANGES = {
    "basta responder às cinco primeiras": "as três primeiras já bastam",
    "trinta minutos, com alguém do financeiro": "vinte minutos, com a diretoria financeira",
}
NOTE = "Menos perguntas e a diretoria financeira já na próxima conversa."


def add_waiting_version(materials: Sequence[Material], staff: Staff) -> None:
    """Rewrite a script in two places and ask for the approval of it."""
    number = next(one.id for one in materials if one.title == SCRIPT)
    asset = db.session.get_one(Asset, number)
    author, approver = (db.session.get_one(User, staff.ids[key]) for key in (AUTHOR, APPROVER))
    body = asset.versions[-1].body or {}
    text = body["text"]
    for before, after in CHANGES.items():
        text = text.replace(before, after)
    releasing.name_approver(asset, approver, by=author)
    version = versions.add_script_version(
        asset,
        channel=body["channel"],
        subject=body["subject"],
        text=text,
        by=author,
        change_note=NOTE,
    )
    releasing.submit(version, by=author)

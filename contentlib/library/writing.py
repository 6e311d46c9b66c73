"""From the forms of texts and links to drafts and versions, and back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from contentlib.accounts.models import User
from contentlib.core.i18n import language
from contentlib.library import queries, service, versions
from contentlib.library.forms import LinkForm, ObjectionForm, ScriptForm
from contentlib.library.models import Asset, AssetVersion, VersionKind
from contentlib.library.taxonomy import AssetType, get_term
from contentlib.library.uploads import receipts

# What each kind of text is, until a person says otherwise.
TYPES = {
    VersionKind.SCRIPT: "script",
    VersionKind.OBJECTION: "objection",
    VersionKind.LINK: "article",
}


def known(version: AssetVersion) -> dict[str, Any]:
    """Return a version's content as its form shows it."""
    body = version.body or {}
    if version.kind is VersionKind.LINK:
        return {"title": version.asset.title, "url": version.url}
    if version.kind is VersionKind.SCRIPT:
        return {"title": version.asset.title, **body}
    return {
        **body,
        "title": version.asset.title,
        "heard_as": "\n".join(body.get("heard_as", ())),
        "proof": str(body.get("proof_asset_id") or ""),
    }


def write(
    kind: VersionKind, asset: Asset | None, form: Any, *, by: User, today: date, key: str = ""
) -> Asset:
    """Add what was written as a version, of a new draft if there is no material yet.

    The same key again returns the material it was written into before.
    """
    sent = receipts.hash_of({"asset": asset.id if asset else None, **form.data, "csrf_token": ""})
    before = receipts.earlier(by, key, sent)
    if before is not None:
        return before.asset
    row = asset or service.create_asset(
        title=_title(kind, form),
        type=get_term(AssetType, TYPES[kind]),
        by=by,
        language=language(),
    )
    version = _ADD[kind](row, form, by, today)
    if form.is_major:
        versions.mark_major(version)
    receipts.keep(by, key, sent, version)
    return row


def _title(kind: VersionKind, form: Any) -> str:
    title = (form.title.data or "").strip()
    if title or kind is not VersionKind.OBJECTION:
        return title
    heard = next(iter((form.heard_as.data or "").strip().splitlines()), "").strip()
    return f"“{heard[:1].upper()}{heard[1:198]}”"


def _add_script(asset: Asset, form: ScriptForm, by: User, _today: date) -> AssetVersion:
    return versions.add_script_version(
        asset,
        channel=form.channel.data,
        subject=form.subject.data or "",
        text=form.text.data,
        change_note=form.change_note.data or "",
        by=by,
    )


def _add_objection(asset: Asset, form: ObjectionForm, by: User, today: date) -> AssetVersion:
    proof_id = number_in(form.proof.data)
    return versions.add_objection_version(
        asset,
        heard_as=form.heard_as.data.splitlines(),
        answer=form.answer.data,
        question=form.question.data or "",
        avoid=form.avoid.data or "",
        proof=queries.get_asset(by, proof_id, today) if proof_id else None,
        proof_page=form.proof_page.data,
        change_note=form.change_note.data or "",
        by=by,
    )


def _add_link(asset: Asset, form: LinkForm, by: User, _today: date) -> AssetVersion:
    return versions.add_link_version(
        asset, url=form.url.data, change_note=form.change_note.data or "", by=by
    )


_ADD: dict[VersionKind, Callable[[Asset, Any, User, date], AssetVersion]] = {
    VersionKind.SCRIPT: _add_script,
    VersionKind.OBJECTION: _add_objection,
    VersionKind.LINK: _add_link,
}


def number_in(text: str | None) -> int | None:
    """Read the number of a material from a hidden field; anything else means none."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else None

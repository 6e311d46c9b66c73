"""New versions of a material: a file, an address, a script or an objection card."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.core.lines import one_line, visible
from contentlib.library.indexing import changed
from contentlib.library.models import Asset, AssetVersion, Blob, Status, VersionKind
from contentlib.library.written import LONGEST_ANSWER, count_words

CHANNELS = ("call", "meeting", "email", "whatsapp")
LONGEST_TEXT = 20_000


def add_file_version(
    asset: Asset, *, blob: Blob, file_name: str, by: User, change_note: str = ""
) -> AssetVersion:
    """Add bytes that are in the store already."""
    return _add(
        asset, VersionKind.FILE, by, change_note, blob_sha256=blob.sha256, file_name=file_name
    )


def add_link_version(asset: Asset, *, url: str, by: User, change_note: str = "") -> AssetVersion:
    """Add an address elsewhere."""
    return _add(asset, VersionKind.LINK, by, change_note, url=clean_url(url))


def add_script_version(
    asset: Asset, *, channel: str, subject: str = "", text: str, by: User, change_note: str = ""
) -> AssetVersion:
    """Add words to say or send, with merge fields such as `{{contato.nome}}`."""
    if channel not in CHANNELS:
        raise Invalid(N_("Choose where the script is used."), field="channel")
    body = {
        "channel": channel,
        "subject": one_line(_clean(subject, "subject", most=200)),
        "text": _required(text, "text", N_("Write the words of the script.")),
    }
    return _add(asset, VersionKind.SCRIPT, by, change_note, body=body)


def add_objection_version(
    asset: Asset,
    *,
    heard_as: Sequence[str],
    answer: str,
    question: str = "",
    avoid: str = "",
    proof: Asset | None = None,
    proof_page: int | None = None,
    by: User,
    change_note: str = "",
) -> AssetVersion:
    """Add what customers object, what to answer in one breath, and what proves it."""
    heard = [line for line in (_clean(text, "heard_as", most=300) for text in heard_as) if line]
    if not heard:
        raise Invalid(N_("Write at least one way customers say it."), field="heard_as")
    answer = _required(answer, "answer", N_("Write the answer."))
    refuse_long_answer(answer)
    body = {
        "heard_as": list(dict.fromkeys(heard)),
        "answer": answer,
        "proof_asset_id": proof.id if proof else None,
        "proof_page": proof_page if proof else None,
        "question": _clean(question, "question"),
        "avoid": _clean(avoid, "avoid"),
    }
    return _add(asset, VersionKind.OBJECTION, by, change_note, body=body)


def refuse_long_answer(answer: str) -> None:
    """Refuse an answer that nobody says in one breath."""
    if count_words(answer) > LONGEST_ANSWER:
        raise Invalid(
            N_("The answer has %(words)s words; one breath is at most %(most)s."),
            field="answer",
            words=count_words(answer),
            most=LONGEST_ANSWER,
        )


def mark_major(version: AssetVersion) -> None:
    """Say of a version that was just made that it says something else than the one before."""
    version.is_major = True


def clean_url(text: str) -> str:
    """Return an address that is safe to follow: http or https, nothing hidden in it."""
    url = text.strip()
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        fine = False
    if not fine or len(url) > 2000 or any(c.isspace() or not c.isprintable() for c in url):
        raise Invalid(N_("Write a whole address that begins with https://."), field="url")
    return url


def _required(text: str, field: str, sentence: str) -> str:
    cleaned = _clean(text, field)
    if not cleaned:
        raise Invalid(sentence, field=field)
    return cleaned


def _clean(text: str, field: str, *, most: int = LONGEST_TEXT) -> str:
    """Return a text with plain line ends and without characters nobody sees."""
    kept = visible(text)
    if len(kept) > most:
        raise Invalid(N_("This text has more than %(most)s characters."), field=field, most=most)
    return kept.strip()


def _add(
    asset: Asset, kind: VersionKind, by: User, change_note: str, **content: Any
) -> AssetVersion:
    if asset.status is Status.ARCHIVED:
        raise Conflict(N_("This material is archived. Restore it first."))
    latest = asset.latest_version
    version = AssetVersion(
        asset=asset,
        number=latest.number + 1 if latest else 1,
        kind=kind,
        change_note=_clean(change_note, "change_note", most=2000),
        created_by_id=by.id,
        **content,
    )
    db.session.add(version)
    changed(asset)
    audit.record(Action.VERSION_ADDED, subject=asset, by=by, **_told(version))
    return version


def _told(version: AssetVersion) -> dict[str, Any]:
    """Return what tells this version from every other; its words are kept with it."""
    told = {"version": version.number, "kind": version.kind, "change_note": version.change_note}
    if version.blob is not None:
        told |= {"sha256": version.blob.sha256, "bytes": version.blob.size}
    content = {"file_name": version.file_name, "url": version.url}
    return told | {name: value for name, value in content.items() if value}

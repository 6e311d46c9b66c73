"""The words of a version that people may suggest to change, part by part, and a version of them."""

from collections.abc import Mapping
from io import BytesIO

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import visible
from contentlib.extraction.kinds import KINDS
from contentlib.extraction.plaintext import decode
from contentlib.feedback.joining import Words
from contentlib.library import versions
from contentlib.library.models import Asset, AssetVersion, VersionKind
from contentlib.library.uploads import service as uploads
from contentlib.storage import object_key
from contentlib.storage.current import current_storage

# The parts of each kind, in the order in which they are read.
PARTS: Mapping[VersionKind, Mapping[str, str]] = {
    VersionKind.SCRIPT: {"subject": N_("Subject"), "text": N_("Text")},
    VersionKind.OBJECTION: {
        "heard_as": N_("Heard as"),
        "answer": N_("Answer"),
        "question": N_("Ask back"),
        "avoid": N_("Do not say"),
    },
    VersionKind.FILE: {"text": N_("Text")},
}
WRITTEN_FILES = frozenset({KINDS["md"].content_type, KINDS["txt"].content_type})
# Longer texts are changed where they were written.
MOST_BYTES = 100_000
NO_WORDS = N_("The words of this version cannot be changed here.")


def has_words(version: AssetVersion) -> bool:
    """Tell whether one can suggest other words for a version, or only leave a note about it."""
    if version.removed_at is not None:
        return False
    blob = version.blob
    if version.kind is not VersionKind.FILE or blob is None:
        return version.kind in (VersionKind.SCRIPT, VersionKind.OBJECTION)
    return blob.media_type in WRITTEN_FILES and blob.size <= MOST_BYTES and not blob.is_withheld


def words_of(version: AssetVersion) -> dict[str, str] | None:
    """Return the words of a version by part, or nothing where it has none to be changed."""
    if not has_words(version):
        return None
    if version.blob is not None:
        with current_storage().open(object_key(version.blob.sha256)) as stream:
            return {"text": plain_lines(decode(stream.read(MOST_BYTES)))}
    body = version.body or {}
    known = {part: body.get(part) or "" for part in PARTS[version.kind]}
    if not known.get("subject") and body.get("channel") != "email":
        # Only an e-mail has one.
        known.pop("subject", None)
    return {
        part: "\n".join(value) if isinstance(value, list) else str(value)
        for part, value in known.items()
    }


def cleaned(version: AssetVersion, given: Mapping[str, str]) -> dict[str, str]:
    """Return the words that somebody sent for a version, or refuse what is too long for it."""
    kept = {part: plain_lines(given.get(part, "")) for part in PARTS[version.kind]}
    for part, text in kept.items():
        if len(text.encode()) > MOST_BYTES:
            raise Invalid(
                N_("This text has more than %(most)s characters."), field=part, most=MOST_BYTES
            )
    if version.kind is VersionKind.OBJECTION:
        versions.refuse_long_answer(kept["answer"])
    return kept


def plain_lines(text: str) -> str:
    """Return a text with plain line ends and without hidden characters."""
    return visible(text).strip()


def are_same(one: str, other: str) -> bool:
    """Tell whether two texts differ in nothing but the spaces at the ends of lines."""
    lines = ([line.rstrip() for line in plain_lines(text).splitlines()] for text in (one, other))
    return next(lines) == next(lines)


def make_version(latest: AssetVersion, words: Words, *, by: User, change_note: str) -> AssetVersion:
    """Add a version in which these are the words and everything else is as it was."""
    if not has_words(latest):
        raise Invalid(NO_WORDS)
    asset, body = latest.asset, latest.body or {}
    if latest.kind is VersionKind.SCRIPT:
        return versions.add_script_version(
            asset, channel=body["channel"], **words, by=by, change_note=change_note
        )
    if latest.kind is VersionKind.OBJECTION:
        proof = db.session.get(Asset, body.get("proof_asset_id") or 0)
        return versions.add_objection_version(
            asset,
            heard_as=words["heard_as"].splitlines(),
            answer=words["answer"],
            question=words["question"],
            avoid=words["avoid"],
            proof=proof,
            proof_page=body.get("proof_page"),
            by=by,
            change_note=change_note,
        )
    return _file_version(latest, words["text"], by, change_note)


def _file_version(latest: AssetVersion, text: str, by: User, change_note: str) -> AssetVersion:
    content = BytesIO(f"{text}\n".encode())
    name = latest.file_name or "text.md"
    arrived = uploads.take_in(current_storage(), content, name, limit=2 * MOST_BYTES)
    return uploads.add_version(latest.asset, arrived, by=by, change_note=change_note)

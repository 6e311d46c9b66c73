"""Files on their way in: bytes to the store first, then rows and work in one transaction."""

from collections.abc import Callable
from pathlib import PurePath

from sqlalchemy.exc import IntegrityError

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict
from contentlib.extraction import KINDS, Kind, clean_filename, sniff
from contentlib.library import service, versions
from contentlib.library.care import quarantine
from contentlib.library.models import Asset, AssetVersion, Blob, Status
from contentlib.library.taxonomy import AssetType, get_term
from contentlib.library.uploads import receipts, room
from contentlib.receiving import Arrived
from contentlib.storage import Storage, object_key, promote, receive
from contentlib.storage.receive import Readable

_KINDS = {kind.content_type: kind for kind in KINDS.values()}
# What a file most likely is, until a person says otherwise.
LIKELY_TYPES = {"slide": "presentation", "sheet": "calculator", "video": "video"}


def kind_of(blob: Blob) -> Kind:
    """Return the kind that a file was recognised as when it arrived."""
    return _KINDS[blob.media_type]


def take_in(
    storage: Storage,
    stream: Readable,
    file_name: str,
    *,
    limit: int,
    claim: Callable[[str], None] = lambda _key: None,
) -> Arrived:
    """Receive a file of at most `limit` bytes and keep it, or say why it is not taken.

    This takes as long as the bytes need and uses no database, so that nobody waits for it; only
    ``claim`` is told of the key under which they will be kept, so that no sweeper takes them away.
    """
    received = receive(storage, stream, limit=limit)
    try:
        kind = sniff(received.path, file_name)
        claim(object_key(received.sha256))
        promote(storage, received)
    except BaseException:
        received.discard()
        raise
    name = clean_filename(file_name, kind)
    return Arrived(sha256=received.sha256, size=received.size, kind=kind, file_name=name)


def keep_blob(arrived: Arrived, *, by: User | None = None) -> Blob:
    """Write down that these bytes are in the store, and ask for what is to be done with them.

    Bytes that are here already take no room; others must fit what the library may keep.
    """
    blob = kept_blob(arrived.sha256)
    if blob is not None:
        return blob
    room.refuse_over_quota(arrived.size, by=by)
    blob = Blob(
        sha256=arrived.sha256,
        size=arrived.size,
        media_type=arrived.kind.content_type,
        page_label=arrived.kind.page_label,
    )
    try:
        with db.session.begin_nested():
            db.session.add(blob)
    except IntegrityError:
        # Somebody else has just sent the same bytes.
        return db.session.get_one(Blob, arrived.sha256)
    quarantine.begin(blob)
    return blob


def kept_blob(sha256: str) -> Blob | None:
    """Return bytes that are here, and keep them from being removed until this transaction ends."""
    return db.session.get(Blob, sha256, with_for_update={"key_share": True})


def new_draft(arrived: Arrived, *, by: User, key: str = "") -> Asset:
    """Make a draft of a file; the same key again returns the draft it made before."""
    earlier = receipts.earlier(by, key, arrived.sha256)
    if earlier is not None:
        return earlier.asset
    asset = service.create_asset(
        title=title_of(arrived.file_name),
        type=get_term(AssetType, likely_type(arrived.kind)),
        by=by,
    )
    add_version(asset, arrived, by=by, key=key)
    return asset


def add_version(
    asset: Asset, arrived: Arrived, *, by: User, key: str = "", change_note: str = ""
) -> AssetVersion:
    """Add a file to a material; the same key again returns the version it made before."""
    earlier = receipts.earlier(by, key, arrived.sha256)
    if earlier is not None:
        return earlier
    blob = keep_blob(arrived, by=by)
    version = versions.add_file_version(
        asset, blob=blob, file_name=arrived.file_name, by=by, change_note=change_note
    )
    receipts.keep(by, key, arrived.sha256, version)
    return version


def adopt(blob: Blob, file_name: str, *, by: User, key: str = "") -> Asset:
    """Make a draft of bytes that are in the library already, for who wants them twice."""
    if kept_blob(blob.sha256) is None:
        raise Conflict(N_("This file has just been removed. Send it once more."))
    kind = kind_of(blob)
    name = clean_filename(file_name, kind)
    arrived = Arrived(sha256=blob.sha256, size=blob.size, kind=kind, file_name=name)
    return new_draft(arrived, by=by, key=key)


def become_version(draft: Asset, *, of: Asset, by: User) -> AssetVersion:
    """Turn a fresh draft into a new version of a material that was there before."""
    latest = draft.latest_version
    if draft.status is not Status.DRAFT or latest is None or latest.blob is None or draft is of:
        raise Conflict(N_("Only a draft with a file can become a version of another material."))
    blob, name = latest.blob, latest.file_name or ""
    version = versions.add_file_version(of, blob=blob, file_name=name, by=by)
    service.discard(draft)
    return version


def likely_type(kind: Kind) -> str:
    """Return the key of what a file of a kind most likely is."""
    likely = LIKELY_TYPES.get(kind.family) or LIKELY_TYPES.get(kind.page_label)
    return likely or "article"


def title_of(file_name: str) -> str:
    """Read a title from a file's name, as far as a name tells."""
    stem = PurePath(file_name).stem
    words = " ".join(stem.replace("_", " ").split())
    if " " not in words:
        words = words.replace("-", " ")
    return words[:1].upper() + words[1 : service.LONGEST_TITLE] or stem

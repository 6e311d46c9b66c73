"""The steps of an upload; callers commit between them, as the package says."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Conflict, Invalid
from contentlib.core.failpoints import reached
from contentlib.core.ids import new_id
from contentlib.extraction import KINDS, Kind, clean_filename, refuse_by_name, sniff
from contentlib.extraction.errors import EMPTY, UnacceptableFile
from contentlib.receiving import parts
from contentlib.receiving.landing import InStore, Landing, in_store, landing_of, path_of
from contentlib.receiving.models import KEPT, Upload, UploadState, Way
from contentlib.receiving.room import refuse_without_room
from contentlib.storage import ObjectMissing, Part, Storage, object_key

log = structlog.get_logger("contentlib.receiving")

PART = 4 * 2**20
"""Bytes of a part at most: what is sent again when a line breaks, and held in memory meanwhile."""

LONGEST_KEY = 80
REMEMBERED = timedelta(days=30)
"""How long it is known that an upload came or was refused."""

OTHER_THING = N_("Something else was sent under this key. Reload the page and try again.")
OTHER_WAY = N_("This file is being sent another way. Reload the page and try again.")
_KINDS = {kind.content_type: kind for kind in KINDS.values()}


class AtAnotherPlace(Conflict):
    """The part does not follow the last one; `offset` is where the next one begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(N_("The file goes on at another place than this part."))
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is here whole but belongs to nothing yet; `size` in bytes."""

    sha256: str
    size: int
    kind: Kind
    file_name: str


def begin(
    storage: Storage,
    settings: Settings,
    *,
    by: User,
    key: str,
    file_name: str,
    size: int,
    aim: dict[str, Any],
    way: Way = Way.APPLICATION,
) -> Upload:
    """Write down what will be sent, or return what the same key began before.

    `way` is how its sender can send it. What fits into one part comes through the application:
    to ask for an address would cost more than the part.
    """
    name = clean_filename(file_name)
    known = begun_before(by, key, name, size)
    if known is not None:
        if way is not Way.STORE or storage.direct is None:
            _divert(known)
        return known
    if size <= 0:
        raise UnacceptableFile(EMPTY)
    refuse_by_name(name)
    refuse_without_room(size, storage.staging, settings, by)
    direct = storage.direct
    if direct is None or size <= direct.part_size(size):
        way = Way.APPLICATION
    return expect(by=by, key=key, name=name, size=size, aim=aim, way=way)


def begun_before(by: User, key: str, name: str, size: int) -> Upload | None:
    """Return what somebody began to send under a key, which must be the same thing."""
    key = key[:LONGEST_KEY]
    known = db.session.scalars(select(Upload).filter_by(user_id=by.id, key=key)).one_or_none()
    if known is not None and (known.file_name, known.size) != (name, size):
        raise Invalid(OTHER_THING)
    return known


def expect(
    *,
    by: User,
    key: str,
    name: str,
    size: int,
    aim: dict[str, Any],
    way: Way = Way.APPLICATION,
) -> Upload:
    """Write down that a file will be sent."""
    upload_id = str(new_id())
    upload = Upload(
        id=upload_id,
        user_id=by.id,
        key=key[:LONGEST_KEY] or upload_id,
        file_name=name,
        size=size,
        aim=aim,
        way=way,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def get_upload(by: User, upload_id: str) -> Upload:
    """Load an upload of this person."""
    upload = db.session.get(Upload, upload_id)
    if upload is None or upload.user_id != by.id:
        raise Absent
    return upload


def unfinished(by: User) -> Sequence[Upload]:
    """Return what this person began to send and can carry on, the latest first.

    The files of an import stand on its own page.
    """
    uploads = db.session.scalars(
        select(Upload)
        .where(Upload.user_id == by.id, Upload.state == UploadState.RECEIVING)
        .where(Upload.received > 0, Upload.moved_at > now() - KEPT)
        .order_by(Upload.moved_at.desc())
    )
    return [upload for upload in uploads if "run" not in upload.aim]


@contextmanager
def alone(storage: Storage, upload_id: str) -> Iterator[None]:
    """Let one request at a time work on an upload; raises ``Conflict`` for the others."""
    with parts.alone(path_of(storage, upload_id, "lock")):
        yield


def offset_of(storage: Storage, upload: Upload) -> int:
    """Return where the next part begins: behind everything that came and need not come again."""
    if upload.state is not UploadState.RECEIVING:
        return upload.size
    return landing_of(storage, upload).length()


def append(
    storage: Storage, upload: Upload, part: bytes | bytearray, *, at: int, sha256: bytes | None
) -> int:
    """Bring the next part to the disk and return where it ends; the row is not changed yet."""
    if upload.state is not UploadState.RECEIVING:
        raise Conflict(N_("This file has arrived already."))
    if in_store(storage, upload):
        raise Invalid(OTHER_WAY)
    offset, end = offset_of(storage, upload), at + len(part)
    if at != offset:
        raise AtAnotherPlace(offset)
    if not part or end > upload.size:
        raise Invalid(N_("The file is of another size than was said. Send it again."))
    parts.add(path_of(storage, upload.id), part, at=at, sha256=sha256)
    return end


def came(upload: Upload, end: int) -> None:
    """Write down how far an upload has come: so far, nothing has to be sent again."""
    upload.received, upload.moved_at = end, now()


def to_store(storage: Storage, upload: Upload) -> InStore:
    """Return the place in the store to which the next part of an upload may be sent."""
    if upload.state is not UploadState.RECEIVING:
        raise AtAnotherPlace(upload.size)
    landing = in_store(storage, upload)
    if landing is None:
        raise Invalid(OTHER_WAY)
    return landing


def announced(upload: Upload, begun: str, part: Part, *, at: int) -> None:
    """Write down what is sent to the store next, so that it can be compared with what came."""
    came(upload, at)
    upload.begun = begun
    upload.checksums = upload.checksums | {str(part.number): part.sha256.hex()}


def inspect(storage: Storage, upload: Upload) -> Arrived:
    """Read the whole file; raises `UnacceptableFile` where the library does not take it."""
    if upload.state is UploadState.REFUSED:
        raise Conflict(N_("This file was refused. Send another one."))
    if upload.sha256 and upload.media_type:
        # Its bytes may be under their key already, and here no more.
        return _arrived(upload, upload.sha256, _KINDS[upload.media_type])
    offset = offset_of(storage, upload)
    if offset != upload.size:
        raise AtAnotherPlace(offset)
    received = landing_of(storage, upload).gather()
    return _arrived(upload, received.sha256, sniff(received.path, upload.file_name))


def storing(upload: Upload, arrived: Arrived) -> None:
    """Write down what is about to be put into the store."""
    if upload.state is UploadState.RECEIVING:
        upload.state, upload.moved_at = UploadState.STORING, now()
        upload.sha256, upload.media_type = arrived.sha256, arrived.kind.content_type


def store(storage: Storage, landing: Landing, arrived: Arrived) -> None:
    """Put the bytes under the key of their hash; what is there already is left as it is."""
    reached("storing")
    landing.keep(arrived.sha256)
    kept = storage.stat(object_key(arrived.sha256))
    if kept is None or kept.size != arrived.size:
        raise ObjectMissing(N_("The file did not arrive whole. Send it again."))
    reached("stored")


def begin_anew(upload: Upload) -> None:
    """Expect the whole file once more, after its bytes were lost on the way to the store."""
    upload.state, upload.received = UploadState.RECEIVING, 0
    upload.sha256 = upload.media_type = upload.begun = None
    upload.checksums = {}


def done(upload: Upload) -> None:
    """Say that the rows of what arrived are there, in the transaction that makes them."""
    upload.state, upload.moved_at = UploadState.DONE, now()


def refuse(upload: Upload) -> None:
    """Give up a file that the library does not take."""
    upload.state, upload.moved_at = UploadState.REFUSED, now()


def cancel(upload: Upload) -> None:
    """Forget an upload that its sender does not want any more."""
    if upload.state in (UploadState.STORING, UploadState.DONE):
        raise Conflict(N_("This file has arrived already."))
    db.session.delete(upload)


def _divert(upload: Upload) -> None:
    """Let a file come through the application whose sender cannot reach the store."""
    if upload.way is Way.STORE and upload.state is UploadState.RECEIVING:
        begin_anew(upload)
        upload.way = Way.DIVERTED
        log.warning("a browser could not reach the store", upload=upload.id)


def _arrived(upload: Upload, sha256: str, kind: Kind) -> Arrived:
    name = clean_filename(upload.file_name, kind)
    return Arrived(sha256=sha256, size=upload.size, kind=kind, file_name=name)

"""Pictures of pages in the store: which object a page's picture is, in the width asked for."""

from contentlib.core.errors import Absent
from contentlib.extraction import SMALLER_WIDTHS
from contentlib.library.files import sending
from contentlib.library.files.keys import preview_key
from contentlib.library.models import Blob
from contentlib.storage import Presented
from contentlib.storage.current import current_storage


def picture_of(blob: Blob, number: int, width: int | None) -> sending.Bytes:
    """Say how the picture of a page is sent, a smaller one where there is one of that width."""
    if not 1 <= number <= blob.preview_count:
        raise Absent
    key = preview_key(blob.sha256, number)
    if width in SMALLER_WIDTHS:
        small = preview_key(blob.sha256, number, width)
        key = small if current_storage().stat(small) else key
    found = current_storage().stat(key)
    if found is None:
        raise Absent
    shown = Presented("image/webp", "", sending.ASKS_AGAIN)
    return sending.Bytes(key, found.size, f"{blob.sha256}-{number}-{found.size}", shown)

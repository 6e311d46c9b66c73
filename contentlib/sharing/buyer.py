"""What a buyer sees of a link: its materials in order, each in the form that it can be read in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.library.files.formats import FORMAT_NAMES, format_of
from contentlib.library.models import Asset, AssetVersion, Blob, BlobPage
from contentlib.library.uploads.service import kind_of
from contentlib.library.written import ObjectionCard, Script, card_of, script_of
from contentlib.sharing.fitness import version_shown
from contentlib.sharing.models import ShareItem, ShareLink

# Of each page as many letters are written beside its picture.
MOST_LETTERS = 3000
MOST_TEXT_PAGES = 60


@dataclass(frozen=True)
class Shown:
    """One material of a link as a buyer sees it; `version` is none where it is gone for now."""

    position: int
    asset: Asset
    version: AssetVersion | None
    form: str
    # The words of its pages by number, also for who does not see pictures.
    texts: Mapping[int, str] = field(default_factory=dict)
    may_download: bool = False

    @property
    def blob(self) -> Blob | None:
        """Return the file behind it, if it is a file."""
        return self.version.blob if self.version else None

    @property
    def pages(self) -> int:
        """Return how many pages of it a reader can see."""
        if self.form == "pages" and self.blob is not None:
            return self.blob.preview_count
        if self.form == "text":
            return len(self.texts)
        return 1 if self.version else 0

    @property
    def format_name(self) -> str:
        """Return how the form of its file is called, to be translated."""
        return FORMAT_NAMES[format_of(self.version)]

    @property
    def script(self) -> Script:
        """Return its words, where it is a script."""
        return script_of(self.version.body if self.version else None)

    @property
    def card(self) -> ObjectionCard:
        """Return its words, where it is an objection card; only the answer is for buyers."""
        return card_of(self.version.body if self.version else None)


def shown_of(link: ShareLink, today: date) -> list[Shown]:
    """Return what a link shows today, in order."""
    return [_shown(link, item, version_shown(link, item, today)) for item in link.items]


def _shown(link: ShareLink, item: ShareItem, version: AssetVersion | None) -> Shown:
    if version is None:
        return Shown(item.position, item.asset, None, "gone")
    blob = version.blob
    if blob is None:
        return Shown(item.position, item.asset, version, version.kind.value)
    texts = _texts_of(blob)
    return Shown(
        item.position,
        item.asset,
        version,
        _form_of(blob, has_text=bool(texts), is_marked=link.is_watermarked),
        texts,
        may_download=link.may_download and not link.is_watermarked,
    )


def _form_of(blob: Blob, *, has_text: bool, is_marked: bool) -> str:
    kind = kind_of(blob)
    if kind.family == "video":
        return "video"
    if kind.family == "image" and kind.inline and not is_marked:
        return "image"
    if blob.preview_count:
        return "pages"
    if has_text:
        return "markdown" if kind.name == "md" else "text"
    return "file"


def _texts_of(blob: Blob) -> dict[int, str]:
    """Return the words of the first pages; a book of a thousand is not read for its cover."""
    pages = (
        select(BlobPage.number, func.substr(BlobPage.text, 1, MOST_LETTERS))
        .where(BlobPage.sha256 == blob.sha256, BlobPage.number <= MOST_TEXT_PAGES)
        .order_by(BlobPage.number)
    )
    return {number: str(text) for number, text in db.session.execute(pages)}

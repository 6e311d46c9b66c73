"""What is shown of each found material, read from its rows and only for the page at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from contentlib.core.db import db
from contentlib.finding.searcher import Searcher
from contentlib.finding.shown import shown_version
from contentlib.library.formats import format_of
from contentlib.library.markdown import without_marks
from contentlib.library.models import Asset, AssetVersion, BlobPage, VersionKind
from contentlib.library.standing import Standing, standing_of
from contentlib.library.uploads import kind_of
from contentlib.library.written import card_of, passages, with_named_fields
from contentlib.search import Answer, Highlight, Hit, Page, Snippet, best_snippet, mark

MOST_PAGES = 400
MOST_LETTERS = 20_000


@dataclass(frozen=True)
class Result:
    """One found material, ready to be shown."""

    asset: Asset
    version: AssetVersion | None
    position: int
    score: float
    title: Markup
    snippet: Snippet
    standing: Standing
    format: str
    answer: str
    pinned: bool

    @property
    def page_label(self) -> str:
        """Return what the pages of its file are: `page`, `slide` or `sheet`."""
        blob = self.version.blob if self.version else None
        return blob.page_label if blob else "page"

    @property
    def page_count(self) -> int:
        """Return how many pages its file has, 0 where it has none."""
        blob = self.version.blob if self.version else None
        return (blob.page_count or 0) if blob else 0

    @property
    def page(self) -> int:
        """Return the page its passage stands on, 0 where there is only one or none."""
        return self.snippet.page if self.page_count > 1 else 0

    @property
    def page_to_open(self) -> int:
        """Return the page to begin reading at, 0 for the top.

        Only words that were asked for lead into a file; on its first page they are seen anyway.
        """
        return self.page if self.page > 1 and "<mark>" in self.snippet.html else 0


def load_results(answer: Answer, searcher: Searcher, *, offset: int = 0) -> list[Result]:
    """Load what was found, asking the database once more who may see it."""
    found = _found_rows(answer.hits, searcher)
    texts = _texts([version for _, version in found.values() if version], answer.highlight)
    return [
        _result(hit, found[hit.id], answer.highlight, texts, position=place, day=searcher.day)
        for place, hit in enumerate(answer.hits, start=offset + 1)
        if hit.id in found
    ]


def _found_rows(
    hits: Sequence[Hit], searcher: Searcher
) -> dict[str, tuple[Asset, AssetVersion | None]]:
    ids = [int(hit.id.removeprefix("asset:")) for hit in hits]
    query = (
        select(Asset, AssetVersion)
        .outerjoin(AssetVersion, shown_version())
        .where(Asset.id.in_(ids), searcher.may_find())
        .options(selectinload(Asset.stages), selectinload(Asset.personas))
    )
    rows = db.session.execute(query).unique()
    return {f"asset:{asset.id}": (asset, version) for asset, version in rows}


def _texts(versions: Sequence[AssetVersion], highlight: Highlight) -> dict[str, list[Page]]:
    """Read the pages of files; without words to mark the first page is enough."""
    hashes = {version.blob_sha256 for version in versions if version.blob_sha256}
    most = MOST_PAGES if highlight.keys or highlight.prefixes else 1
    query = (
        select(BlobPage.sha256, BlobPage.number, func.substr(BlobPage.text, 1, MOST_LETTERS))
        .where(BlobPage.sha256.in_(hashes), BlobPage.number <= most)
        .order_by(BlobPage.sha256, BlobPage.number)
    )
    marked = {version.blob_sha256 for version in versions if _is_markdown(version)}
    texts: dict[str, list[Page]] = {}
    for sha256, number, text in db.session.execute(query):
        words = with_named_fields(without_marks(text) if sha256 in marked else text)
        texts.setdefault(sha256, []).append(Page(number, words))
    return texts


def _is_markdown(version: AssetVersion) -> bool:
    kind = kind_of(version.blob) if version.blob else None
    return kind is not None and kind.name == "md"


def _result(
    hit: Hit,
    row: tuple[Asset, AssetVersion | None],
    highlight: Highlight,
    texts: dict[str, list[Page]],
    *,
    position: int,
    day: date,
) -> Result:
    asset, version = row
    pages = texts.get(version.blob_sha256 or "", []) if version else []
    written = [Page(0, passage) for passage in passages(version)] if version else []
    return Result(
        asset=asset,
        version=version,
        position=position,
        score=hit.score,
        title=mark(asset.title, highlight, asset.language),
        snippet=_snippet(asset, [*pages, *written], highlight),
        standing=standing_of(asset, day),
        format=format_of(version),
        answer=_answer_to_copy(version),
        pinned=hit.pinned,
    )


def _snippet(asset: Asset, pages: Sequence[Page], highlight: Highlight) -> Snippet:
    """Choose what says most: the words asked for, in the text or the summary, else the summary."""
    summary = [Page(0, asset.summary)] if asset.summary else []
    snippet = best_snippet([*pages, *summary], highlight, asset.language)
    if "<mark>" in snippet.html or not summary:
        return snippet
    return best_snippet(summary, Highlight(), asset.language)


def _answer_to_copy(version: AssetVersion | None) -> str:
    if version is None or version.kind != VersionKind.OBJECTION:
        return ""
    return card_of(version).answer

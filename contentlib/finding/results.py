"""What is shown of each found material, read from its rows and only for the page at hand."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape

from markupsafe import Markup
from sqlalchemy import bindparam, func, select

from contentlib.core.db import db
from contentlib.extraction.kinds import KINDS
from contentlib.finding.found import Found, found_rows
from contentlib.finding.searcher import Searcher
from contentlib.library.channels import Channel, answer_for
from contentlib.library.files.reading import MOST_WORDS
from contentlib.library.markdown import without_marks
from contentlib.library.models import BlobPage, VersionKind
from contentlib.library.standing import Standing
from contentlib.library.written import passages, with_named_fields
from contentlib.search import Answer, Highlight, Hit, Page, Snippet, best_snippet, mark

MOST_PAGES = 400
MOST_LETTERS = 20_000
MARKDOWN = KINDS["md"].content_type
_MARKED = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """One found material, ready to be shown."""

    asset: Found
    position: int
    score: float
    title: Markup
    snippet: Snippet
    standing: Standing
    answer: str
    pinned: bool

    @property
    def page(self) -> int:
        """Return the page its passage stands on, 0 where there is only one or none."""
        return self.snippet.page if self.asset.page_count > 1 else 0

    @property
    def words(self) -> str:
        """Return the marked words of its passage as they are written there.

        A word within which another one stands is marked along with that.
        """
        found = {word.casefold(): word for word in _MARKED.findall(self.snippet.html)}
        short = [key for key in found if not any(o != key and o in key for o in found)]
        return unescape(" ".join(found[key] for key in short))[:MOST_WORDS]

    @property
    def page_to_open(self) -> int:
        """Return the page to begin reading at, 0 for the top.

        Only words that were asked for lead into a file; on its first page they are seen anyway.
        """
        return self.page if self.page > 1 and "<mark>" in self.snippet.html else 0


_PAGES = (
    select(BlobPage.sha256, BlobPage.number, func.substr(BlobPage.text, 1, MOST_LETTERS))
    .where(BlobPage.sha256.in_(bindparam("files", expanding=True)))
    .where(BlobPage.number <= bindparam("most"))
    .order_by(BlobPage.sha256, BlobPage.number)
)


def load_results(answer: Answer, searcher: Searcher, *, offset: int = 0) -> list[Result]:
    """Load what was found, asking the database once more who may see it."""
    numbered = [(int(hit.id.removeprefix("asset:")), hit) for hit in answer.hits]
    found = found_rows([number for number, _hit in numbered], searcher)
    texts = _texts(found.values(), answer.highlight)
    return [
        _result(hit, found[number], answer.highlight, texts, position=place, day=searcher.day)
        for place, (number, hit) in enumerate(numbered, start=offset + 1)
        if number in found
    ]


def _texts(found: Iterable[Found], highlight: Highlight) -> dict[str, list[Page]]:
    """Read the pages of files; without words to mark the first page is enough."""
    media_types = {asset.blob_sha256: asset.media_type for asset in found if asset.blob_sha256}
    if not media_types:
        return {}
    most = MOST_PAGES if highlight.keys or highlight.prefixes else 1
    pages = db.session.execute(_PAGES, {"files": [*media_types], "most": most})
    texts: dict[str, list[Page]] = {}
    for sha256, number, text in pages:
        plain = without_marks(text) if media_types[sha256] == MARKDOWN else text
        words = with_named_fields(plain)
        texts.setdefault(sha256, []).append(Page(number, words))
    return texts


def _result(
    hit: Hit,
    asset: Found,
    highlight: Highlight,
    texts: dict[str, list[Page]],
    *,
    position: int,
    day: date,
) -> Result:
    pages = texts.get(asset.blob_sha256 or "", [])
    written = [Page(0, passage) for passage in passages(asset.body)]
    return Result(
        asset=asset,
        position=position,
        score=hit.score,
        title=mark(asset.title, highlight, asset.language),
        snippet=_snippet(asset, [*pages, *written], highlight),
        standing=asset.standing(day),
        answer=answer_for(asset.body, Channel.PLAIN).text
        if asset.kind == VersionKind.OBJECTION
        else "",
        pinned=hit.pinned,
    )


def _snippet(asset: Found, pages: Sequence[Page], highlight: Highlight) -> Snippet:
    """Choose what says most: the words asked for, in the text or the summary, else the summary."""
    summary = [Page(0, asset.summary)] if asset.summary else []
    snippet = best_snippet([*pages, *summary], highlight, asset.language)
    if "<mark>" in snippet.html or not summary:
        return snippet
    return best_snippet(summary, Highlight(), asset.language)

"""The parts a demo text is made of, whatever file it becomes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True)
class Run:
    """A stretch of words in one weight."""

    text: str
    bold: bool = False
    italic: bool = False


Text = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A title; level 1 begins a part or a slide."""

    level: int
    text: Text


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True)
class Bullets:
    """A list, numbered or not."""

    items: tuple[Text, ...]
    ordered: bool


@dataclass(frozen=True)
class Quote:
    """What somebody said; `by` may be empty."""

    text: Text
    by: str


@dataclass(frozen=True)
class Table:
    """Rows under a head."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True)
class Panel:
    """A fenced block: `kind` says how to draw the rows, cells were split at the bar."""

    kind: str
    title: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Break:
    """A new page begins here."""


Block = Heading | Paragraph | Bullets | Quote | Table | Panel | Break

PANELS = {"numbers", "bars", "line", "schedule", "notes", "box", "sheet", "steps"}


def plain(text: Text) -> str:
    """The words alone."""
    return "".join(run.text for run in text)


def read_blocks(markdown: str) -> list[Block]:
    """Read Markdown into blocks, in order."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return list(_blocks(tokens))


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    position = 0
    while position < len(tokens):
        span = _span(tokens, position)
        yield _block(span)
        position += len(span)


def _span(tokens: list[Token], start: int) -> list[Token]:
    """The tokens of one top-level block, opening and closing ones included."""
    depth = 0
    for position in count(start):
        depth += tokens[position].nesting
        if depth == 0:
            return list(islice(tokens, start, position + 1))
    raise AssertionError("markdown-it always closes what it opens")


def _block(span: list[Token]) -> Block:
    first = span[0]
    if first.type not in READERS:
        raise ValueError(f"no block is made of {first.type}, near line {first.map}")
    return READERS[first.type](span)


def _quote(texts: list[Text]) -> Quote:
    last = plain(texts[-1])
    if last.startswith("— "):
        return Quote(_joined(texts[:-1]), last[2:])
    return Quote(_joined(texts), "")


def _joined(texts: list[Text]) -> Text:
    return tuple(run for text in texts for run in text)


def _table(span: list[Token]) -> Table:
    rows: list[tuple[Text, ...]] = []
    cells: list[Text] = []
    for token in span:
        if token.type == "inline":
            cells.append(_runs(token))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
            cells = []
    return Table(rows[0], tuple(rows[1:]))


def _panel(token: Token) -> Panel:
    kind, _, title = token.info.strip().partition(" ")
    if kind not in PANELS:
        raise ValueError(f"unknown panel “{kind}”, near line {token.map}")
    lines = token.content.strip().splitlines()
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
    return Panel(kind, title.strip(), rows)


def _inline(span: list[Token]) -> list[Text]:
    return [_runs(token) for token in span if token.type == "inline"]


def _runs(token: Token) -> Text:
    runs: list[Run] = []
    bold = italic = 0
    for child in token.children or []:
        if child.type.startswith("strong"):
            bold += child.nesting
        elif child.type.startswith("em"):
            italic += child.nesting
        elif child.type == "softbreak":
            runs.append(Run(" ", bool(bold), bool(italic)))
        elif child.type in {"text", "code_inline"}:
            runs.append(Run(child.content, bool(bold), bool(italic)))
    return tuple(runs)


READERS: dict[str, Callable[[list[Token]], Block]] = {
    "heading_open": lambda span: Heading(int(span[0].tag[1:]), _inline(span)[0]),
    "paragraph_open": lambda span: Paragraph(_inline(span)[0]),
    "bullet_list_open": lambda span: Bullets(tuple(_inline(span)), ordered=False),
    "ordered_list_open": lambda span: Bullets(tuple(_inline(span)), ordered=True),
    "blockquote_open": lambda span: _quote(_inline(span)),
    "table_open": _table,
    "fence": lambda span: _panel(span[0]),
    "hr": lambda _span: Break(),
}

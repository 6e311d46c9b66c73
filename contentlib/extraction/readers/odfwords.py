"""The words of OpenDocument's XML, taken from a stream of tags instead of a tree."""

from collections import deque
from collections.abc import Iterator

from contentlib.extraction.document import MOST_CHARACTERS

_LINES = ("p", "h")
# What authors tell one another, what was deleted, and numbers that only count something.
_UNSEEN = ("annotation", "tracked-changes", "note-citation", "page-number", "page-count")
_GAPS = {"tab": "\t", "line-break": "\n", "note": "\n"}
_MOST_SPACES = 80
Attributes = dict[str, str]


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(attributes: Attributes, wanted: str) -> str:
    """Return an attribute by its name; none that matters here has a twin in another namespace."""
    return next((value for name, value in attributes.items() if _name(name) == wanted), "")


class Title:
    """What a document calls itself."""

    def __init__(self) -> None:
        self._inside = False
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """Return the title, empty where there is none."""
        return "".join(self._pieces).strip()

    def start(self, tag: str, _attributes: Attributes) -> None:
        """Begin an element."""
        self._inside = _name(tag) == "title"

    def end(self, _tag: str) -> None:
        """End an element."""
        self._inside = False

    def data(self, text: str) -> None:
        """Take text."""
        if self._inside:
            self._pieces.append(text)


class Words:
    """Text inside paragraphs, a line for each."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = self._lines = self._unseen = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element."""
        name = _name(tag)
        if self._unseen or name in _UNSEEN:
            self._unseen += 1
        elif name in _LINES:
            self._lines += 1
        elif name == "s" and self._lines:
            count = _attribute(attributes, "c")
            self.add(" " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1))
        elif self._lines:
            self.add(_GAPS.get(name, ""))

    def end(self, tag: str) -> None:
        """End an element."""
        if self._unseen:
            self._unseen -= 1
        elif _name(tag) in _LINES:
            self._lines -= 1
            self.add("\n")

    def data(self, text: str) -> None:
        """Take text, which says something inside paragraphs only."""
        if self._lines and not self._unseen:
            self.add(text)

    def add(self, text: str) -> None:
        """Keep some text."""
        self._pieces.append(text)
        self._length += len(text)

    def flush(self) -> str:
        """Return what was kept and begin anew."""
        lines = "".join(self._pieces).split("\n")
        self._pieces, self._length = [], 0
        return "\n".join(line.strip() for line in lines if line.strip())


class Margins(Words):
    """Headers and footers of every kind, each text once."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = False
        self._texts: dict[str, None] = {}

    @property
    def text(self) -> str:
        """Return them all."""
        return "\n".join(self._texts)

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element."""
        if _is_margin(tag):
            self.flush()
            self._inside = True
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """End an element."""
        super().end(tag)
        if _is_margin(tag):
            self._inside = False
            if text := self.flush():
                self._texts[text] = None

    def data(self, text: str) -> None:
        """Take text."""
        if self._inside:
            super().data(text)


def _is_margin(tag: str) -> bool:
    return _name(tag).startswith(("header", "footer")) and ":style:" in tag


class Body(Words):
    """The pages of a document, each ready as soon as it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[int] = []
        self._ready: deque[str] = deque()
        self._count = 0
        self._path: list[str] = []
        self._style = ""
        self._breaking: set[str] = set()
        self._hiding: set[str] = set()

    def take(self) -> Iterator[str]:
        """Give the pages that have ended since the last call."""
        while self._ready:
            yield self._ready.popleft()

    def start(self, tag: str, attributes: Attributes) -> None:
        """Begin an element."""
        name, parent = _name(tag), self._path[-1] if self._path else ""
        if name == "style":
            self._style = _attribute(attributes, "name")
        if parent == "style" or name == "style":
            self._learn_style(attributes)
        elif parent == "presentation" and name == "page":
            if _attribute(attributes, "style-name") in self._hiding:
                self.hidden.append(self._count + 1)
        elif parent == "spreadsheet" and name == "table":
            self.add(_attribute(attributes, "name") + "\n")
        elif self._breaks(name, attributes):
            self._end_page()
        self._path.append(name)
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """End an element, and with it perhaps a page."""
        super().end(tag)
        name = self._path.pop()
        if name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self.add("\n")
        elif self._path and (name, self._path[-1]) in _PAGES:
            self._end_page()
        elif self._length > MOST_CHARACTERS:
            self._compact()

    def _learn_style(self, attributes: Attributes) -> None:
        """Remember which styles begin a page and which hide a slide."""
        if _attribute(attributes, "visibility") == "hidden":
            self._hiding.add(self._style)
        if _attribute(attributes, "break-before") == "page" or _attribute(
            attributes, "master-page-name"
        ):
            self._breaking.add(self._style)

    def _breaks(self, name: str, attributes: Attributes) -> bool:
        """Tell whether a page of text that has words ends here."""
        breaks = name == "soft-page-break" or (
            name in _LINES and _attribute(attributes, "style-name") in self._breaking
        )
        return breaks and "text" in self._path and any(piece.strip() for piece in self._pieces)

    def _compact(self) -> None:
        """Keep what counts of a very long page; what is too long even so is all anyone reads."""
        text = self.flush()
        self.add(text + "\n")
        if len(text) > MOST_CHARACTERS:
            self._end_page()

    def _end_cell(self) -> None:
        """Put cells of a row beside one another, as tables are read."""
        if self._pieces and self._pieces[-1] == "\n":
            self._pieces.pop()
        self.add("\t")

    def _end_page(self) -> None:
        self._count += 1
        self._ready.append(self.flush())


_PAGES = {("page", "presentation"), ("table", "spreadsheet"), ("text", "body")}

"""HTML: the words a visitor would see; nothing in it is ever run or fetched."""

from html.parser import HTMLParser
from pathlib import Path

from contentlib.extraction.document import Document
from contentlib.extraction.readers.text import read_text

_HIDDEN = frozenset(("script", "style", "template", "noscript", "svg", "iframe", "object"))
_INLINE = frozenset(
    """
    a abbr b bdi bdo cite code em i kbd mark q s small span strong sub sup u
    """.split()  # noqa: SIM905 - twenty quoted words read worse
)


def read(path: Path) -> Document:
    """Read a web page."""
    words = _Words()
    words.feed(read_text(path))
    words.close()
    title = " ".join("".join(words.title).split())
    lines = (" ".join(line.split()) for line in "".join(words.text).split("\n"))
    text = "\n".join(line for line in lines if line)
    return Document(iter([text]), page_count=1, meta={"title": title} if title else {})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.title: list[str] = []
        self._hidden: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden.append(tag)
        self._in_title = tag == "title"
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        self._in_title = False
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.text.append(data.replace("\n", " "))
        if self._in_title:
            self.title.append(data)

    def _break(self, tag: str) -> None:
        self.text.append("" if tag in _INLINE else "\n")

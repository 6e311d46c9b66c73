"""Words out of Office XML: what PPTX and DOCX have in common."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from lxml import etree

MOST_NUMBERS = 40
Element = Any  # lxml brings no types, and those published apart fall behind it.


def local_name(element: Element) -> str:
    """Return a tag without its namespace; comments and instructions have none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def walk(element: Element) -> Iterator[Element]:
    """Walk in reading order, leaving out copies for older programs and what was moved away."""
    if local_name(element) in ("Fallback", "moveFrom"):
        return
    yield element
    for child in element:
        yield from walk(child)


def parse(content: bytes) -> Element:
    """Parse a part that no library parsed for us: no entities, no network, no huge trees."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)


def paragraphs(root: Element) -> str:
    """Return the text of DrawingML, a line for each paragraph."""
    lines = [""]
    for element in walk(root):
        name = local_name(element)
        if name == "p":
            lines.append("")
        elif name == "t":
            lines[-1] += element.text or ""
        elif name in ("br", "tab"):
            lines[-1] += " "
    return "\n".join(line.strip() for line in lines if line.strip())


def chart_words(chart: Element) -> str:
    """Return a chart's titles, then what its series and categories are called, each once."""
    names = (
        (value.text or "").strip()
        for cache in walk(chart)
        if local_name(cache) == "strCache"
        for value in walk(cache)
        if local_name(value) == "v"
    )
    return "\n".join(filter(None, dict.fromkeys([paragraphs(chart), *names])))


def numbers(found: Iterable[int]) -> str:
    """Put a few numbers of pages into words; of very many the first are enough."""
    return ", ".join(str(number) for number in islice(found, MOST_NUMBERS))

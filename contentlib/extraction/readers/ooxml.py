"""Words out of Office XML: what PPTX and DOCX have in common."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

Element = Any  # lxml brings no types, and those published apart fall behind it.


def local_name(element: Element) -> str:
    """Return a tag without its namespace; comments and instructions have none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def walk(element: Element) -> Iterator[Element]:
    """Walk in reading order, leaving out the copies kept for older programs."""
    if local_name(element) == "Fallback":
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

"""Markdown that somebody uploaded, as HTML that is safe to show."""

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# No HTML of the author's, no pictures from elsewhere.
_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_TAGS = """
p br hr strong em code pre blockquote ul ol li a h3 h4 h5 h6 table thead tbody tr th td
"""
_DEEPEST = 6
_MARKS = re.compile(
    r"^[ \t]*(?:#{1,6}|[-*+>])[ \t]+|\*\*|__|`+|!?\[([^\]\n]*)\]\([^)\s]*\)", re.MULTILINE
)


def render_markdown(text: str) -> Markup:
    """Return a text as HTML; its headings go below those of the page around it."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, _DEEPEST)}"
    html = _READER.renderer.render(tokens, _READER.options, {})
    clean = nh3.clean(
        html,
        tags=set(_TAGS.split()),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - cleaned above


def without_marks(text: str) -> str:
    """Return the words alone, for a passage; quick and rough, since lists show many."""
    return _MARKS.sub(r"\1", text)

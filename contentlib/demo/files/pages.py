"""Assets that are plain text, Markdown or a web page."""

from html import escape

from markdown_it import MarkdownIt

from contentlib.demo import brand
from contentlib.demo.sources import Source

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: {ink};
  font: 1.05rem/1.6 system-ui, sans-serif; }}
h1, h2 {{ color: {teal}; line-height: 1.25; }}
blockquote {{ margin: 1.5rem 0; padding-left: 1rem; border-left: 3px solid {green}; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ padding: .4rem .6rem; border-bottom: 1px solid {line}; text-align: left; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}</body>
</html>
"""


def html(source: Source) -> bytes:
    """A single page that needs nothing else."""
    return PAGE.format(
        language=source.language,
        title=escape(source.title),
        ink=brand.INK,
        teal=brand.TEAL,
        green=brand.GREEN,
        line=brand.LINE,
        body=MarkdownIt("commonmark").enable("table").render(source.body),
    ).encode()


def md(source: Source) -> bytes:
    """Markdown as it was written."""
    return f"# {source.title}\n\n{source.body}\n".encode()


def txt(source: Source) -> bytes:
    """The words under an underlined title."""
    return f"{source.title}\n{'=' * len(source.title)}\n\n{source.body}\n".encode()

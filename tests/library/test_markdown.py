"""Uploaded Markdown is shown as its author meant it, and nothing in it runs."""

import pytest

from contentlib.library.markdown import render_markdown, without_marks


def test_headings_go_below_those_of_the_page() -> None:
    assert "<h3>Preço</h3>" in render_markdown("# Preço")
    assert "<h6>" in render_markdown("###### fundo")


def test_lists_tables_and_links_are_drawn() -> None:
    html = render_markdown(
        "- um\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[caso](https://firm.example)"
    )
    assert "<li>um</li>" in html
    assert "<td>2</td>" in html
    assert 'href="https://firm.example"' in html
    assert "noopener" in html


def test_a_passage_has_the_words_without_the_marks() -> None:
    text = "# Nota\n- o **frete** de [volta](https://firm.example/a_b), `x`\n> 2 * 3 e C# bastam"
    assert without_marks(text) == "Nota\no frete de volta, x\n2 * 3 e C# bastam"


SIGNS = ("<script", "<img", 'href="javascript', 'href="data:', 'onmouseover="', "<a href='")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example/pixel.gif)",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://a.example/"onmouseover=alert(1))',
    ],
)
def test_nothing_in_it_runs_or_calls_home(hostile: str) -> None:
    html = render_markdown(hostile)
    for sign in (
        "<script",
        "<img",
        'href="javascript',
        'href="data:',
        'onmouseover="',
        "<a href='",
    ):
        assert sign not in html

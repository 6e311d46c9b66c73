"""A text is cut where the pages of its picture end, and no word is lost on the way."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.extraction.pagination import repaginate

TEXT = st.lists(st.text(alphabet="abc \n", max_size=40), max_size=8)


def words(*pages: str) -> list[str]:
    return re.findall(r"\w+", " ".join(pages))


def letter(paragraphs: int, seed: int) -> list[str]:
    """Paragraphs of words from a small store, so that many of them repeat."""
    chance = random.Random(seed)
    store = [f"palavra{number}" for number in range(400)]
    return [" ".join(chance.choices(store, k=chance.randint(3, 60))) for _ in range(paragraphs)]


def laid_out(paragraphs: list[str], lines: int, header: str = "") -> list[str]:
    """Lay a text out as another program would: a header, lines of seven words, a number."""
    rows = []
    for paragraph in paragraphs:
        row = paragraph.split()
        rows += [" ".join(row[at : at + 7]) for at in range(0, len(row), 7)]
    return [
        "\n".join([header, *rows[at : at + lines], str(1 + at // lines)])
        for at in range(0, len(rows), lines)
    ]


@given(TEXT, TEXT)
def test_no_word_is_added_lost_or_moved(pages: list[str], shown: list[str]) -> None:
    assert words(*repaginate(pages, shown)) == words(*pages)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lines", [8, 30, 45])
def test_pages_end_where_the_picture_shows_it(seed: int, lines: int) -> None:
    paragraphs = letter(120, seed)
    text, half = "\n".join(paragraphs), "\n".join(paragraphs[:60])
    shown = laid_out(paragraphs, lines, "Proposta confidencial da Acme")
    cut = repaginate([half, text[len(half) + 1 :]], shown)
    assert len(cut) == len(shown)
    for got, (_header, *lines_shown, _number) in zip(cut, map(str.splitlines, shown), strict=True):
        assert words(got) == words(*lines_shown)


def test_the_same_again_changes_nothing() -> None:
    paragraphs = letter(80, 7)
    shown = laid_out(paragraphs, 25)
    once = repaginate(["\n".join(paragraphs)], shown)
    assert repaginate(once, shown) == once


def test_a_page_of_pictures_stays_empty() -> None:
    paragraphs = letter(60, 3)
    shown = [*laid_out(paragraphs[:30], 500), "", *laid_out(paragraphs[30:], 500)]
    cut = repaginate(["\n".join(paragraphs)], shown)
    assert [words(page) for page in cut] == [
        words(*paragraphs[:30]),
        [],
        words(*paragraphs[30:]),
    ]


def test_another_text_leaves_the_pages_as_they_are() -> None:
    pages = ["Uma proposta de duas páginas", "com preço e prazo"]
    assert repaginate(pages, ["Lorem ipsum dolor sit", "amet consectetur"]) == pages
    assert repaginate(pages, []) == pages
    assert repaginate([], ["Lorem ipsum"]) == []


def test_accents_and_capitals_do_not_hide_that_it_is_the_same_text() -> None:
    pages = ["A NEGOCIAÇÃO começa pelo preço justo\ne termina no prazo combinado com todos"]
    shown = ["A negociacao comeca pelo preco justo", "e termina no prazo combinado com todos"]
    assert repaginate(pages, shown) == pages[0].split("\n")

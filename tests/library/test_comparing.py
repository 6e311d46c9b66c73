"""What changed between two texts: nothing is lost, nothing is made up, and no page takes long."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.library import versions
from contentlib.library.release.comparing import MOST_WORDS, Comparison, Kind, compare
from tests import factories
from tests.library.test_release import SignIn

WORDS = st.lists(st.sampled_from(["frete", "atraso", "custo", "a", "o", "\n"]), max_size=30)


def texts(comparison: Comparison, *kinds: Kind) -> str:
    parts = [part for page in comparison.pages for part in page.parts if part.kind in kinds]
    return " ".join("".join(part.text + " " for part in parts).split())


def test_a_changed_word_is_one_removed_and_one_added() -> None:
    found = compare([(1, "pagou em nove meses")], [(1, "pagou em sete meses")])
    kinds = [(part.kind, part.text.strip()) for part in found.pages[0].parts]
    assert kinds == [
        (Kind.KEPT, "pagou em"),
        (Kind.REMOVED, "nove"),
        (Kind.ADDED, "sete"),
        (Kind.KEPT, "meses"),
    ]
    assert (found.added, found.removed, found.same) == (1, 1, 0)


@given(old=WORDS, new=WORDS)
def test_both_texts_can_be_read_from_the_parts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    found = compare([(1, before)], [(1, after)])
    if before.split() == after.split():
        assert not found.pages
        return
    whole = [part for part in found.pages[0].parts if part.kind is Kind.LEFT_OUT] == []
    if whole:
        assert texts(found, Kind.KEPT, Kind.ADDED).split() == after.split()
        assert texts(found, Kind.KEPT, Kind.REMOVED).split() == before.split()


def test_one_more_page_at_the_beginning_makes_only_that_one_new() -> None:
    old = [(1, "Capa"), (2, "A conta do atraso"), (3, "Retorno")]
    new = [(1, "Aviso"), *((number + 1, text) for number, text in old)]
    found = compare(old, new)
    assert [(page.before, page.after) for page in found.pages] == [(None, 1)]
    assert found.same == 3


def test_what_is_far_from_a_change_is_only_counted() -> None:
    kept = " ".join(f"palavra{number}" for number in range(500))
    found = compare([(1, f"{kept} antes")], [(1, f"{kept} depois")])
    left_out = [part.words for part in found.pages[0].parts if part.kind is Kind.LEFT_OUT]
    assert left_out == [488]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 50_000, "b a " * 25_000),
        (
            " ".join(f"w{n % 97}" for n in range(50_000)),
            " ".join(f"w{n * 7 % 101}" for n in range(50_000)),
        ),
        (
            " ".join(f"w{n}" for n in range(3000)),
            " ".join(f"w{n}" for n in range(3000, 0, -1)),
        ),
    ],
)
def test_a_hostile_page_is_compared_in_its_first_words_only(old: str, new: str) -> None:
    found = compare([(1, old)], [(1, new)])
    compared = sum(part.words or len(part.text.split()) for part in found.pages[0].parts)
    assert MOST_WORDS <= compared <= 2 * MOST_WORDS
    assert found.is_cut == (len(old.split()) > MOST_WORDS)


def test_words_of_a_file_are_never_markup(marketer: User, sign_in: SignIn) -> None:
    asset = factories.asset(owner=marketer, type="script")
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(2)>"
    versions.add_script_version(asset, channel="email", text=hostile, by=marketer)
    db.session.commit()
    browser: FlaskClient = sign_in(marketer)
    page = browser.get(f"/assets/{asset.id}/versions/2").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<ins>" in page
    assert "<del>" in page

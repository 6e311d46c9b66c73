"""Every kind has words in both languages, and every package tells kinds that exist."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from contentlib.core.i18n import written_for
from contentlib.notifications.addresses import is_here
from contentlib.notifications.kinds import KINDS
from contentlib.notifications.models import Notification
from contentlib.notifications.words import plain_words_of, words_of
from tests.notifications.telling import FACTS

ROOT = Path(__file__).parents[2]


def told(kind: str, **facts: object) -> Notification:
    return Notification(id=1, kind=kind, facts=FACTS[kind] | facts, address="/", key="k")


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_says_its_facts_in_both_languages(app: Flask, kind: str) -> None:
    said = {}
    for language in ("pt", "en"):
        with written_for(language, "America/Sao_Paulo"):
            said[language] = plain_words_of(told(kind))
        assert "\n" not in said[language]
    assert said["pt"] != said["en"]
    first = next(str(fact) for fact in FACTS[kind].values() if isinstance(fact, str))
    assert first in said["pt"]
    assert first in said["en"]


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_others_are_words_and_no_markup(app: Flask, kind: str) -> None:
    hostile = {name: "<script>" for name, fact in FACTS[kind].items() if isinstance(fact, str)}
    assert "<script" not in words_of(told(kind, **hostile))
    assert "<script>" in plain_words_of(told(kind, **hostile)) or kind == "suggestion.decided"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"company": "", "visit": 1}, "Ana Souza leu “Caso Fintech”: 3 min 10 s, até a p. 7 de 9"),
        ({"reader": None, "pages": None, "visit": 3, "seconds": 45}, "Alguém (Acme) leu “Caso"),
        ({"seconds": 3725, "pages": 0, "furthest": 0, "visit": 1, "company": ""}, "1 h 2 min"),
    ],
)
def test_reading_is_told_with_what_is_known(
    app: Flask, facts: dict[str, object], words: str
) -> None:
    with written_for("pt", "America/Sao_Paulo"):
        assert words in plain_words_of(told("buyer.read", **facts)).replace("\xa0", " ")


def told_kinds() -> set[str]:
    """Return every kind that some package names where it tells something."""
    found = set()
    for path in (ROOT / "contentlib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and "tell" in (
                getattr(node.func, "attr", ""),
                getattr(node.func, "id", ""),
            ):
                found |= {kind.value for kind in node.args[1:2] if isinstance(kind, ast.Constant)}
    return {kind for kind in found if isinstance(kind, str)}


def test_every_kind_that_is_told_is_known_and_has_words() -> None:
    assert told_kinds() - KINDS.keys() == set()
    folder = ROOT / "templates" / "notifications"
    for kind in KINDS:
        assert (folder / f"{kind.replace('.', '_')}.html").is_file(), kind


def test_names_fit_their_columns() -> None:
    assert max(len(kind) for kind in KINDS) <= 40
    assert set(FACTS) == set(KINDS)


@pytest.mark.parametrize(
    "address", ["/", "/deals/1", "/deals/1#reading", "/requests?show=mine&q=a%20b#request-2"]
)
def test_a_path_of_this_site_is_here(address: str) -> None:
    assert is_here(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "deals/1",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a b",
        "/deals/1\r\nSet-Cookie: x",
        "/" + "x" * 300,
    ],
)
def test_everything_else_is_not(address: str) -> None:
    assert not is_here(address)

"""Whatever is asked for, by a page, a part of one or a suggestion, the answer is a clean one."""

import html
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.lines import one_line
from contentlib.finding.criteria import FACETS, LONGEST_QUERY
from contentlib.finding.models import SearchLog
from contentlib.search import Engine
from tests.finding.corpus import add_asset, index_everything
from tests.search.hostile import HOSTILE

SignIn = Callable[[User], FlaskClient]

MARKUP = [
    "<planted>preço</planted>",
    '"><planted>preço',
    "' planted='preço",
    '" planted="preço',
    "</title></script><planted>",
    "<!-- <planted>",
    "{{ 7 * 191 }} ${7 * 191}",
    "preço\r\nPlanted: yes",
]
QUESTIONS = [*HOSTILE, *MARKUP]


class Parts(HTMLParser):
    """Collects the names of elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(name for name, _ in attrs)}


@pytest.fixture
def browser(engine: Engine, sign_in: SignIn, seller: User, marketer: User) -> FlaskClient:
    """A seller's browser on a library whose texts are as bad as the questions."""
    for number, text in enumerate(MARKUP):
        add_asset(marketer, f"{number} {' '.join(text.split())}", ("capa", f"o preço {text} aqui"))
    index_everything(engine)
    return sign_in(seller)


def ask(browser: FlaskClient, path: str, text: str, **headers: str) -> TestResponse:
    # As bytes, since that is how a lone surrogate or half a letter would come.
    query = quote(text.encode("utf-8", "surrogatepass"))
    return browser.get(f"{path}?q={query}", headers=headers)


def assert_clean(answer: TestResponse, asked: str) -> None:
    parts = Parts()
    parts.feed(answer.text)
    assert answer.status_code == 200, ascii(asked)
    assert "planted" not in parts.names, asked
    assert "Planted" not in answer.headers, asked
    assert "1337" not in answer.text, asked
    assert "Traceback" not in answer.text, asked


def test_the_page_of_any_question_is_whole_and_clean(browser: FlaskClient) -> None:
    for text in QUESTIONS:
        answer = ask(browser, "/search", text)
        assert_clean(answer, text)
        assert answer.text.rstrip().endswith("</html>"), text
        assert "Busca simplificada" not in answer.text, text


def test_results_that_are_swapped_in_are_clean_and_lead_to_an_address(browser: FlaskClient) -> None:
    for text in QUESTIONS:
        answer = ask(browser, "/search", text, HX_Request="true")
        assert_clean(answer, text)
        assert answer.headers["HX-Push-Url"].isascii(), text


def test_suggestions_for_any_question_are_clean(browser: FlaskClient) -> None:
    for text in QUESTIONS:
        assert_clean(ask(browser, "/search/suggest", text), text)


def test_bad_texts_are_found_by_their_words_and_shown_as_what_they_are(
    browser: FlaskClient,
) -> None:
    answer = ask(browser, "/search", "planted preço")
    assert "&lt;<mark>planted</mark>&gt;" in answer.text
    assert_clean(answer, "a word of theirs")


def test_any_question_can_be_noted_and_is_proposed_as_a_clean_text(browser: FlaskClient) -> None:
    for text in QUESTIONS:
        values = re.search(r'hx-vals="([^"]+)"', ask(browser, "/search", text).text)
        # What is made of hidden characters alone asks for nothing, and leaves nothing to note.
        arrived = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert bool(values) == bool(one_line(arrived)), ascii(text)
        if values is None:
            continue
        receipt = json.loads(html.unescape(values[1]))["receipt"]
        noted = browser.post("/search/log", data={"receipt": receipt})
        assert noted.status_code == 204, text
        assert_clean(browser.get("/search/suggest"), text)
    assert max(map(len, db.session.scalars(select(SearchLog.query)))) <= LONGEST_QUERY


@pytest.mark.usefixtures("engine")
def test_without_an_index_any_question_is_answered_as_well(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    add_asset(marketer, "Preço", ("capa",))
    browser = sign_in(seller)
    for text in QUESTIONS:
        assert_clean(ask(browser, "/search", text), text)
        assert_clean(ask(browser, "/search/suggest", text), text)


@pytest.mark.parametrize("words", ["", "preço"])
def test_any_filter_order_and_page_is_answered(browser: FlaskClient, words: str) -> None:
    for name in (*FACETS, "sort", "page", "exact", "deal"):
        for value in ("%00", "%ED%A0%80", "9" * 50, "%22%3E%3Cplanted%3E", "'+OR+1=1+--"):
            answer = browser.get(f"/search?q={words}&{name}={value}")
            assert_clean(answer, f"{name}={value}")

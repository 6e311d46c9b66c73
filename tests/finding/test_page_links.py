"""A result leads to the page where the words stand."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.search import Engine
from tests.finding.corpus import add_asset, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def library(engine: Engine, marketer: User) -> None:
    add_asset(marketer, "Vértice Logística", ("Capa do caso", "O preço por entrega caiu."))
    add_asset(marketer, "Aviso", ("Um zarcão só",))
    index_everything(engine)


def links(browser: FlaskClient, words: str, mark: str) -> list[str]:
    """Return where the links with a mark on a page of results lead to."""
    text = browser.get("/search", query_string={"q": words}).text
    return [html.unescape(href) for href in re.findall(rf'<a[^>]*href="([^"]*)"[^>]*{mark}', text)]


@pytest.mark.usefixtures("library")
def test_a_result_leads_to_the_page_of_its_passage_and_so_does_the_number(
    sign_in: SignIn, seller: User
) -> None:
    title, number = (
        links(sign_in(seller), "preco entrega", mark)
        for mark in (r"data-result>", r"data-result-beacon>\(p\. 2\)")
    )
    assert len(title) == len(number) == 1
    # The viewer marks the words as they are written there; the page passes them on to it.
    words = r"find=pre%C3%A7o\+entrega"
    assert re.fullmatch(rf"/assets/\d+\?{words}&search=[\w-]+&pos=1#p2", title[0])
    assert re.fullmatch(rf"/assets/\d+/read\?page=2&{words}&search=[\w-]+&pos=1", number[0])


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("words", ["capa caso", "vertice", "zarcao", ""])
def test_words_on_the_first_page_in_the_title_or_none_lead_to_the_top(
    sign_in: SignIn, seller: User, words: str
) -> None:
    titles = links(sign_in(seller), words, "data-result>")
    assert titles
    assert [href for href in titles if "#" in href] == []

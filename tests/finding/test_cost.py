"""What an answer asks of the database is bounded, however much was found and is still to index."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.finding import pins
from contentlib.finding.page import PAGE_SIZE
from contentlib.finding.searcher import Searcher
from contentlib.finding.withheld import withheld_from
from contentlib.library.firm_day import firm_today
from contentlib.library.indexing import document_id
from contentlib.library.models import Asset, Status
from contentlib.search import Engine
from contentlib.search.jobs import reindex
from tests.finding.corpus import add_asset, index_everything, won
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]
TYPING = {"HX-Request": "true"}
KINDS = (
    ("case_study", {}),
    ("script", {"script": "O preço, {{contato.nome}}"}),
    ("objection", {"answer": "O preço"}),
)

# Who asks, what words mean, who may see what, what people warn of, the results with their labels,
# texts, names, record and flags, and what the person keeps; on a whole page also whether it is one
# come back to, and how much news the person has.
MOST = 16


def add_results(owner: User, seller: User, count: int) -> list[Asset]:
    """Add materials of every kind, all used on a deal that was won."""
    stages = ("discovery", "proposal", "negotiation")
    added = []
    for number in range(count):
        kind, facts = KINDS[number % len(KINDS)]
        pages = () if facts else ("Capa", f"O preço do caso {number}")
        labels = {"type": kind, "stages": stages[: number % 4]}
        added.append(add_asset(owner, f"Preço {number}", pages, **labels, **facts))
    won(seller, *added)
    return added


@pytest.mark.parametrize("headers", [{}, TYPING], ids=["page", "typing"])
@pytest.mark.parametrize("who", ["seller", "admin"])
def test_a_full_page_of_results_costs_no_more_statements_than_one_result(
    sign_in: SignIn,
    engine: Engine,
    marketer: User,
    request: pytest.FixtureRequest,
    headers: dict[str, str],
    who: str,
) -> None:
    seller, person = request.getfixturevalue("seller"), request.getfixturevalue(who)
    asked: list[list[str]] = []
    for count, shown in ((1, 1), (PAGE_SIZE + 5, PAGE_SIZE)):
        pins.add_pin("preço", add_results(marketer, seller, count)[0], by=marketer)
        index_everything(engine)
        browser = sign_in(person)
        browser.get("/search?q=preço")
        with statements() as meanwhile:
            text = browser.get("/search?q=preço", headers=headers).text
        assert text.count("data-result>") == shown
        asked.append(meanwhile)
    assert [len(one) for one in asked] == [len(asked[0])] * 2
    assert len(asked[1]) <= MOST


def test_of_all_that_waits_for_the_index_only_what_is_hidden_is_fetched(
    seller: User, marketer: User
) -> None:
    hidden = add_asset(marketer, "Segredo", status=Status.DRAFT)
    for asset in (hidden, *(add_asset(marketer, f"Preço {number}") for number in range(5))):
        reindex(document_id(asset.id))
    reindex("asset:999999")
    db.session.commit()
    as_seller, as_marketer = (Searcher(one.role, firm_today()) for one in (seller, marketer))
    name = document_id(hidden.id)
    with statements() as asked:
        assert withheld_from(as_seller) == {name, "asset:999999"}
    assert len(asked) == 1
    assert withheld_from(as_marketer) == {"asset:999999"}

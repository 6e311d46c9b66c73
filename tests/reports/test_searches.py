"""Search terms: what is missing and what is not opened, told without pointing at anybody."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding.criteria import Criteria
from contentlib.finding.models import SearchClick, SearchLog
from contentlib.library.models import Asset
from contentlib.reports.periods import Period, read_period
from contentlib.reports.search_counts import SearchScope, board, enough_people
from contentlib.reports.search_lines import lines
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from tests import factories

SignIn = Callable[[User], FlaskClient]
ZONE = "America/Sao_Paulo"
_number = count()


@pytest.fixture
def sellers(app: Flask) -> list[User]:
    return [factories.user("seller", team="North") for _ in range(5)]


def last90() -> Period:
    return read_period("last90", "", "", today=factories.firm_today(), zone=ZONE)


def ask(
    person: User,
    words: str,
    *,
    results: int = 3,
    days: float = 5,
    filters: dict[str, list[str]] | None = None,
    surface: str = "web",
) -> SearchLog:
    row = SearchLog(
        id=f"search-{next(_number)}",
        user_id=person.id,
        query=words,
        normalised=Criteria(words=words).normalised(),
        filters=filters or {},
        results=results,
        milliseconds=4,
        surface=surface,
        searched_at=now() - timedelta(days=days),
    )
    db.session.add(row)
    db.session.flush()
    return row


def open_result(search: SearchLog, asset: Asset, position: int = 1) -> None:
    db.session.add(SearchClick(search_id=search.id, asset_id=asset.id, position=position))
    db.session.flush()


def use(search: SearchLog, asset: Asset, action: Action = Action.COPIED) -> int:
    event = usage.record(
        action,
        asset_id=asset.id,
        version_id=asset.published_version_id,
        actor_id=search.user_id,
        idempotency_key=f"{action}-{search.id}",
        search_id=search.id,
    )
    return event.id


def ask_all(people: Sequence[User], words: str, **facts: object) -> None:
    for person in people:
        ask(person, words, **facts)


def page(browser: FlaskClient, tail: str = "") -> str:
    answer = browser.get(f"/reports/searches{tail}")
    assert answer.status_code == 200, tail
    return answer.text


def test_terms_without_results_and_without_a_click_are_told_apart(
    sellers: list[User], marketer: User
) -> None:
    asset = factories.asset(owner=marketer)
    ask_all(sellers, "Drone", results=0)
    ask(sellers[0], "drone", results=2)
    opened, copied, left = (ask(sellers[1], "preço") for _ in range(3))
    open_result(opened, asset, 7)
    use(copied, asset)
    found = board(SearchScope(last90()))
    assert found is not None
    by_key = {term.key: term for term in found.terms}
    drone, price = by_key["drone"], by_key["preco"]
    assert (drone.searches, drone.empty, drone.unopened) == (6, 5, 1)
    assert (price.searches, price.empty, price.unopened, price.top) == (3, 0, 1, 0)
    assert [term.key for term in found.on("empty")] == ["drone"]
    assert {term.key for term in found.on("unopened")} == {"drone", "preco"}
    assert dict(found.totals) == {"searches": 9, "empty": 5, "unopened": 2, "top": 0}
    assert left.results == 3


def test_a_line_tells_people_only_from_five_on_with_use_filters_and_trend(
    sellers: list[User], marketer: User
) -> None:
    asset, scope = factories.asset(owner=marketer), SearchScope(last90())
    ask_all(sellers, "preço", filters={"type": ["case_study"], "language": ["pt"]})
    ask(sellers[0], "Preco", filters={"type": ["case_study"]})
    ask_all(sellers, "preço", days=100)
    ask(sellers[0], "frete")
    first = ask(sellers[1], "frete")
    open_result(first, asset)
    use(first, asset, Action.OPENED)
    taken_back = use(first, asset)
    usage.retract(taken_back, by_id=sellers[1].id)
    found = board(scope)
    assert found is not None
    price, freight = lines(scope, found.ordered("all", "words", descending=True), None)
    assert (price.words, price.people, price.term.searches, price.before) == ("preço", 5, 6, 5)
    assert price.filters == [("type", "case_study"), ("language", "pt")]
    assert (freight.people, freight.before, freight.opened, freight.used) == (None, 0, 1, 0)
    use(first, asset, Action.SHOWN)
    assert lines(scope, [freight.term], None)[0].used == 1


def test_a_term_says_how_often_it_was_asked_in_the_dialog(
    sellers: list[User], sign_in: SignIn, marketer: User
) -> None:
    ask_all(sellers, "está caro", results=0, surface="palette")
    ask(sellers[0], "está caro")
    browser = sign_in(marketer)
    assert "com Ctrl+K: 5" in page(browser)
    (row,) = csv.DictReader(io.StringIO(page(browser, ".csv")))
    assert (row["searches"], row["in_palette"], row["without_results"]) == ("6", "5", "5")


def test_nothing_is_told_while_fewer_than_five_people_searched(
    sellers: list[User], sign_in: SignIn, marketer: User
) -> None:
    ask_all(sellers[:4] * 3, "drone", results=0)
    browser = sign_in(marketer)
    for tail in ("", "?list=all", "?list=unopened"):
        assert "drone" not in page(browser, tail)
        assert "kpi-value" not in page(browser, tail)
    assert page(browser, ".csv").count("\n") == 1
    ask(sellers[4], "preço")
    assert "drone" in page(browser)


def test_a_team_is_told_of_only_if_the_others_are_enough_as_well(
    sellers: list[User], marketer: User
) -> None:
    ask_all(sellers, "drone")
    scope = SearchScope(last90(), team=sellers[0].team_id or 0)
    assert enough_people(scope)
    others = [factories.user("seller", team="South") for _ in range(5)]
    ask_all(others[:4], "frete")
    assert not enough_people(scope)
    assert enough_people(SearchScope(last90()))
    ask(others[4], "frete")
    found = board(scope)
    assert found is not None
    assert [term.key for term in found.terms] == ["drone"]


def test_a_small_team_is_refused(sellers: list[User], sign_in: SignIn, marketer: User) -> None:
    small = factories.user("seller", team="Small")
    answer = sign_in(marketer).get(f"/reports/searches?team={small.team_id}")
    assert answer.status_code == 422


def test_the_trend_needs_five_people_as_well(sellers: list[User]) -> None:
    scope = SearchScope(last90())
    ask_all(sellers, "drone")
    ask(sellers[0], "drone", days=100)
    found = board(scope)
    assert found is not None
    assert lines(scope, found.terms, None)[0].before is None


def test_searches_of_nothing_but_signs_are_no_term(sellers: list[User]) -> None:
    ask_all(sellers, "...", results=0)
    assert board(SearchScope(last90())) is None


def test_sellers_find_no_report_and_managers_no_actions(
    sellers: list[User], sign_in: SignIn, marketer: User, manager: User
) -> None:
    ask_all(sellers, "drone", results=0)
    for tail in ("", ".csv"):
        assert sign_in(sellers[0]).get(f"/reports/searches{tail}").status_code == 404
    assert "/search/terms" in page(sign_in(marketer))
    assert "/search/terms" not in page(sign_in(manager))


def test_every_list_is_read_in_every_order(
    sellers: list[User], sign_in: SignIn, marketer: User
) -> None:
    ask_all(sellers, "drone", results=0, filters={"owner": ["1"], "odd": ["x"]})
    browser = sign_in(marketer)
    for name in ("empty", "unopened", "all", "nonsense"):
        for order in ("words", "searches", "empty", "unopened", "last", "nonsense"):
            page(browser, f"?list={name}&order={order}&up=1&page=7&period=last365")


def test_the_table_holds_the_same_figures_and_runs_nothing(
    sellers: list[User], sign_in: SignIn, marketer: User
) -> None:
    ask_all(sellers, '=HYPERLINK("x")<script>alert(1)</script>', results=0)
    browser = sign_in(marketer)
    assert "<script>alert" not in page(browser)
    (row,) = csv.DictReader(io.StringIO(page(browser, ".csv")))
    assert row["words"].startswith("'=HYPERLINK")
    assert (row["searches"], row["people"], row["without_results"]) == ("5", "5", "5")


def test_a_term_says_what_sellers_would_find_now(
    sellers: list[User], sign_in: SignIn, marketer: User
) -> None:
    ask_all(sellers, "drone", results=0)
    # Without an index nothing is said of it.
    assert "—" in page(sign_in(marketer))

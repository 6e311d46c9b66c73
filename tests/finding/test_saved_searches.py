from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.finding import alerts, saving
from contentlib.finding.criteria import read_criteria
from contentlib.finding.models import SavedSearch
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Status
from contentlib.search import Engine
from tests.finding.corpus import add_asset, days_from_now, index_everything
from tests.statements import statements

SignIn = Callable[[User], FlaskClient]
FAST = {"HX-Request": "true"}


def keep(user: User, name: str, days_ago: float = 1, *, alert: bool = True, **asked: str) -> int:
    """Save a search that was looked at some days ago."""
    criteria = read_criteria({key: value.split() for key, value in asked.items() if key != "q"})
    if "q" in asked:
        criteria = read_criteria({"q": [asked["q"]], **criteria.parameters()})
    row = saving.save(user, criteria, name=name, alert=alert)
    row.seen_at = now() - timedelta(days=days_ago)
    db.session.commit()
    return row.id


def news(user: User, engine: Engine) -> dict[str, tuple[str, ...]]:
    found = alerts.news_of(user, saving.saved_by(user), engine, firm_today(), most=30)
    return {item.saved.name: item.titles for item in found.values()}


def test_a_search_is_saved_from_its_page_and_then_says_so(
    sign_in: SignIn, seller: User, engine: Engine, marketer: User
) -> None:
    add_asset(marketer, "O preço por entrega")
    index_everything(engine)
    browser = sign_in(seller)
    assert "Salvar busca" not in browser.get("/search").text
    assert "Salvar busca" in browser.get("/search?q=preço&stage=proposal").text
    dialog = browser.get("/search/saved/new?q=preço&stage=proposal&page=3").text
    assert 'name="stage" value="proposal"' in dialog
    assert 'name="page"' not in dialog
    form = {"q": "preço", "stage": "proposal", "name": " Preço  para o CFO ", "alert": "1"}
    answer = browser.post("/search/saved", data=form, headers=FAST)
    assert "Salva como “Preço para o CFO”" in answer.text
    for address in ("/search?q=Preço&stage=proposal", "/search?stage=proposal&q=preço&sort=newest"):
        page = browser.get(address).text
        assert "Salva como “Preço para o CFO”" in page
        assert "Salvar busca" not in page
    assert "Salvar busca" in browser.get("/search?q=preço").text
    assert "Preço para o CFO" in browser.get("/search/saved").text


def test_without_scripts_saving_leads_back_to_the_search(sign_in: SignIn, seller: User) -> None:
    answer = sign_in(seller).post("/search/saved", data={"q": "frete", "name": "Frete"})
    assert answer.status_code == 303
    assert answer.location == "/search?q=frete"
    row = db.session.query(SavedSearch).one()
    assert (row.name, row.alert, row.parameters) == ("Frete", False, {"q": "frete"})


def test_saving_the_same_search_again_gives_it_the_new_name(seller: User) -> None:
    keep(seller, "Um", q="frete")
    keep(seller, "Outro", q="Frete", sort="newest")
    assert [row.name for row in saving.saved_by(seller)] == ["Outro"]


@pytest.mark.parametrize(
    "form", [{"name": "Tudo"}, {"q": "frete", "name": " \u200b "}, {"q": "frete"}, {}]
)
def test_what_cannot_be_saved_is_refused(sign_in: SignIn, seller: User, form: dict) -> None:
    assert sign_in(seller).post("/search/saved", data=form).status_code == 422


def test_there_are_at_most_thirty_and_an_undo_counts_as_well(sign_in: SignIn, seller: User) -> None:
    first = keep(seller, "Primeira", q="frete 0")
    for number in range(1, saving.MOST):
        keep(seller, f"Busca {number}", q=f"frete {number}")
    browser = sign_in(seller)
    more = {"q": "mais uma", "name": "Mais uma"}
    assert browser.post("/search/saved", data=more).status_code == 409
    browser.post(f"/search/saved/{first}/remove")
    assert browser.post("/search/saved", data=more).status_code == 303
    assert browser.post(f"/search/saved/{first}/restore").status_code == 409


def test_one_is_renamed_removed_and_brought_back(sign_in: SignIn, seller: User) -> None:
    number, browser = keep(seller, "Frete", q="frete"), sign_in(seller)
    assert "Frete" in browser.get(f"/search/saved/{number}/name").text
    browser.post(f"/search/saved/{number}/name", data={"name": "Entrega"})
    assert browser.post(f"/search/saved/{number}/name", data={"name": " "}).status_code == 422
    assert "Entrega" in browser.get("/search/saved").text
    removed = browser.post(f"/search/saved/{number}/remove", headers=FAST).text
    assert f"/search/saved/{number}/restore" in removed
    assert "Nenhuma busca salva ainda" in browser.get("/search/saved").text
    assert browser.post(f"/search/saved/{number}/remove").status_code == 404
    assert "Entrega" in browser.post(f"/search/saved/{number}/restore", headers=FAST).text
    assert browser.post(f"/search/saved/{number}/restore").status_code == 404


def test_what_was_removed_long_ago_is_gone_for_good(seller: User) -> None:
    old = saving.get_saved(seller, keep(seller, "Velha", q="velha"))
    saving.remove(old)
    old.removed_at = now() - timedelta(days=2)
    db.session.commit()
    saving.remove(saving.get_saved(seller, keep(seller, "Nova", q="nova")))
    assert [row.name for row in db.session.query(SavedSearch)] == ["Nova"]


def test_nobody_touches_the_saved_searches_of_others(
    sign_in: SignIn, seller: User, admin: User
) -> None:
    number = keep(seller, "Só minha busca", q="frete")
    browser = sign_in(admin)
    assert "Só minha busca" not in browser.get("/search/saved").text
    assert "Só minha busca" not in browser.get("/search?q=frete").text
    assert browser.get(f"/search/saved/{number}/name").status_code == 404
    for verb in ("name", "alert", "seen", "remove", "restore"):
        answer = browser.post(f"/search/saved/{number}/{verb}", data={"name": "Sua"})
        assert answer.status_code == 404, verb


def test_new_materials_that_answer_are_told_until_one_looks(
    sign_in: SignIn, seller: User, marketer: User, engine: Engine
) -> None:
    number = keep(seller, "preço cfo", q="preço cfo")
    add_asset(marketer, "Preço para o CFO, de ontem", published_at=now() - timedelta(days=3))
    add_asset(marketer, "Preço que o CFO aprova")
    add_asset(marketer, "Sobre o frete")
    index_everything(engine)
    assert news(seller, engine) == {"preço cfo": ("Preço que o CFO aprova",)}
    browser = sign_in(seller)
    for address in ("/", "/search/saved"):
        assert "1 novo" in browser.get(address).text
    assert "1 novo em “preço cfo”" in browser.get("/").text
    page = browser.get("/search?q=preço+cfo&sort=newest").text
    assert f"/search/saved/{number}/seen" in page
    assert news(seller, engine) != {}, "reading a page writes nothing"
    assert browser.post(f"/search/saved/{number}/seen").status_code == 204
    assert news(seller, engine) == {}
    assert "preço cfo" not in browser.get("/").text


def test_materials_with_only_some_of_the_words_are_no_news(
    seller: User, marketer: User, engine: Engine
) -> None:
    for words in (
        "preço cfo",
        "-frete preço cfo",
        '"o cfo" preço',
        "preço",
        "para preço",
        "cfo*",
        "pre*",
    ):
        keep(seller, words, q=words)
    add_asset(marketer, "Tabela de preço", personas=("user",))
    add_asset(marketer, "Preço do frete para o CFO")
    index_everything(engine)
    both = ("Preço do frete para o CFO", "Tabela de preço")
    assert news(seller, engine) == {
        "preço cfo": both[:1],
        '"o cfo" preço': both[:1],
        "preço": both,
        "para preço": both,
        "cfo*": both[:1],
        "pre*": both,
    }


def test_filters_alone_can_be_watched_and_need_no_index(seller: User, marketer: User) -> None:
    keep(seller, "Vídeos", type="video")
    keep(seller, "Propostas", stage="proposal", language="pt")
    add_asset(marketer, "Caso")
    add_asset(marketer, "Filme", type="video", stages=("discovery",))
    unbuilt = seller_engine()
    assert news(seller, unbuilt) == {"Vídeos": ("Filme",), "Propostas": ("Caso",)}


def seller_engine() -> Engine:
    """Give an engine that must not be asked."""
    return object()  # type: ignore[return-value]


def test_an_alert_tells_only_what_sellers_see(seller: User, marketer: User, engine: Engine) -> None:
    for person in (seller, marketer):
        keep(person, "preço", q="preço")
        keep(person, "casos", type="case_study")
    add_asset(marketer, "Preço em rascunho", status=Status.DRAFT)
    add_asset(marketer, "Preço vencido", valid_until=days_from_now(-1))
    index_everything(engine)
    assert news(seller, engine) == news(marketer, engine) == {}
    gone = add_asset(marketer, "Preço retirado")
    index_everything(engine)
    gone.status = Status.ARCHIVED
    db.session.commit()
    assert news(seller, engine) == {}, "the index does not know yet, the database does"


def test_a_search_without_alert_tells_nothing_and_begins_anew_when_switched_on(
    sign_in: SignIn, seller: User, marketer: User, engine: Engine
) -> None:
    number = keep(seller, "casos", alert=False, type="case_study")
    add_asset(marketer, "Antes")
    assert news(seller, engine) == {}
    browser = sign_in(seller)
    browser.post(f"/search/saved/{number}/alert", data={"on": "1"})
    assert news(seller, engine) == {}
    add_asset(marketer, "Depois")
    assert news(seller, engine) == {"casos": ("Depois",)}
    browser.post(f"/search/saved/{number}/alert")
    assert news(seller, engine) == {}


def test_without_an_index_the_start_page_stays_quick_and_silent(
    sign_in: SignIn, seller: User, marketer: User, engine: Engine
) -> None:
    keep(seller, "preço", q="preço")
    add_asset(marketer, "Preço")
    answer = sign_in(seller).get("/")
    assert answer.status_code == 200
    assert "preço" not in answer.text


def test_asking_costs_little_where_nothing_new_came(
    seller: User, marketer: User, engine: Engine
) -> None:
    add_asset(marketer, "Preço", published_at=now() - timedelta(days=9))
    for number in range(20):
        keep(seller, f"Busca {number}", q=f"preço {number}")
    rows = saving.saved_by(seller)
    with statements() as asked:
        assert alerts.news_of(seller, rows, engine, firm_today(), most=10) == {}
    assert len(asked) == 1

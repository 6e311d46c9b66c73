import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.finding.page import PAGE_SIZE
from contentlib.library.models import Status
from contentlib.search import Engine
from tests import factories
from tests.finding.corpus import add_asset, days_from_now, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def library(engine: Engine, marketer: User) -> None:
    """Five materials, three of which a seller may find."""
    add_asset(
        marketer,
        "Vértice Logística: retorno em 7 meses",
        ("Capa", "A diretora aprovou depois de ver o preço por entrega cair 18 % nas objeções."),
        stages=("proposal", "negotiation"),
    )
    add_asset(
        marketer,
        "“Está caro”",
        type="objection",
        answer="Quanto custa hoje cada entrega atrasada? O preço se paga.",
        stages=("negotiation",),
        review_due=days_from_now(-6),
    )
    add_asset(marketer, "Pricing studies", ("Prices and companies",), language="en")
    add_asset(marketer, "Segredo de preço", ("preço futuro",), status=Status.DRAFT)
    add_asset(marketer, "Tabela velha de preço", ("preço",), valid_until=days_from_now(-2))
    index_everything(engine)


def found(browser: FlaskClient, address: str) -> tuple[int, list[str]]:
    """Return the count a page states and the titles it lists."""
    text = browser.get(address).get_data(as_text=True)
    count = re.search(r"<h1[^>]*>\s*([\d.,]+)", text)
    titles = re.findall(r"data-result>(.*?)</a>", text)
    plain = [re.sub("<[^>]+>", "", title) for title in titles]
    return int(count[1]) if count else 0, plain


@pytest.mark.usefixtures("library")
def test_without_words_it_is_the_whole_library(sign_in: SignIn, seller: User) -> None:
    count, titles = found(sign_in(seller), "/search")
    assert count == len(titles) == 3


def test_what_is_not_published_takes_no_place_in_the_library_and_is_not_counted(
    sign_in: SignIn, seller: User, marketer: User
) -> None:
    add_asset(marketer, "Preço")
    for number in range(PAGE_SIZE):
        add_asset(marketer, f"Rascunho {number}", status=Status.DRAFT)
    for address in ("/search", "/search?stage=proposal", "/search?sort=title"):
        assert found(sign_in(seller), address) == (1, ["Preço"])
    assert found(sign_in(marketer), "/search")[0] == PAGE_SIZE + 1


@pytest.mark.usefixtures("library")
def test_the_deal_in_hand_goes_along_to_every_result_and_a_hidden_one_does_not(
    sign_in: SignIn, seller: User
) -> None:
    deal = factories.deal(seller, title="Piloto no Tucano")
    text = sign_in(seller).get(f"/search?q=preco&deal={deal.id}").text
    assert "Para o negócio Piloto no Tucano" in text
    pages = re.findall(r'href="(/assets/\d+\?[^"]*)"', text)
    assert pages
    assert all(f"deal={deal.id}" in page for page in pages)
    stranger = factories.user("seller", name="Outra Equipe")
    hidden = sign_in(stranger).get(f"/search?q=preco&deal={deal.id}").text
    assert "Tucano" not in hidden
    assert "deal=" not in hidden


@pytest.mark.usefixtures("library")
def test_words_inside_a_page_find_it_marked_and_with_its_number(
    sign_in: SignIn, seller: User
) -> None:
    text = sign_in(seller).get("/search?q=preco+entrega").get_data(as_text=True)
    assert "<mark>preço</mark>" in text
    assert "(p. 2)" in text


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("objecao", "Vértice Logística: retorno em 7 meses"),
        ("entregas atrasadas", "“Está caro”"),
        ("company price", "Pricing studies"),
        ("logist", "Vértice Logística: retorno em 7 meses"),
    ],
)
def test_accents_plurals_and_beginnings_make_no_difference(
    sign_in: SignIn, seller: User, words: str, title: str
) -> None:
    _, titles = found(sign_in(seller), f"/search?q={words}")
    assert title in titles


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("address", ["/search?q=preço", "/search", "/search?q=tabela+velha"])
def test_drafts_and_expired_leak_through_no_list_no_count_no_facet(
    sign_in: SignIn, seller: User, marketer: User, address: str
) -> None:
    text = sign_in(seller).get(address).get_data(as_text=True)
    assert "Segredo" not in text
    # Their own words stand in the box, in the title and in what they may ask marketing.
    own = r"<input[^>]*>|<title>.*?</title>|/requests/new\?[^\"]*"
    assert "velha" not in re.sub(own, "", text)
    assert "Rascunho" not in text
    everything, _ = found(sign_in(marketer), address)
    allowed, titles = found(sign_in(seller), address)
    assert allowed == len(titles) < everything
    facet = re.findall(r'name="type" value.*?facet-count">(\d+)', text, re.DOTALL)
    assert sum(map(int, facet)) == allowed


@pytest.mark.usefixtures("library")
def test_values_of_a_facet_are_alternatives_and_facets_are_conditions(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    assert found(browser, "/search?stage=proposal&stage=negotiation")[0] == 3
    assert found(browser, "/search?stage=negotiation&type=objection")[0] == 1
    assert found(browser, "/search?q=preço&stage=negotiation&state=overdue")[1] == ["“Está caro”"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("words", ["", "preço"])
def test_a_facet_counts_what_choosing_it_would_leave(
    sign_in: SignIn, seller: User, words: str
) -> None:
    browser = sign_in(seller)
    text = browser.get(f"/search?q={words}").get_data(as_text=True)
    options = re.findall(
        r'type="checkbox".*? name="(\w+)" value="([^"]+)".*?count">(\d+)', text, re.DOTALL
    )
    assert len(options) >= 8
    for facet, value, count in options:
        assert found(browser, f"/search?q={words}&{facet}={value}")[0] == int(count), (facet, value)


@pytest.mark.usefixtures("library")
def test_typing_swaps_results_only_and_keeps_the_address(sign_in: SignIn, seller: User) -> None:
    answer = sign_in(seller).get(
        "/search?q=preço&stage=negotiation&page=1&sort=",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/search"},
    )
    assert "<html" not in answer.text
    assert answer.headers["HX-Push-Url"] == "/search?q=pre%C3%A7o&stage=negotiation"
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.usefixtures("library")
def test_letters_typed_one_by_one_are_one_step_back(sign_in: SignIn, seller: User) -> None:
    answer = sign_in(seller).get(
        "/search?q=preço",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/search?q=pre"},
    )
    assert "HX-Replace-Url" in answer.headers


@pytest.mark.usefixtures("library")
def test_going_back_gets_a_whole_page(sign_in: SignIn, seller: User) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in sign_in(seller).get("/search?q=preço", headers=headers).text


@pytest.mark.usefixtures("library")
def test_nothing_found_offers_wider_searches_with_their_real_counts(
    sign_in: SignIn, seller: User
) -> None:
    browser = sign_in(seller)
    text = browser.get("/search?q=preço&language=en&type=objection").get_data(as_text=True)
    offers = re.findall(r'href="([^"]+)"[^>]*><span class="btn-label">(\d+) ', text)
    assert offers
    for address, count in offers:
        assert found(browser, address.replace("&amp;", "&"))[0] == int(count)


def test_an_empty_library_teaches_the_next_step(
    engine: Engine, sign_in: SignIn, seller: User, marketer: User
) -> None:
    assert "A biblioteca está vazia" in sign_in(seller).get("/search").text
    assert "Enviar materiais" in sign_in(marketer).get("/search").text


@pytest.mark.usefixtures("library")
def test_odd_addresses_are_searches_like_any_other(sign_in: SignIn, seller: User) -> None:
    browser = sign_in(seller)
    for address in (
        "/search?q=%00%22-&page=99999999999&sort=x&stage=",
        "/search?page=7",
        "/search?q=" + "a" * 5000,
        "/search?owner=x&state=unheard&format=%E2%80%AE",
        "/search?" + "&".join(f"stage={number}" for number in range(500)),
    ):
        assert browser.get(address).status_code == 200, address


def test_what_a_material_is_called_cannot_run_as_a_script(
    engine: Engine, sign_in: SignIn, seller: User, marketer: User
) -> None:
    add_asset(marketer, "<script>alert(1)</script> preço", ("<img onerror=x> preço",))
    index_everything(engine)
    text = sign_in(seller).get("/search?q=preço").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;img onerror=x&gt; <mark>preço</mark>" in text


@pytest.mark.usefixtures("library")
def test_who_sees_everything_has_each_type_counted_once(sign_in: SignIn, marketer: User) -> None:
    text = sign_in(marketer).get("/search").get_data(as_text=True)
    counts = re.findall(r'name="type".*?facet-count">\s*(\d+)', text, re.DOTALL)
    everything, _titles = found(sign_in(marketer), "/search")
    assert sum(map(int, counts)) == everything


def test_a_passage_of_markdown_has_no_marks_and_a_single_page_no_number(
    sign_in: SignIn, engine: Engine, seller: User, marketer: User
) -> None:
    text = "# Frete\nO **prazo** da {{empresa}}"
    add_asset(marketer, "Nota", (text,), media_type="text/markdown; charset=utf-8")
    index_everything(engine)
    page = sign_in(seller).get("/search?q=prazo").get_data(as_text=True)
    assert "Frete O <mark>prazo</mark> da [empresa]" in page
    assert "(p. 1)" not in page

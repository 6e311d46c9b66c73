"""What can be found, by whom, and from when until when."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from tests.journeys.steps import search, upload

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def field(sign_in: SignIn, seller: User) -> FlaskClient:
    return sign_in(seller)


@pytest.fixture
def marketing(sign_in: SignIn, marketer: User) -> FlaskClient:
    return sign_in(marketer)


def test_what_a_seller_may_not_see_leaks_through_no_count(
    work: Callable[[], int], field: FlaskClient, marketing: FlaskClient
) -> None:
    upload(marketing, "Tabela pública", "O desconto padrão")
    upload(marketing, "Tabela secreta", "O desconto secreto", then="save")
    work()
    assert "2 resultados" in search(marketing, "desconto")
    told = search(field, "desconto")
    assert "1 resultado " in told
    assert "secret" not in told
    assert "Rascunho" not in told
    assert "Nenhum resultado" in search(field, "secreto")


def test_an_archived_material_is_gone_after_the_workers_turn_and_can_come_back(
    work: Callable[[], int], field: FlaskClient, marketing: FlaskClient
) -> None:
    case = upload(marketing, "Caso Orla", "Entregas na praia")
    work()
    assert "Caso Orla" in search(field, "praia")
    marketing.post(f"/assets/{case.id}/archive")
    assert "Caso Orla" not in search(field, "praia")
    work()
    assert "Nenhum resultado" in search(field, "praia")
    marketing.post(f"/assets/{case.id}/restore")
    work()
    assert "Caso Orla" in search(field, "praia")


@pytest.mark.parametrize(
    "words", ["objecoes", "objeção", "manutencao", "MANUTENÇÕES", "operacional", "decisor econ"]
)
def test_portuguese_words_find_without_accents_in_any_number_and_half_typed(
    work: Callable[[], int], field: FlaskClient, marketing: FlaskClient, words: str
) -> None:
    upload(marketing, "Guia", "As objeções à manutenção dos processos operacionais")
    work()
    assert "Guia" in search(field, words)


@pytest.mark.parametrize("words", ["company", "companies", "studies", "pricing"])
def test_english_words_find_in_any_number(
    work: Callable[[], int], field: FlaskClient, marketing: FlaskClient, words: str
) -> None:
    upload(marketing, "Guide", "The company studied prices of one study", language="en")
    work()
    assert "Guide" in search(field, words)


def test_the_name_of_a_stage_finds_its_materials(
    work: Callable[[], int], field: FlaskClient, marketing: FlaskClient
) -> None:
    upload(marketing, "Proposta de valor", "Texto")
    work()
    assert "Proposta de valor" in search(field, "negociação")

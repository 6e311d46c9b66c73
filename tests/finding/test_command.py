import json

import pytest
from flask import Flask

from contentlib.accounts.models import User
from contentlib.finding.cli import search
from contentlib.library.models import Status
from contentlib.search import Engine
from tests.finding.corpus import add_asset, days_from_now, index_everything


def test_the_command_prints_what_is_live_with_the_page_and_plain_passage(
    app: Flask, engine: Engine, marketer: User
) -> None:
    add_asset(marketer, "Caso", ("Capa", "O <preço> certo"), external_id="caso-1")
    add_asset(marketer, "Rascunho de preço", status=Status.DRAFT)
    add_asset(marketer, "Preço antigo", valid_until=days_from_now(-1))
    index_everything(engine)
    result = app.test_cli_runner().invoke(search, ["precos", "--json"])
    (row,) = json.loads(result.stdout)
    assert row.pop("score") > 0
    assert row == {
        "external_id": "caso-1",
        "title": "Caso",
        "page": 2,
        "snippet": "O <preço> certo",
    }


@pytest.mark.parametrize("is_built", [True, False])
def test_a_passage_of_a_script_is_plain_words_with_and_without_an_index(
    app: Flask, engine: Engine, marketer: User, *, is_built: bool
) -> None:
    add_asset(marketer, "Retomada", script="Oi, {{contato.nome}}: **o prazo** da {{empresa}}.")
    if is_built:
        index_everything(engine)
    found = app.test_cli_runner().invoke(search, ["prazo", "--json"])
    assert json.loads(found.stdout)[0]["snippet"] == "Oi, [contato · nome]: o prazo da [empresa]."
    for no_word in ("nome", "text"):
        nothing = app.test_cli_runner().invoke(search, [no_word, "--json"])
        assert json.loads(nothing.stdout) == []


def test_a_field_in_a_file_is_read_by_its_name(app: Flask, engine: Engine, marketer: User) -> None:
    add_asset(marketer, "Modelo", ("Proposta para {{ empresa }}: o prazo",))
    index_everything(engine)
    (row,) = json.loads(app.test_cli_runner().invoke(search, ["prazo", "--json"]).stdout)
    assert row["snippet"] == "Proposta para [empresa]: o prazo"


def test_the_command_answers_without_an_index_and_says_so(
    app: Flask, engine: Engine, marketer: User
) -> None:
    add_asset(marketer, "Guide", ("price",), language="en")
    add_asset(marketer, "Guia", ("price",))
    result = app.test_cli_runner().invoke(search, ["price", "--json", "--language", "en"])
    assert [row["title"] for row in json.loads(result.stdout)] == ["Guide"]
    assert "simplified search" in result.stderr


def test_a_limit_that_is_no_number_is_a_mistake_of_use(app: Flask, engine: Engine) -> None:
    assert app.test_cli_runner().invoke(search, ["x", "--limit", "many"]).exit_code == 2

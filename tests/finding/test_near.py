"""What may help already while somebody asks for a material; nothing that they may not find."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.library.models import Status
from contentlib.search import Engine
from tests.finding.corpus import add_asset, days_from_now, index_everything

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def library(engine: Engine, marketer: User) -> None:
    """Of four materials of one matter, a seller may find one."""
    add_asset(marketer, "Caso de sucesso em logística", ("O prazo caiu.",))
    add_asset(marketer, "Caso de logística: rascunho", ("x",), status=Status.DRAFT)
    add_asset(marketer, "Caso de logística vencido", ("x",), valid_until=days_from_now(-2))
    add_asset(marketer, "Tabela de preços", ("Logística e preço.",))
    index_everything(engine)


def test_what_the_title_says_already_is_shown(library: None, sign_in: SignIn, seller: User) -> None:
    text = sign_in(seller).get("/search/near?title=casos+de+logistica").text
    assert "Caso de sucesso em logística" in text
    for hidden in ("rascunho", "vencido", "Tabela de preços"):
        assert hidden not in text


@pytest.mark.parametrize("title", ["", "xyzzy", "%22%3E%3Cscript%3E", "-", "de+para"])
def test_where_nothing_helps_nothing_is_shown(
    library: None, sign_in: SignIn, seller: User, title: str
) -> None:
    answer = sign_in(seller).get(f"/search/near?title={title}")
    assert (answer.status_code, answer.text.strip()) == (200, "")

"""A seller finds better words, marketing takes them up, and everybody has them with a name."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.feedback.models import Suggestion
from tests import factories
from tests.feedback.conftest import script
from tests.journeys.steps import search

SignIn = Callable[[User], FlaskClient]


def test_a_seller_suggests_the_owner_accepts_and_others_find_the_words_with_credit(
    sign_in: SignIn, work: Callable[[], int], marketer: User
) -> None:
    seller = factories.user("seller", team="North", name="Sofia Sugere")
    other = factories.user("seller", team="South")
    asset = script("Retomada", marketer, "Olá.\nO frete sai em dois dias.")
    work()
    assert "Nenhum resultado" in search(sign_in(other), "quarenta")

    form = {"words-subject": "", "words-text": "Olá.\nO frete sai em quarenta horas.", "note": ""}
    sign_in(seller).post(f"/assets/{asset.id}/suggest", data=form)
    row = db.session.scalars(select(Suggestion)).one()
    assert "Mudanças que colegas sugerem" in sign_in(marketer).get("/").text
    decision = form | {"onto": 1, "then": "publish"}
    sign_in(marketer).post(f"/assets/{asset.id}/suggestions/{row.id}/accept", data=decision)
    assert "Mudanças que colegas sugerem" not in sign_in(marketer).get("/").text
    work()

    assert "Retomada" in search(sign_in(other), "quarenta horas")
    assert "quarenta horas" in sign_in(other).get(f"/assets/{asset.id}").text
    said = sign_in(other).get(f"/assets/{asset.id}/feedback").text
    assert "Sofia Sugere" in said
    assert "Na versão 2" in said
    assert "Sugerido por Sofia Sugere" in sign_in(marketer).get(f"/assets/{asset.id}").text

"""The product's whole job, from a file on a marketer's disk to the credit a manager sees."""

from collections.abc import Callable

from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.library.firm_day import firm_today
from tests import factories
from tests.journeys.steps import search, upload

SignIn = Callable[[User], FlaskClient]


def test_a_case_study_is_uploaded_found_inside_used_on_a_won_deal_and_credited(
    sign_in: SignIn, work: Callable[[], int], seller: User, marketer: User, manager: User
) -> None:
    field, marketing, management = sign_in(seller), sign_in(marketer), sign_in(manager)
    deal = factories.deal(seller, 84_000_37, title="Rodonorte", stage="negotiation")

    case = upload(marketing, "Caso Vértice", "Logística", "O retorno veio em sete meses.")
    assert "Nenhum resultado" in search(field, "retornos")
    work()
    answer = search(field, "retornos meses")
    assert "1 resultado" in answer
    assert "Caso Vértice" in answer
    assert "retorno veio em sete meses. (p. 2)" in answer

    assert "Caso Vértice" in field.get(f"/assets/{case.id}").text
    assert "Para o negócio Rodonorte" in field.get(f"/deals/chip?deal={deal.id}").text
    field.post(f"/assets/{case.id}/opened?deal={deal.id}")
    field.post("/deals/use", data={"asset": case.id, "deal": deal.id, "channel": "meeting"})
    assert "aberto" in field.get(f"/deals/{deal.id}").text
    closing = field.get(f"/deals/{deal.id}/close/won").text
    assert "Caso Vértice" in closing
    retro = {"closed_on": firm_today(), f"verdict-{case.id}": "helped", "decisive": case.id}
    field.post(f"/deals/{deal.id}/close/won", data=retro)

    used = marketing.get("/reports/use.csv").text
    # By grade: opened once, not copied, shown once, not yet read by a buyer, confirmed once.
    assert "Caso Vértice,case_study,verified,1,0,1,0,1," in used
    credit = management.get("/reports/revenue.csv?period=month&currency=BRL").text
    assert "Caso Vértice,1,8400037,BRL" in credit
    assert "(no recorded content),0,0,BRL" in credit

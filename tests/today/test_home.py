import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import queries as deal_queries
from contentlib.deals.models import Deal, Outcome
from contentlib.finding.models import SearchLog
from contentlib.jobs.models import Job, JobState
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset, Blob, ExtractionState, VersionKind
from contentlib.usage import service as usage
from contentlib.usage.models import Action
from tests import factories

SignIn = Callable[[User], FlaskClient]


def day_in(days: int) -> object:
    return firm_today() + timedelta(days=days)


def test_nothing_waiting_is_said_calmly(sign_in: SignIn, marketer: User) -> None:
    text = sign_in(marketer).get("/").text
    assert "Nada esperando por você" in text
    assert "Abrir a biblioteca" in text


def test_a_seller_without_deals_is_shown_how_to_begin(sign_in: SignIn, seller: User) -> None:
    text = sign_in(seller).get("/").text
    assert "Comece pelos seus negócios" in text
    assert "/deals/new" in text


def test_a_manager_without_deals_is_led_to_the_import(sign_in: SignIn, manager: User) -> None:
    text = sign_in(manager).get("/").text
    assert "Comece pelos negócios" in text
    assert "/imports" in text


def test_a_deal_that_closes_soon_waits_until_content_was_used_on_it(
    sign_in: SignIn, seller: User
) -> None:
    soon = factories.deal(seller, title="Fecha logo", expected_close=day_in(6))
    factories.deal(seller, title="Fecha longe", expected_close=day_in(60))
    factories.deal(factories.user(team="South"), title="De outra", expected_close=day_in(6))
    text = sign_in(seller).get("/").text
    assert "Fecha logo" in text
    assert "Fecha longe" not in text
    assert "De outra" not in text
    assert f"/deals/{soon.id}/prep" in text
    asset = factories.asset()
    note(Action.OPENED, asset.id, seller, soon)
    assert "Fecha logo" in sign_in(seller).get("/").text
    note(Action.SHOWN, asset.id, seller, soon)
    assert "Fecha logo" not in sign_in(seller).get("/").text


def note(action: Action, asset_id: int, actor: User, deal: Deal) -> None:
    usage.record(
        action,
        asset_id=asset_id,
        version_id=None,
        actor_id=actor.id,
        idempotency_key=f"{action}-{deal.id}",
        on=deal_queries.on_deal(deal, occurred_at=now(), recorded_at=now()),
    )
    db.session.commit()


def close(deal: Deal, days_ago: int = 1) -> None:
    deal.outcome, deal.closed_at = Outcome.WON, now() - timedelta(days=days_ago)
    deal.close_recorded_at = deal.closed_at
    db.session.commit()


def test_a_closed_deal_waits_for_its_retro_and_the_manager_sees_its_value(
    sign_in: SignIn, seller: User, manager: User
) -> None:
    deal = factories.deal(seller, 100_000_00, title="Ganho sem retro")
    close(deal)
    assert f"/deals/{deal.id}/retro" in sign_in(seller).get("/").text
    text = sign_in(manager).get("/").text
    assert "Ganho sem retro" in text
    assert "R$\xa0100.000 de R$\xa0100.000" in text


def rest_of(browser: FlaskClient, name: str, words: str = "e mais 1") -> str:
    """Follow the link beside a heading of the start page to the whole list."""
    card = browser.get("/").text.split(name)[1]
    link = re.search(rf'<a href="([^"]+)">{words}</a>', card)
    assert link, card[:400]
    return browser.get(unescape(link[1])).text


def listed(page: str, stem: str) -> set[str]:
    return set(re.findall(rf">({stem} \d)</a>", page))


def test_what_is_cut_short_on_a_sellers_start_page_is_one_click_away(
    sign_in: SignIn, seller: User
) -> None:
    for number in range(6):
        factories.deal(seller, title=f"Sem material {number}", expected_close=day_in(number))
        close(factories.deal(seller, title=f"Sem retro {number}"), days_ago=number + 1)
        factories.asset(f"Novidade {number}", stage="proposal")
    factories.asset("De outra etapa 9", stage="discovery")
    colleague = factories.user(team="North")
    factories.deal(colleague, title="Sem material 9", expected_close=day_in(1))
    browser = sign_in(seller)
    for name, stem in (
        ("Fecham em breve", "Sem material"),
        ("Fechados: o que ajudou?", "Sem retro"),
    ):
        shown = listed(rest_of(browser, name), stem)
        assert shown == {f"{stem} {number}" for number in range(6)}
    library = rest_of(browser, "Novidades", "todos destas etapas")
    assert listed(library, "Novidade") == {f"Novidade {number}" for number in range(6)}
    assert "De outra etapa" not in library


def test_what_is_cut_short_for_managers_and_marketers_is_one_click_away(
    sign_in: SignIn, seller: User, manager: User, marketer: User
) -> None:
    for number in range(6):
        close(factories.deal(seller, title=f"Sem retro {number}"))
        deputised = factories.asset(f"Vencendo {number}", review_due=day_in(number - 3))
        deputised.deputy = marketer
        factories.draft(f"Rascunho {number}", owner=marketer)
        sealed(factories.asset(f"Selado {number}"), str(number) * 64)
    factories.asset("Vencendo 9", review_due=day_in(2))
    factories.draft("Rascunho 9")
    lists = [(manager, "Fechados sem retro", "Sem retro")]
    lists += [(marketer, "Ainda vale?", "Vencendo"), (marketer, "Rascunhos", "Rascunho")]
    lists += [(marketer, "A busca não conhece", "Selado")]
    for person, name, stem in lists:
        shown = listed(rest_of(sign_in(person), name), stem)
        assert shown == {f"{stem} {number}" for number in range(6)}


def sealed(asset: Asset, sha256: str) -> None:
    """Make a material a file whose words are behind a password."""
    version = asset.published_version
    assert version is not None
    version.kind = VersionKind.FILE
    version.blob = Blob(
        sha256=sha256, size=1, media_type="application/pdf", extraction=ExtractionState.PASSWORD
    )
    db.session.commit()


def test_new_material_counts_for_the_stages_of_own_open_deals_only(
    sign_in: SignIn, seller: User
) -> None:
    factories.deal(seller, stage="negotiation")
    factories.asset("Para negociar", stage="negotiation")
    factories.asset("Para descobrir", stage="discovery")
    factories.draft("Ainda rascunho", stage="negotiation")
    text = sign_in(seller).get("/").text
    assert "Para negociar" in text
    assert "Para descobrir" not in text
    assert "Ainda rascunho" not in text


def test_a_marketer_sees_own_reviews_own_drafts_and_unread_files(
    sign_in: SignIn, marketer: User
) -> None:
    factories.asset("Minha revisão", owner=marketer, review_due=day_in(3))
    factories.asset("Revisão longe", owner=marketer, review_due=day_in(90))
    factories.asset("Revisão de outra", review_due=day_in(3))
    over = factories.asset("Já sem validade", owner=marketer, review_due=day_in(-9))
    over.valid_until = day_in(-2)
    factories.draft("Meu rascunho", owner=marketer)
    sealed(factories.asset("Com senha", review_due=day_in(90)), "a" * 64)
    text = sign_in(marketer).get("/").text
    for shown in ("Minha revisão", "Meu rascunho", "Com senha", "Protegido por senha"):
        assert shown in text
    for hidden in ("Revisão longe", "Revisão de outra", "Já sem validade"):
        assert hidden not in text


def test_searches_without_result_are_told_only_when_five_people_searched(
    sign_in: SignIn, marketer: User
) -> None:
    def search(person: User, number: int) -> None:
        db.session.add(
            SearchLog(
                id=f"s{number}",
                user_id=person.id,
                query="tabela de frete",
                normalised="tabela de frete",
                filters={},
                results=0,
                milliseconds=1,
            )
        )
        db.session.commit()

    people = [factories.user("seller", name=f"Pessoa {number}") for number in range(5)]
    for number, person in enumerate(people[:4]):
        search(person, number)
    assert "tabela de frete" not in sign_in(marketer).get("/").text
    search(people[4], 4)
    text = sign_in(marketer).get("/").text
    assert "tabela de frete" in text
    assert "Pessoa" not in text


def test_an_admin_is_told_when_work_fails(sign_in: SignIn, admin: User, marketer: User) -> None:
    assert "A instalação precisa" not in sign_in(admin).get("/").text
    db.session.add(Job(kind="x", key="x", payload={}, state=JobState.DEAD))
    late = now() - timedelta(hours=1)
    db.session.add(Job(kind="x", key="y", payload={}, run_after=late))
    db.session.commit()
    text = sign_in(admin).get("/").text
    assert "1 tarefa falhou de vez." in text
    assert "1 tarefa espera há mais de dez minutos" in text
    assert "A instalação precisa" not in sign_in(marketer).get("/").text

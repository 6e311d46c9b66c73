"""Materials in a real browser: uploaded by dropping, scripts filled in, pages reached by number."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from contentlib.accounts.queries import find_user
from contentlib.core.db import db
from contentlib.jobs.worker import Worker
from contentlib.library import service, taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.uploads import service as uploads
from contentlib.storage.current import current_storage
from tests import factories
from tests.browser.clipboard import RIGHTS, expect_copied
from tests.browser.conftest import Open, findings, settle
from tests.library.test_jobs import pdf

WORDS = ("A conta do atraso", "A diretora aprovou", "Retorno em sete meses")


@pytest.fixture(scope="module")
def shelf(served: Flask, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """A case with pages, a script, an objection card and a draft, read by the worker."""
    path = tmp_path_factory.mktemp("case") / "caso.pdf"
    path.write_bytes(pdf(*WORDS, title="Caso Vértice"))
    with served.app_context():
        owner = find_user("marketer@firm.example")
        assert owner is not None
        taxonomy.seed()
        script, card = factories.draft("Retomada", owner=owner), factories.draft(owner=owner)
        versions.add_script_version(
            script, channel="whatsapp", text="**Oi**, {{contato.nome}}, tudo bem?", by=owner
        )
        with path.open("rb") as stream:
            arrived = uploads.take_in(current_storage(), stream, path.name, limit=10**6)
        case = factories.draft("Caso Vértice", owner=owner)
        uploads.add_version(case, arrived, by=owner)
        versions.add_objection_version(
            card,
            **factories.OBJECTION,
            proof=case,
            proof_page=3,
            by=owner,
        )
        for asset in (script, card, case):
            service.publish(asset, by=owner, today=firm_today())
        draft = factories.draft("Rascunho", owner=owner)
        db.session.commit()
        Worker(served, lease_seconds=60).drain()
        made: dict[str, Asset] = {"script": script, "card": card, "case": case, "draft": draft}
        return {name: asset.id for name, asset in made.items()}


@pytest.fixture
def page_of(shelf: dict[str, int]) -> Callable[[str], str]:
    return lambda name: f"/assets/{shelf[name]}"


def test_a_script_is_copied_once_its_fields_are_filled_in_or_skipped(
    open_page: Open, page_of: Callable[[str], str]
) -> None:
    page = open_page("seller", page_of("script"), permissions=RIGHTS)
    button = page.locator("[data-script-copy]:visible").first
    expect(button).to_be_disabled()
    page.locator("[data-script-skip]").check()
    expect(button).to_be_enabled()
    page.locator("[data-script-skip]").uncheck()
    page.locator("[data-script-field='contato.nome']").fill("Ana")
    with page.expect_response("**/copied?part=whatsapp"):
        button.click()
    expect(page.locator("#toasts")).not_to_be_empty()
    expect_copied(page, "*Oi*, Ana, tudo bem?")


def test_a_deal_fills_in_a_script_but_not_over_what_was_typed(
    open_page: Open, served: Flask
) -> None:
    with served.app_context():
        seller = find_user("seller@firm.example")
        assert seller is not None
        factories.deal(seller, title="Piloto na Arara", company="Arara")
        script = factories.draft("Com negócio")
        text = "{{contato.nome}}, e a {{empresa}}? Em {{data}}. {{vendedor.nome}}"
        versions.add_script_version(script, channel="email", text=text, by=script.owner)
        service.publish(script, by=script.owner, today=firm_today())
        db.session.commit()
        path, name = f"/assets/{script.id}", seller.name
    page = open_page("seller", path, locale="pt-BR")
    settle(page)
    page.locator("[data-script-field=data]").fill("março")
    page.locator("[data-script-field='contato.nome']").fill("Ana")
    page.get_by_role("combobox", name="Para o negócio").fill("piloto arara")
    page.get_by_role("option", name="Piloto na Arara").click()
    expect(page.locator("#script-email")).to_have_text(f"Ana, e a Arara? Em março. {name}")
    expect(page.locator("#fill-known")).to_contain_text("2 de 4 campos foram preenchidos.")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.locator("[data-script-field=empresa]").fill("Arara Azul")
    expect(page.locator("#script-email")).to_contain_text("Arara Azul")
    assert findings(page) == []


def test_a_page_is_reached_by_its_number_from_the_card_it_proves(
    open_page: Open, page_of: Callable[[str], str]
) -> None:
    page = open_page("seller", page_of("card"))
    page.locator(".card-proof-words a").click()
    expect(page).to_have_url(re.compile("#p3$"))
    expect(page.locator("#p3 img")).to_be_in_viewport()


def test_a_page_beyond_those_shown_leads_to_the_last_of_them(
    open_page: Open, page_of: Callable[[str], str]
) -> None:
    page = open_page("seller", page_of("case") + "#p40")
    expect(page.locator("#p3 img")).to_be_in_viewport()


def test_files_are_sent_with_their_own_outcome_each(open_page: Open, tmp_path: Path) -> None:
    page = open_page("marketer", "/assets/upload")
    good, empty = tmp_path / "outro_caso.pdf", tmp_path / "texto.txt"
    good.write_bytes(pdf("Outro caso"))
    empty.write_bytes(b"Um texto curto.")
    page.set_input_files("input[type=file]", [good, empty])
    expect(page.locator("[data-upload=done]")).to_have_count(2)
    page.set_input_files("input[type=file]", [good])
    expect(page.locator("[data-upload=duplicate]")).to_have_count(1)
    page.get_by_role("button", name="Completar e publicar").or_(
        page.get_by_role("button", name="Complete and publish")
    ).click()
    expect(page.locator(".draft-line")).to_have_count(2)


def test_the_answers_words_are_counted_while_one_writes(open_page: Open) -> None:
    page = open_page("marketer", "/assets/new/objection")
    page.locator("#answer").fill("uma duas três")
    expect(page.locator("#answer-words")).to_have_text("3 / 35")
    page.locator("#answer").fill("palavra " * 36)
    expect(page.locator("#answer-words")).to_have_attribute("data-state", "bad")


def test_an_uploaded_page_cannot_run_its_script_in_our_name(open_page: Open, served: Flask) -> None:
    hostile = b"<!doctype html><body><script>parent.document.title='taken'</script>"
    with served.app_context():
        owner = find_user("marketer@firm.example")
        assert owner is not None
        taxonomy.seed()
        asset = factories.draft("Página", owner=owner)
        arrived = uploads.take_in(current_storage(), BytesIO(hostile), "x.html", limit=10**6)
        uploads.add_version(asset, arrived, by=owner)
        db.session.commit()
        asset_id = asset.id
    page = open_page("marketer", "/assets")
    with page.expect_download() as download:
        page.evaluate(f"location.href = '/assets/{asset_id}/file'")
    assert download.value.suggested_filename == "x.html"
    assert page.evaluate("document.title") != "taken"

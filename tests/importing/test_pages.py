"""An import in the browser: the file, its columns, the check, the run, its result, the way back."""

import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import outcomes, service
from contentlib.deals.models import Company, Deal, Outcome
from contentlib.deals.told import find_deal
from contentlib.importing.models import ImportRun, State
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy
from contentlib.storage.current import current_storage

SignIn = Callable[[User], FlaskClient]

# As a CRM writes it: no titles, no addresses, no companies in some rows, a product misspelt.
CRM = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054
Z063OYW0,Darcel Schlecht,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514
EC4QE1BX,Darcel Schlecht,MG Special,Cancity,Lost,2016-10-25,2017-03-07,0
MV1LWRNH,Moses Frase,GTX Plus Pro,,Engaging,2016-10-25,,
PE84CX4O,Zane Levy,GTX Basic,,Prospecting,,,
BAD00001,Zane Levy,GTX Basic,Isdom,Won,2016-13-25,2017-03-07,10
"""


@pytest.fixture
def browser(app: Flask, sign_in: SignIn, manager: User) -> FlaskClient:
    """A manager's browser, on an installation with its seed."""
    taxonomy.seed()
    outcomes.seed()
    db.session.commit()
    return sign_in(manager)


def send(browser: FlaskClient, content: bytes, kind: str = "deals", name: str = "crm.csv") -> str:
    """Send a file and return the address of its import."""
    data = {"kind": kind, "file": (io.BytesIO(content), name)}
    answer = browser.post("/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removesuffix("/columns")


def fields(page: str) -> dict[str, str]:
    """Return what the form of a page would send."""
    form = page[page.index('<form class="stack-lg"') :]
    found = dict(re.findall(r'<input[^>]*type="hidden" name="(seen_\w+)" value="([^"]*)"', form))
    for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        found[name] = chosen[1] if chosen else ""
    return found


def work(app: Flask) -> None:
    Worker(app, lease_seconds=60).drain()


def the_run() -> ImportRun:
    db.session.expire_all()
    return db.session.scalars(select(ImportRun)).one()


def test_deals_of_a_crm_come_in_with_their_flaws_named_and_go_again(
    app: Flask, browser: FlaskClient, manager: User
) -> None:
    address = send(browser, CRM.encode())
    page = browser.get(f"{address}/columns").text
    given = fields(page)
    assert given["column_title"] == "product"
    assert given["column_title_more"] == given["column_company"] == "account"
    assert given["column_outcome"] == given["column_stage"] == "deal_stage"
    assert "GTXPro" in page
    given |= {"currency": "USD", "create_missing": "y"}
    assert browser.post(f"{address}/columns", data=given).status_code == 302
    work(app)
    assert (the_run().state, the_run().counts) == (State.CHECKED, {"created": 5, "failed": 1})
    assert db.session.scalars(select(Deal)).all() == []
    page = browser.get(address).text
    for sentence in ("2016-13-25", "Sem empresa.", "Sem dia de abertura", "Moses Frase", "GTXPro"):
        assert sentence in page
    browser.post(f"{address}/run")
    work(app)
    assert the_run().state is State.DONE
    won, lost = find_deal("1C1I7A6R"), find_deal("EC4QE1BX")
    assert (won.title, won.company.name, won.amount_minor, won.currency) == (
        "GTX Plus Basic · Cancity",
        "Cancity",
        1054_00,
        "USD",
    )
    assert (won.outcome, lost.outcome, lost.loss_reason) == (Outcome.WON, Outcome.LOST, None)
    assert find_deal("PE84CX4O").outcome is Outcome.OPEN
    assert browser.post(f"{address}/undo").status_code == 302
    work(app)
    assert (the_run().state, the_run().undone_by_id) == (State.UNDONE, manager.id)
    for kind in (Deal, Company):
        assert db.session.scalar(select(func.count()).select_from(kind)) == 0
    assert db.session.scalars(select(User).where(User.name == "Moses Frase")).all() == []


def test_rows_of_unknown_sellers_lead_to_the_option_that_adds_them(
    app: Flask, browser: FlaskClient
) -> None:
    address = send(browser, CRM.encode())
    given = fields(browser.get(f"{address}/columns").text) | {"currency": "USD"}
    hint = f'href="{address}/columns#create_missing"'
    browser.post(f"{address}/columns", data=given)
    work(app)
    assert hint in browser.get(address).text
    assert 'id="create_missing"' in browser.get(f"{address}/columns").text
    browser.post(f"{address}/columns", data=given | {"create_missing": "y"})
    work(app)
    assert hint not in browser.get(address).text


def test_an_import_that_is_undone_says_whether_anything_is_left(
    app: Flask, browser: FlaskClient, manager: User
) -> None:
    address = send(browser, CRM.encode())
    given = fields(browser.get(f"{address}/columns").text)
    browser.post(f"{address}/columns", data=given | {"currency": "USD", "create_missing": "y"})
    work(app)
    browser.post(f"{address}/run")
    work(app)
    service.close_won(find_deal("PE84CX4O"), by=manager)
    db.session.commit()
    browser.post(f"{address}/undo")
    work(app)
    page = browser.get(address).text
    assert "PE84CX4O" in page
    assert "Não restou nada dela" not in page


def test_latin_1_with_semicolons_and_brazilian_amounts_is_read(
    app: Flask, browser: FlaskClient
) -> None:
    content = (
        "Código;Negócio;Empresa;Valor;Abertura;Situação;Fechamento;Motivo da perda\r\n"
        "7;Renovação;São João;R$ 1.234,56;31/01/2025;perdido;28/02/2025;preço\r\n"
        "8;Renovação;São João;-5;30/02/2025;aberto;;\r\n"
    ).encode("cp1252")
    address = send(browser, content)
    given = fields(browser.get(f"{address}/columns").text) | {"currency": "BRL"}
    browser.post(f"{address}/columns", data=given)
    work(app)
    browser.post(f"{address}/run")
    work(app)
    deal = find_deal("7")
    assert (deal.company.name, deal.amount_minor, deal.loss_reason.key) == (
        "São João",
        1234_56,
        "price",
    )
    assert the_run().counts == {"created": 1, "failed": 1}


def test_values_of_a_column_that_was_not_shown_are_asked_about_first(
    app: Flask, browser: FlaskClient
) -> None:
    address = send(browser, CRM.encode())
    given = fields(browser.get(f"{address}/columns").text) | {"currency": "USD"}
    given["column_stage"] = "product"
    answer = browser.post(f"{address}/columns", data=given)
    assert answer.status_code == 200
    assert 'name="seen_stage" value="product"' in answer.text
    assert the_run().state is State.MAPPING
    shown = browser.get(f"{address}/values", query_string={"column_stage": "sales_agent"}).text
    assert "Moses Frase" in shown


def test_what_the_person_says_a_value_means_holds(app: Flask, browser: FlaskClient) -> None:
    address = send(browser, CRM.encode())
    page = browser.get(f"{address}/columns").text
    given = fields(page) | {"currency": "USD", "create_missing": "y"}
    label = re.search(r'aria-label="Etapa: Engaging"[^>]*name="(\w+)"', page) or re.search(
        r'name="(\w+)"[^>]*aria-label="Etapa: Engaging"', page
    )
    assert label
    given[label[1]] = "discovery"
    browser.post(f"{address}/columns", data=given)
    work(app)
    browser.post(f"{address}/run")
    work(app)
    assert find_deal("MV1LWRNH").stage.key == "discovery"


def test_double_submits_are_harmless(app: Flask, browser: FlaskClient) -> None:
    address = send(browser, CRM.encode())
    given = fields(browser.get(f"{address}/columns").text) | {"currency": "USD"}
    assert browser.post(f"{address}/run").status_code == 409
    browser.post(f"{address}/columns", data=given)
    assert browser.post(f"{address}/columns", data=given).status_code == 302
    work(app)
    browser.post(f"{address}/run")
    assert browser.post(f"{address}/run").status_code == 409
    work(app)
    assert browser.post(f"{address}/discard").status_code == 409
    assert browser.post(f"{address}/undo").status_code == 302
    assert browser.post(f"{address}/undo").status_code == 409


def test_a_file_that_was_not_taken_in_can_be_discarded(app: Flask, browser: FlaskClient) -> None:
    address = send(browser, CRM.encode())
    key = str(the_run().storage_key)
    assert current_storage().stat(key) is not None
    assert browser.post(f"{address}/discard").status_code == 302
    assert db.session.scalars(select(ImportRun)).all() == []
    assert current_storage().stat(key) is None


def test_errors_can_be_read_line_by_line_and_mended(app: Flask, browser: FlaskClient) -> None:
    header = "external_id,title,amount,opened_at\n"
    content = header + "1,=1+1,abc,2025-01-01\n2,Rota,5,2025-01-01\n3,<script>x</script>,-1,x\n"
    address = send(browser, content.encode())
    given = fields(browser.get(f"{address}/columns").text) | {"currency": "BRL"}
    browser.post(f"{address}/columns", data=given)
    work(app)
    assert "<script>x" not in browser.get(f"{address}/errors").text
    table = browser.get(f"{address}/errors.csv")
    lines = table.text.splitlines()
    assert lines[0].startswith("\ufeffexternal_id,title,amount,opened_at,")
    assert lines[1].startswith("1,'=1+1,abc,2025-01-01,2,")
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vazio"),
        (b"a,b\n", "nenhuma linha"),
        (b"PK\x03\x04zip", "planilha"),
        (b"a,A\n1,2\n", "duas vezes"),
    ],
)
def test_files_that_are_no_tables_are_refused_beside_the_field(
    browser: FlaskClient, content: bytes, words: str
) -> None:
    data = {"kind": "deals", "file": (io.BytesIO(content), "x.csv")}
    answer = browser.post("/imports", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(ImportRun)).all() == []


def test_progress_is_shown_until_the_worker_has_finished(app: Flask, browser: FlaskClient) -> None:
    address = send(browser, CRM.encode())
    given = fields(browser.get(f"{address}/columns").text) | {"currency": "USD"}
    browser.post(f"{address}/columns", data=given)
    assert 'hx-trigger="every 1s"' in browser.get(f"{address}/progress").text
    assert browser.get(address).status_code == 200
    work(app)
    assert browser.get(f"{address}/progress").headers["HX-Refresh"] == "true"


def test_sellers_and_marketers_find_no_imports(
    app: Flask, sign_in: SignIn, browser: FlaskClient, seller: User, marketer: User
) -> None:
    address = send(browser, CRM.encode())
    for person in (seller, marketer):
        stranger = sign_in(person)
        for path in ("", "/columns", "/values", "/progress", "/errors", "/errors.csv"):
            assert stranger.get(address + path).status_code == 404
        for path in ("/columns", "/run", "/undo", "/discard", "/resume"):
            assert stranger.post(address + path).status_code == 404
        assert stranger.get("/imports").status_code == stranger.post("/imports").status_code == 404

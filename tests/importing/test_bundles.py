"""A folder or ZIP from its sending to its undo, as a marketer's browser and the worker do it."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib import jobs
from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.extraction import KINDS
from contentlib.importing.bundles import sending_views
from contentlib.importing.bundles.models import Action, ImportFile, Look
from contentlib.importing.models import ImportRow, ImportRun, Result, State
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy
from contentlib.library.models import Asset, AssetVersion, Status
from contentlib.storage.current import current_storage
from contentlib.usage import service as usage
from contentlib.usage.models import Action as UsageAction
from tests import factories
from tests.importing.bundled import TEXT, mess, zipped
from tests.library.test_jobs import pdf

SignIn = Callable[[User], FlaskClient]
CASES = {"Casos de sucesso/Negociação/Acme - CFO.txt": "Acme ganhou. " + TEXT}


@pytest.fixture
def browser(app: Flask, sign_in: SignIn, marketer: User) -> FlaskClient:
    taxonomy.seed()
    db.session.commit()
    for key in left_in_store():
        current_storage().delete(key)
    return sign_in(marketer)


def send_parts(browser: FlaskClient, aim: dict[str, Any], name: str, content: bytes) -> Any:
    """Send bytes as the page does: begin, parts, finish."""
    begun = browser.post("/imports/uploads", data=aim | {"name": name, "size": len(content)})
    assert begun.status_code == 201, begun.text
    told = begun.json
    for at in range(told["offset"], len(content), told["part"]):
        part = content[at : at + told["part"]]
        answer = browser.patch(
            f"/imports/uploads/{told['id']}", data=part, headers={"Upload-Offset": str(at)}
        )
        assert answer.status_code == 204, answer.text
    return browser.post(f"/imports/uploads/{told['id']}/finish")


def send_archive(browser: FlaskClient, content: bytes, name: str = "drive.zip") -> Any:
    begun = browser.post("/imports/files", json={"name": name, "size": len(content)}).json
    return send_parts(browser, {"run": begun["run"]}, name, content)


def bring(app: Flask, browser: FlaskClient, files: dict[str, bytes | str]) -> str:
    """Send files as an archive, have them looked at, and return the address of the import."""
    answer = send_archive(browser, zipped(files))
    assert answer.status_code == 201, answer.text
    work(app)
    return str(answer.json["to"])


def work(app: Flask) -> None:
    Worker(app, lease_seconds=60).drain()


def the_run() -> ImportRun:
    db.session.expire_all()
    return db.session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()


def file_at(path: str) -> ImportFile:
    db.session.expire_all()
    return db.session.scalars(
        select(ImportFile).where(ImportFile.path == path, ImportFile.run_id == the_run().id)
    ).one()


def number_of(kind: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def looks() -> dict[str, str]:
    db.session.expire_all()
    return {
        file.path.rpartition("/")[2]: file.look for file in db.session.scalars(select(ImportFile))
    }


def left_in_store() -> list[str]:
    return [found.key for found in current_storage().find("imports/")]


def test_a_messy_drive_is_looked_at_and_every_file_has_its_place(
    app: Flask, browser: FlaskClient
) -> None:
    address = bring(app, browser, mess())
    assert the_run().state is State.CHECKED
    assert looks() == {
        "Caso Vértice FINAL v3.pdf": Look.NEW,
        "Caso Vértice FINAL v2.pdf": Look.NEAR,
        "deck_CFO_EN.txt": Look.NEW,
        "relatorio.txt": Look.NEW,
        "Cópia de relatorio.txt": Look.SAME,
        "vazio.txt": Look.UNREADABLE,
        "instalar.exe": Look.UNREADABLE,
        "outro.zip": Look.UNREADABLE,
        ".DS_Store": Look.LEFT_OUT,
        "._relatorio.txt": Look.LEFT_OUT,
        "Thumbs.db": Look.LEFT_OUT,
    }
    deck = file_at("Marketing/Apresentações/NEGOCIAÇÃO/deck_CFO_EN.txt")
    assert deck.facts["stages"] == ["negotiation"]
    assert (deck.facts["type"], deck.facts["language"]) == ("presentation", "en")
    assert number_of(Asset) == 0
    page = browser.get(address).text
    assert "deck_CFO_EN.txt" in page
    assert ".DS_Store" not in page
    assert ".DS_Store" in browser.get(f"{address}?show=left_out").text


def test_what_is_imported_comes_in_once_complete_or_as_a_draft_and_goes_again(
    app: Flask, browser: FlaskClient, marketer: User
) -> None:
    address = bring(app, browser, mess() | CASES)
    browser.post(f"{address}/all?show=all", data={"status": "published"})
    browser.post(f"{address}/run")
    work(app)
    run = the_run()
    assert (run.state, run.counts) == (State.DONE, {"created": 5})
    case = db.session.scalars(select(Asset).where(Asset.title == "Acme - CFO")).one()
    assert (case.status, case.owner, case.audience) == (Status.PUBLISHED, marketer, "internal")
    assert case.latest_version.file_name == "Acme - CFO.txt"
    report = file_at("Marketing/Clientes 2023/relatorio.txt")
    assert (report.asset.status, report.problem[:23]) == (Status.DRAFT, "It came in as a draft: ")
    assert left_in_store() == []
    reasons = browser.get(f"{address}/errors.csv").text
    assert reasons.startswith("\ufeffArquivo,")
    assert "instalar.exe" in reasons
    again = bring(app, browser, mess() | CASES)
    assert set(looks().values()) & {Look.NEW, Look.NEAR} <= {Look.NEW, Look.NEAR}
    assert browser.get(again).text.count('action="/imports/files/2/run"') == 0
    before = number_of(Asset)
    browser.post(f"{again}/run")
    work(app)
    assert (the_run().counts, number_of(Asset)) == ({}, before)
    browser.post(f"{address}/undo")
    work(app)
    assert db.session.get(ImportRun, run.id).state is State.UNDONE
    # What was on air has a history that nothing deletes.
    assert [asset.status for asset in db.session.scalars(select(Asset))] == [
        Status.ARCHIVED,
        Status.ARCHIVED,
    ]


def test_what_people_changed_or_used_since_stays_when_an_import_is_undone(
    app: Flask, browser: FlaskClient, marketer: User
) -> None:
    files = {f"{name}.txt": f"{name} {TEXT}" for name in ("alterado", "usado", "intocado")}
    address = bring(app, browser, files)
    browser.post(f"{address}/run")
    work(app)
    assets = {asset.title: asset for asset in db.session.scalars(select(Asset))}
    factories.change(assets["Alterado"], title="Outro título")
    used = assets["Usado"]
    usage.record(
        UsageAction.SENT_OUTSIDE,
        asset_id=used.id,
        version_id=used.latest_version.id,
        actor_id=marketer.id,
        idempotency_key="once",
    )
    db.session.commit()
    browser.post(f"{address}/undo")
    work(app)
    titles = {asset.title for asset in db.session.scalars(select(Asset))}
    assert titles == {"Outro título", "Usado"}
    page = browser.get(address).text
    assert "alterado.txt" in page
    assert "usado.txt" in page


def test_rules_describe_folders_and_leave_what_was_typed_by_hand(
    app: Flask, browser: FlaskClient
) -> None:
    address = bring(app, browser, {"Grupo/a.txt": "um " + TEXT, "Grupo/b.txt": "dois " + TEXT})
    assert 'value="Grupo"' in browser.get(f"{address}/rules").text
    first = file_at("Grupo/a.txt")
    mended = browser.post(f"{address}/rows/{first.id}", data={f"{first.id}-stages": "Descoberta"})
    assert mended.status_code == 200
    rule = {"pattern": ["Grupo", ""], "stages": ["Proposta", ""], "personas": ["campeao", ""]}
    assert browser.post(f"{address}/rules", data=rule).status_code == 303
    assert file_at("Grupo/a.txt").facts["stages"] == ["discovery"]
    assert file_at("Grupo/b.txt").facts["stages"] == ["proposal"]
    assert file_at("Grupo/a.txt").complete
    assert 'value="Proposta"' in browser.get(f"{address}/rules").text
    # The next import begins with them.
    bring(app, browser, {"Outro/Grupo/c.txt": "três " + TEXT})
    assert file_at("Outro/Grupo/c.txt").facts["stages"] == ["proposal"]


def test_a_word_that_is_not_known_stays_in_its_cell_with_its_reason(
    app: Flask, browser: FlaskClient
) -> None:
    address = bring(app, browser, {"a.txt": TEXT})
    file = file_at("a.txt")
    cells = {f"{file.id}-stages": "Propsta", f"{file.id}-title": "Novo título", "row": file.id}
    row = browser.post(f"{address}/rows/{file.id}", data=cells)
    assert 'value="Propsta"' in row.text
    assert "não é um valor conhecido" in row.text
    assert file_at("a.txt").facts["title"] == "Novo título"
    page = browser.post(f"{address}/rows?show=all", data=cells)
    assert page.status_code == 422
    assert 'value="Propsta"' in page.text
    rules = browser.post(f"{address}/rules", data={"pattern": "x", "stages": "Propsta"})
    assert rules.status_code == 422
    assert 'value="Propsta"' in rules.text


def test_the_grid_works_as_a_plain_form(app: Flask, browser: FlaskClient, marketer: User) -> None:
    address = bring(app, browser, {"a.txt": "um " + TEXT, "b.txt": "dois " + TEXT})
    page = browser.get(address).text
    given = dict(re.findall(r'<input class="sheet-field" name="([^"]+)" value="([^"]*)"', page))
    first, second = file_at("a.txt"), file_at("b.txt")
    given |= {
        "row": [first.id, second.id],
        f"{first.id}-personas": "Campeão, usuário",
        f"{first.id}-owner": marketer.email,
        f"{second.id}-action": "skip",
    }
    assert browser.post(f"{address}/rows", data=given).status_code == 303
    assert file_at("a.txt").by_hand == {"personas": ["champion", "user"]}
    assert (file_at("b.txt").action, file_at("b.txt").by_hand) == (Action.SKIP, {})


def test_a_near_file_can_become_a_version_of_the_material_it_is_like(
    app: Flask, browser: FlaskClient, marketer: User
) -> None:
    old = factories.draft("Tabela de preços 2023", owner=marketer)
    address = bring(app, browser, {"Tabela de preços 2024 (FINAL).txt": TEXT})
    file = file_at("Tabela de preços 2024 (FINAL).txt")
    assert (file.look, file.like_asset_id) == (Look.NEAR, old.id)
    browser.post(f"{address}/rows/{file.id}", data={f"{file.id}-action": "version"})
    browser.post(f"{address}/run")
    work(app)
    assert the_run().counts == {"changed": 1}
    assert [version.number for version in db.session.get(Asset, old.id).versions] == [1, 2]
    assert number_of(Asset) == 1


def test_a_table_beside_the_files_describes_them_and_wins_over_rules(
    app: Flask, browser: FlaskClient, marketer: User
) -> None:
    table = (
        "external_id,title,type,stages,personas,language,owner_email,status,file\n"
        f"C1,Caso da tabela,case_study,proposal,champion,pt,{marketer.email},published,a/x.txt\n"
        "C2,Sem arquivo,script,,,,,,\n"
        "C3,Falta,script,,,,,,nada.txt\n"
        "C4,Etapa errada,script,nenhuma,,,,,a/y.txt\n"
    )
    files = {"D/assets.csv": table, "D/a/x.txt": "x " + TEXT, "D/a/y.txt": "y " + TEXT}
    address = bring(app, browser, files)
    assert file_at("D/assets.csv").look is Look.LEFT_OUT
    assert file_at("D/assets.csv:4").look is Look.UNREADABLE
    odd = file_at("D/a/y.txt")
    assert (odd.facts["title"], "nenhuma" in str(odd.parameters)) == ("Etapa errada", True)
    browser.post(f"{address}/run")
    work(app)
    assets = {asset.external_id: asset for asset in db.session.scalars(select(Asset))}
    assert set(assets) == {"C1", "C2", "C4"}
    assert assets["C1"].status is Status.PUBLISHED
    again = bring(app, browser, files)
    browser.post(f"{again}/run")
    work(app)
    assert the_run().counts == {"same": 3}


def test_a_folder_is_sent_file_by_file_and_goes_on_where_it_stopped(
    app: Flask, browser: FlaskClient
) -> None:
    contents = {"D/a.txt": b"um " + TEXT.encode(), "D/sub/b.pdf": pdf("dois"), "D/c.exe": b"MZ"}
    listed = {"name": "D", "files": [[path, len(body)] for path, body in contents.items()]}
    begun = browser.post("/imports/files", json=listed).json
    assert [place for place, _id in begun["send"]] == [0, 1]
    aim = {"run": begun["run"], "file": begun["send"][0][1]}
    assert send_parts(browser, aim, "a.txt", contents["D/a.txt"]).status_code == 201
    assert "D" in browser.get(begun["to"]).text
    # The same folder chosen again.
    again = browser.post("/imports/files", json=listed).json
    assert (again["run"], len(again["send"])) == (begun["run"], 1)
    aim = {"run": begun["run"], "file": again["send"][0][1]}
    send_parts(browser, aim, "b.pdf", contents["D/sub/b.pdf"])
    browser.post(begun["arrived"])
    work(app)
    assert looks() == {"a.txt": Look.NEW, "b.pdf": Look.NEW, "c.exe": Look.UNREADABLE}
    assert file_at("D/sub/b.pdf").kind == KINDS["pdf"].name
    browser.post(f"{begun['to']}/run")
    work(app)
    assert number_of(AssetVersion) == 2
    assert left_in_store() == []


def test_a_file_that_never_came_is_named(app: Flask, browser: FlaskClient) -> None:
    begun = browser.post("/imports/files", json={"name": "D", "files": [["D/a.txt", 3]]}).json
    browser.post(begun["arrived"])
    work(app)
    assert (file_at("D/a.txt").look, the_run().state) == (Look.UNREADABLE, State.CHECKED)


def test_what_is_no_archive_is_refused_and_leaves_nothing(browser: FlaskClient) -> None:
    answer = send_archive(browser, b"PK\x03\x04 not really" * 50)
    assert answer.status_code == 422
    assert "ZIP" in answer.text
    assert number_of(ImportRun) == 0
    assert left_in_store() == []


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {"files": []},
        {"name": "x"},
        {"name": "x", "files": [["a"]]},
        {"name": "x", "files": [["a", -1]]},
        {"name": "x", "files": [[1, 1]]},
        {"name": "x", "files": []},
        {"name": 1, "size": 1},
    ],
)
def test_a_list_that_is_none_is_refused(browser: FlaskClient, told: Any) -> None:
    assert browser.post("/imports/files", json=told).status_code == 422
    assert number_of(ImportRun) == 0


def test_more_files_than_anybody_sends_are_refused(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending_views, "MOST_FILES", 2)
    files = [[f"D/{number}.txt", 1] for number in range(3)]
    assert browser.post("/imports/files", json={"name": "D", "files": files}).status_code == 422


def test_an_archive_comes_in_by_a_plain_form_too(app: Flask, browser: FlaskClient) -> None:
    data = {"archive": (io.BytesIO(zipped(CASES)), "casos.zip")}
    answer = browser.post("/imports/files/archive", data=data)
    assert answer.status_code == 303
    work(app)
    assert looks() == {"Acme - CFO.txt": Look.NEW}


def test_an_import_is_paused_and_goes_on(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contentlib.importing.bundles.taking.PORTION", 2)
    address = bring(app, browser, {f"{n}.txt": f"{n} {TEXT}" for n in range(5)})
    browser.post(f"{address}/run")
    worker = Worker(app, lease_seconds=60)
    while number_of(Asset) < 2:
        assert worker.turn()
    browser.post(f"{address}/stop")
    work(app)
    assert (the_run().state, number_of(Asset)) == (State.STOPPED, 2)
    browser.post(f"{address}/run")
    work(app)
    assert (the_run().state, the_run().counts) == (State.DONE, {"created": 5})


def test_a_file_that_came_in_meanwhile_is_not_added_again(app: Flask, browser: FlaskClient) -> None:
    first, second = (bring(app, browser, CASES) for _twice in range(2))
    for address in (first, second):
        browser.post(f"{address}/run")
        work(app)
    assert (the_run().counts, number_of(Asset)) == ({"same": 1}, 1)


def test_a_portion_done_twice_makes_nothing_twice(app: Flask, browser: FlaskClient) -> None:
    address = bring(app, browser, CASES)
    browser.post(f"{address}/run")
    work(app)
    run = the_run()
    run.state = State.RUNNING
    browser.post(f"{address}/stop")
    browser.post(f"{address}/run")
    work(app)
    assert (number_of(Asset), number_of(ImportRow)) == (1, 1)


def test_the_policy_of_approval_holds_and_leaves_a_draft(app: Flask, browser: FlaskClient) -> None:
    address = bring(app, browser, CASES)
    browser.post(f"{address}/all", data={"status": "published"})
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"approval": "other"})
    try:
        browser.post(f"{address}/run")
        work(app)
    finally:
        app.extensions["settings"] = settings
    file = file_at("Casos de sucesso/Negociação/Acme - CFO.txt")
    assert (file.result, file.asset.status) == (Result.CREATED, Status.DRAFT)
    assert file.problem


def test_what_was_sent_is_gone_when_an_import_is_discarded(
    app: Flask, browser: FlaskClient
) -> None:
    address = bring(app, browser, CASES)
    assert len(left_in_store()) == 1
    assert browser.post(f"{address}/discard").status_code == 303
    work(app)
    assert left_in_store() == []
    assert (number_of(ImportRun), number_of(ImportFile)) == (0, 0)


def test_tables_and_bundles_do_not_answer_for_each_other(
    app: Flask, browser: FlaskClient, sign_in: SignIn, manager: User, admin: User
) -> None:
    address = bring(app, browser, CASES)
    number = address.rpartition("/")[2]
    assert sign_in(manager).get(address).status_code == 404
    assert sign_in(admin).get(f"/imports/{number}").status_code == 404
    assert "drive.zip" not in sign_in(admin).get("/imports").text


def test_a_formula_in_a_name_is_harmless_in_the_table_of_reasons(
    app: Flask, browser: FlaskClient
) -> None:
    address = bring(app, browser, {"=HYPERLINK(1).exe": "MZ"})
    assert "\n'=HYPERLINK(1).exe," in browser.get(f"{address}/errors.csv").text.replace("\r", "")


def test_a_title_typed_by_hand_is_not_overwritten_by_the_files_own(
    app: Flask, browser: FlaskClient
) -> None:
    page = "<html><title>O título do próprio arquivo</title><p>palavras</p></html>"
    address = bring(app, browser, {"a.html": page})
    file = file_at("a.html")
    browser.post(f"{address}/rows/{file.id}", data={f"{file.id}-title": "Meu título"})
    browser.post(f"{address}/run")
    work(app)
    assert db.session.scalars(select(Asset)).one().title == "Meu título"


def test_a_bundle_that_nobody_went_on_sending_is_forgotten_after_a_week(
    app: Flask, browser: FlaskClient, tmp_path: Path
) -> None:
    browser.post("/imports/files", json={"name": "D", "files": [["D/a.txt", 3]]})
    kept = bring(app, browser, CASES)
    stray = tmp_path / "stray"
    stray.write_text("of no import")
    current_storage().put("imports/stray", stray)
    for days, left in ((1, 2), (8, 1)):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            jobs.enqueue("importing.tidy", "daily")
            db.session.commit()
            work(app)
        assert number_of(ImportRun) == left
        assert ("imports/stray" in left_in_store()) == (days == 1)
    assert browser.get(kept).status_code == 200
    assert len(left_in_store()) == 1


def test_a_hostile_archive_is_told_row_by_row_and_what_is_honest_comes_in(
    app: Flask, browser: FlaskClient
) -> None:
    text = "bom " + TEXT
    content = bytearray(
        zipped({"bom.txt": text, "../fora.txt": "x", "mente.txt": "y" * 90, "so texto.pdf": "z"})
    )
    at = content.index(b"mente.txt", content.index(b"PK\x01\x02")) - 46
    content[at + 24] += 7
    address = send_archive(browser, bytes(content)).json["to"]
    work(app)
    assert looks() == {
        "bom.txt": Look.NEW,
        "fora.txt": Look.UNREADABLE,
        "mente.txt": Look.UNREADABLE,
        "so texto.pdf": Look.UNREADABLE,
    }
    page = browser.get(f"{address}?show=unreadable").text
    assert "leva para fora da pasta" in page
    assert "danificado ou incompleto" in page
    browser.post(f"{address}/run")
    work(app)
    assert (the_run().state, number_of(Asset)) == (State.DONE, 1)


def test_rows_that_came_in_are_settled_while_the_rest_is_mended(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contentlib.importing.bundles.taking.PORTION", 1)
    address = bring(app, browser, {f"{n}.txt": f"{n} {TEXT}" for n in range(2)})
    browser.post(f"{address}/run")
    worker = Worker(app, lease_seconds=60)
    while number_of(Asset) < 1:
        assert worker.turn()
    browser.post(f"{address}/stop")
    first, second = file_at("0.txt"), file_at("1.txt")
    for file in (first, second):
        browser.post(f"{address}/rows/{file.id}", data={f"{file.id}-title": "Outro título"})
    assert file_at("0.txt").by_hand == {}
    assert file_at("1.txt").by_hand == {"title": "Outro título"}
    page = browser.get(address).text
    assert f'name="{first.id}-title"' not in page
    assert f'name="{second.id}-title"' in page

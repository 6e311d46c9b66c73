"""All materials as a table, and the same table taken in again: nothing changes."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.importing.cli import import_table
from contentlib.library import exporting, service, taxonomy, versions
from contentlib.library.models import Asset, Status
from tests import factories

SignIn = Callable[[User], FlaskClient]
TITLES = ["=SOMA(A1)", "'=aspas", "''+duas", "-5 %", "@arroba", "Diz “não”, e; fim", "João '+55'"]
SUMMARY = 'Primeira linha.\nSegunda, com "aspas".\n\n=não é fórmula'


@pytest.fixture
def shelf(marketer: User) -> None:
    deputy = factories.user("marketer")
    tag = taxonomy.add_term(taxonomy.Tag, "Frota | pesada")
    for title in TITLES:
        row = factories.asset(title, owner=marketer, deputy=deputy, tags=[tag], summary=SUMMARY)
        row.valid_until = date(2098, 1, 31)
    factories.draft("Só um rascunho", owner=marketer)
    service.archive(factories.asset("No arquivo", owner=marketer))
    waits = factories.asset("Com versão à espera", owner=marketer, external_id="crm 7")
    versions.add_link_version(waits, url="https://firm.example/2", by=marketer)
    db.session.commit()


def everything() -> list[tuple[Any, ...]]:
    db.session.expire_all()
    assets = db.session.scalars(select(Asset).order_by(Asset.id))
    stand = [(asset.revision, asset.published_version_id, asset.updated_at) for asset in assets]
    return list(zip(stand, exporting.rows(), strict=True))


def exported(browser: FlaskClient, folder: Path) -> Path:
    answer = browser.get("/assets/export.csv")
    assert answer.status_code == 200
    path = folder / "assets.csv"
    path.write_bytes(answer.data)
    return path


def test_what_is_exported_and_imported_again_changes_nothing(
    app: Flask, shelf: None, sign_in: SignIn, marketer: User, tmp_path: Path
) -> None:
    path = exported(sign_in(marketer), tmp_path)
    before = everything()
    answer = app.test_cli_runner().invoke(import_table, ["assets", str(path)])
    number = len(before)
    assert answer.output == f"assets: 0 created, 0 changed, {number} unchanged, 0 failed\n"
    assert everything() == before


def test_no_cell_of_the_table_is_run_as_a_formula(
    app: Flask, shelf: None, sign_in: SignIn, marketer: User, tmp_path: Path
) -> None:
    text = exported(sign_in(marketer), tmp_path).read_text("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=SOMA(A1)" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_a_row_that_was_changed_in_the_table_changes_its_material(
    app: Flask, shelf: None, sign_in: SignIn, marketer: User, tmp_path: Path
) -> None:
    path = exported(sign_in(marketer), tmp_path)
    path.write_text(path.read_text().replace("Só um rascunho", "Um rascunho melhor"))
    app.test_cli_runner().invoke(import_table, ["assets", str(path)])
    titles = {asset.title for asset in db.session.scalars(select(Asset))}
    assert "Um rascunho melhor" in titles
    assert "Só um rascunho" not in titles


def test_another_installation_has_no_material_by_the_name_of_ours(marketer: User) -> None:
    row = factories.draft("Nosso", owner=marketer)
    name = exporting.name_of(row)
    assert exporting.find_by_name(name) is row
    row.created_at += timedelta(microseconds=1)
    db.session.flush()
    assert exporting.find_by_name(name) is None
    assert row.status is Status.DRAFT


def test_sellers_export_nothing(sign_in: SignIn, seller: User) -> None:
    assert sign_in(seller).get("/assets/export.csv").status_code == 404

"""`contentlib import`: documented columns, plain reports, and exit statuses scripts can rely on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.accounts.queries import find_user
from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.deals.models import Company, Deal
from contentlib.deals.told import find_deal
from contentlib.importing.cli import import_table
from contentlib.importing.models import ImportRun, State
from contentlib.library import taxonomy
from contentlib.library.models import Asset, Blob, Status
from contentlib.library.queries import find_by_external_id
from contentlib.storage.current import current_storage
from tests import factories
from tests.importing.files import take_back

Import = Callable[..., Result]
DEALS = "external_id,title,amount,opened_at,seller_email\n"


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Import:
    """Write a table and import it as a person at the command line would."""
    taxonomy.seed()
    outcomes.seed()
    db.session.commit()

    def call(kind: str, text: str, *options: str) -> Result:
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        return app.test_cli_runner().invoke(import_table, [kind, str(file), *options])

    return call


def test_a_firm_comes_in_from_five_files(run: Import, tmp_path: Path) -> None:
    (tmp_path / "caso.txt").write_text("Um caso de sucesso com números de verdade.")
    tables = {
        "users": "email,name,role,team\nana@f.example,Ana,seller,North\n"
        "bia@f.example,Bia,marketing,\n",
        "assets": "external_id,title,type,stages,personas,language,owner_email,status,file\n"
        "A1,Caso,Caso de sucesso,proposal|Negociação,champion,pt,bia@f.example,published,"
        "caso.txt\n",
        "deals": "external_id,title,company,seller_email,team,pipeline,amount,currency,opened_at,"
        "closed_at,outcome,loss_reason,size_band\n"
        "D1,Rota,Acme,ana@f.example,,,1234.50,BRL,2024-01-10,2024-03-01,won,,small\n",
        "stages": "deal_external_id,stage,entered_at\nD1,proposta,2024-01-20\n",
        "uses": "deal_external_id,asset_external_id,user_email,occurred_at,action,channel,"
        "recorded_at\nD1,A1,ana@f.example,2024-02-01T10:00:00Z,shown,meeting,\n",
    }
    for kind, text in tables.items():
        answer = run(kind, text)
        assert (answer.exit_code, answer.stderr) == (0, ""), kind
    assert find_user("ana@f.example").team.name == "North"
    assert find_by_external_id("A1").status is Status.PUBLISHED
    assert find_deal("D1").amount_minor == 1234_50
    for kind, text in tables.items():
        assert "0 created, 0 changed" in run(kind, text).stdout, kind


def test_a_row_that_fails_is_named_by_its_line_and_the_status_is_1(run: Import) -> None:
    answer = run("deals", DEALS + "1,Rota,5,2024-01-01,\n2,Rota,x,2024-01-01,\n")
    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[0] == "line 3: “x” is not an amount of money."
    assert answer.stdout == "deals: 1 created, 0 changed, 0 unchanged, 1 failed\n"
    assert find_deal("1") is not None


def test_a_dry_run_keeps_nothing_but_reports_the_same(run: Import, tmp_path: Path) -> None:
    (tmp_path / "caso.txt").write_text("palavras")
    factories.user("marketer")
    owner = db.session.scalars(select(User)).one().email
    assets = "external_id,title,type,stages,personas,language,owner_email,status,file\n"
    before = {found.key for found in current_storage().find()}
    tried = run("deals", DEALS + "1,Rota,5,2024-01-01,\n2,Rota,x,2024-01-01,\n", "--dry-run")
    asset = run(
        "assets", f"{assets}A1,Caso,script,lead,user,pt,{owner},draft,caso.txt\n", "--dry-run"
    )
    assert (tried.exit_code, asset.exit_code) == (1, 0)
    assert "1 created, 0 changed, 0 unchanged, 1 failed (dry run" in tried.stdout
    for kind in (Deal, Company, Asset, Blob, ImportRun):
        assert db.session.scalar(select(func.count()).select_from(kind)) == 0
    assert {found.key for found in current_storage().find()} == before


def test_usage_errors_have_status_2(run: Import, app: Flask) -> None:
    assert app.test_cli_runner().invoke(import_table, ["deals", "absent.csv"]).exit_code == 2
    assert run("nonsense", "a\n").exit_code == 2


def test_materials_are_archived_when_their_import_is_undone(run: Import) -> None:
    owner = factories.user("marketer").email
    run("assets", f"external_id,title,type,owner_email\nA1,Caso,script,{owner}\n")
    imported = db.session.scalars(select(ImportRun)).one()
    assert imported.state is State.DONE
    take_back(imported)
    assert find_by_external_id("A1").status is Status.ARCHIVED


def test_more_rows_than_one_portion_come_in_whole(run: Import) -> None:
    rows = "".join(f"D{number},Rota {number},5,2024-01-01,\n" for number in range(450))
    assert "450 created" in run("deals", DEALS + rows + "D7,Rota,5,2024-01-01,\n").stdout
    assert db.session.scalar(select(func.count()).select_from(Deal)) == 450

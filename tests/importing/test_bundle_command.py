"""`contentlib import assets` on a folder or a ZIP: the same steps as in the browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.importing.bundles.models import ImportFile
from contentlib.importing.cli import import_table
from contentlib.importing.models import ImportRun, State
from contentlib.library import taxonomy
from contentlib.library.models import Asset, Status
from contentlib.storage.current import current_storage
from tests.importing.bundled import TEXT, mess, spread, zipped
from tests.importing.files import take_back

Import = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Import:
    taxonomy.seed()
    db.session.commit()
    return lambda *words: app.test_cli_runner().invoke(import_table, ["assets", *map(str, words)])


def number_of_assets() -> int:
    return db.session.scalar(select(func.count()).select_from(Asset)) or 0


def test_a_dry_run_prints_the_table_and_keeps_nothing(run: Import, tmp_path: Path) -> None:
    folder = spread(tmp_path / "drive", mess())
    before = {found.key for found in current_storage().find()}
    answer = run(folder, "--dry-run")
    assert answer.exit_code == 1
    for line in (
        "new        Marketing/Apresentações/NEGOCIAÇÃO/deck_CFO_EN.txt: Deck CFO EN |",
        "unreadable Marketing/Clientes 2023/instalar.exe: This file is a program",
        "drive: 3 new, 1 same, 1 near, 3 unreadable, 3 left out\n",
    ):
        assert line in answer.stdout
    for kind in (Asset, ImportRun, ImportFile):
        assert db.session.scalar(select(func.count()).select_from(kind)) == 0
    assert {found.key for found in current_storage().find()} == before


def test_a_folder_comes_in_once_by_rules_and_its_zip_brings_nothing_more(
    run: Import, tmp_path: Path, marketer: User
) -> None:
    files = {"Ação/a.txt": "um " + TEXT, "Ação/b.txt": "dois " + TEXT}
    folder = spread(tmp_path / "drive", files)
    rules = tmp_path / "rules.csv"
    rules.write_text("pattern,type,stages,personas\nacao,script,proposta,Campeão\n")
    words = ("--owner", marketer.email, "--rules", rules, "--publish")
    answer = run(folder, *words)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.endswith("assets: 2 created, 0 changed, 0 unchanged, 0 failed\n")
    assets = db.session.scalars(select(Asset)).all()
    assert [asset.status for asset in assets] == [Status.PUBLISHED] * 2
    assert {asset.type.key for asset in assets} == {"script"}
    archive = tmp_path / "drive.zip"
    archive.write_bytes(zipped(files))
    again = run(archive, *words)
    assert again.stdout.endswith("assets: 0 created, 0 changed, 0 unchanged, 0 failed\n")
    assert number_of_assets() == 2


def test_without_an_owner_a_file_is_kept_out_with_its_reason(run: Import, tmp_path: Path) -> None:
    answer = run(spread(tmp_path / "d", {"a.txt": TEXT}))
    assert answer.exit_code == 1
    assert answer.stderr == "a.txt: Name its owner.\n"


def test_links_are_not_followed(run: Import, tmp_path: Path, marketer: User) -> None:
    folder = spread(tmp_path / "d", {"a.txt": TEXT})
    (tmp_path / "secret.txt").write_text("segredo " + TEXT)
    (folder / "atalho.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "pasta").symlink_to(tmp_path)
    answer = run(folder, "--owner", marketer.email)
    assert "atalho.txt: This is a link" in answer.stdout
    assert number_of_assets() == 1


def test_an_import_of_the_command_is_undone_like_any_other(
    run: Import, tmp_path: Path, marketer: User
) -> None:
    run(spread(tmp_path / "d", {"a.txt": TEXT}), "--owner", marketer.email)
    imported = db.session.scalars(select(ImportRun)).one()
    assert imported.state is State.DONE
    take_back(imported)
    assert number_of_assets() == 0


@pytest.mark.parametrize("words", [["--create-missing"], ["--owner", "nobody@firm.example"]])
def test_what_makes_no_sense_is_refused(run: Import, tmp_path: Path, words: list[str]) -> None:
    assert run(spread(tmp_path / "d", {"a.txt": TEXT}), *words).exit_code != 0
    table = tmp_path / "assets.csv"
    table.write_text("external_id,title,type\n")
    assert run(table, "--publish").exit_code == 2

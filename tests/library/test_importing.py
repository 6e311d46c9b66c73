"""Materials from a table: by external id, in either language, the same again changing nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import ContentlibError, Invalid
from contentlib.library import taxonomy
from contentlib.library.firm_day import firm_today
from contentlib.library.importing import Outcome, import_row
from contentlib.library.models import Asset, Status
from contentlib.library.taxonomy import Stage
from contentlib.storage.current import current_storage
from tests.library.test_jobs import pdf


@pytest.fixture
def row(app: Flask, marketer: User, tmp_path: Path) -> dict[str, str]:
    taxonomy.seed()
    (tmp_path / "caso.pdf").write_bytes(pdf("Um caso"))
    return {
        "external_id": "caso-1",
        "title": "Caso Vértice",
        "type": "Caso de sucesso",
        "stages": "proposal|Negociação",
        "personas": "DECISOR ECONOMICO",
        "language": "pt-BR",
        "owner_email": marketer.email.upper(),
        "status": "published",
        "file": "caso.pdf",
    }


def take(row: dict[str, str], folder: Path, *, create_missing: bool = False) -> Outcome:
    outcome = import_row(
        row,
        folder,
        create_missing=create_missing,
        storage=current_storage(),
        limit=10**6,
        today=firm_today(),
    )
    db.session.flush()
    return outcome


def only_asset() -> Asset:
    return db.session.scalars(select(Asset)).one()


def test_a_row_becomes_a_published_material_with_its_file(
    row: dict[str, str], tmp_path: Path
) -> None:
    assert take(row, tmp_path) == "created"
    asset = only_asset()
    assert asset.status is Status.PUBLISHED
    assert [stage.key for stage in asset.stages] == ["proposal", "negotiation"]
    assert asset.versions[0].file_name == "caso.pdf"
    assert asset.review_due is not None


def test_the_same_row_again_changes_nothing(row: dict[str, str], tmp_path: Path) -> None:
    take(row, tmp_path)
    db.session.refresh(only_asset(), ["stages"])
    assert take(row, tmp_path) == "unchanged"
    assert len(only_asset().versions) == 1


def test_a_changed_row_updates_and_a_changed_file_is_a_new_version(
    row: dict[str, str], tmp_path: Path
) -> None:
    take(row, tmp_path)
    (tmp_path / "caso.pdf").write_bytes(pdf("Um caso, revisto"))
    assert take(row | {"title": "Caso Vértice 2"}, tmp_path) == "updated"
    asset = only_asset()
    assert (asset.title, len(asset.versions)) == ("Caso Vértice 2", 2)
    assert asset.published_version is asset.versions[1]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("external_id", ""),
        ("title", " "),
        ("type", "nonsense"),
        ("stages", "proposal|nonsense"),
        ("language", "klingon"),
        ("owner_email", "nobody@firm.example"),
        ("status", "maybe"),
        ("file", "absent.pdf"),
        ("file", "../secret.pdf"),
        ("file", "/etc/passwd"),
        ("file", "a\x00b"),
    ],
)
def test_a_row_that_cannot_be_used_says_in_which_cell(
    row: dict[str, str], tmp_path: Path, cell: str, value: str
) -> None:
    (tmp_path.parent / "secret.pdf").write_bytes(pdf("Segredo"))
    with pytest.raises(Invalid) as refusal:
        take(row | {cell: value}, tmp_path)
    assert refusal.value.field == cell


def test_a_link_out_of_the_folder_is_not_followed(row: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    with pytest.raises(Invalid):
        take(row | {"file": "link.pdf"}, tmp_path)


def test_a_row_that_lacks_a_required_fact_is_not_published(
    row: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(Invalid) as refusal:
        take(row | {"personas": ""}, tmp_path)
    assert refusal.value.field == "personas"
    db.session.rollback()
    taxonomy.seed()


def test_unknown_words_are_made_when_asked(row: dict[str, str], tmp_path: Path) -> None:
    take(row | {"stages": "Qualificação|proposal"}, tmp_path, create_missing=True)
    assert taxonomy.find_term(Stage, "qualificacao") in only_asset().stages


def test_a_file_that_is_not_taken_is_the_rows_error(row: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "setup.exe").write_bytes(b"MZ\x90")
    with pytest.raises(ContentlibError):
        take(row | {"file": "setup.exe"}, tmp_path)
    assert db.session.scalar(select(func.count(Asset.id))) == 0


def test_archived_rows_are_archived_and_come_back(row: dict[str, str], tmp_path: Path) -> None:
    take(row, tmp_path)
    take(row | {"status": "arquivado"}, tmp_path)
    assert only_asset().status is Status.ARCHIVED
    take(row, tmp_path)
    assert only_asset().status is Status.PUBLISHED
    with pytest.raises(Invalid):
        take(row | {"status": "draft"}, tmp_path)

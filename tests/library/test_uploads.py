"""Files on their way in: kept once, refused with a reason, doubled by nothing."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.extraction import UnacceptableFile
from contentlib.jobs.models import Job
from contentlib.library import queries, taxonomy
from contentlib.library.models import Asset, Blob
from contentlib.library.uploads import service as uploads
from contentlib.receiving import Arrived
from contentlib.storage import Storage, UploadTooLarge, object_key
from contentlib.storage.current import current_storage

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LIMIT = 10_000


@pytest.fixture
def storage(app: Flask) -> Storage:
    taxonomy.seed()
    return current_storage()


def arrive(storage: Storage, content: bytes, name: str = "caso.pdf") -> Arrived:
    return uploads.take_in(storage, BytesIO(content), name, limit=LIMIT)


def test_a_file_becomes_a_draft_with_its_bytes_in_the_store(
    storage: Storage, marketer: User
) -> None:
    asset = uploads.new_draft(arrive(storage, PDF, "Caso_Vértice.pdf"), by=marketer)
    version = asset.latest_version
    assert version is not None
    assert version.blob is not None
    assert (asset.title, version.file_name) == ("Caso Vértice", "Caso_Vértice.pdf")
    with storage.open(object_key(version.blob.sha256)) as stream:
        assert stream.read() == PDF
    kinds = set(db.session.scalars(select(Job.kind).where(Job.key == version.blob.sha256)))
    assert kinds == {"library.extract", "library.preview"}


def test_the_same_key_makes_one_draft(storage: Storage, marketer: User) -> None:
    first = uploads.new_draft(arrive(storage, PDF), by=marketer, key="k")
    again = uploads.new_draft(arrive(storage, PDF), by=marketer, key="k")
    assert again is first
    assert db.session.scalar(select(func.count(Asset.id))) == 1


def test_a_key_belongs_to_its_sender(storage: Storage, marketer: User, admin: User) -> None:
    first = uploads.new_draft(arrive(storage, PDF), by=marketer, key="k")
    assert uploads.new_draft(arrive(storage, PDF), by=admin, key="k") is not first


def test_the_same_key_with_other_bytes_is_refused(storage: Storage, marketer: User) -> None:
    uploads.new_draft(arrive(storage, PDF), by=marketer, key="k")
    with pytest.raises(Invalid):
        uploads.new_draft(arrive(storage, PDF + b"x"), by=marketer, key="k")


def test_the_same_bytes_are_kept_and_read_once(storage: Storage, marketer: User) -> None:
    first = uploads.new_draft(arrive(storage, PDF), by=marketer)
    sha256 = arrive(storage, PDF).sha256
    uploads.new_draft(arrive(storage, PDF), by=marketer)
    assert db.session.scalar(select(func.count(Blob.sha256))) == 1
    assert db.session.scalar(select(func.count(Job.id)).where(Job.kind == "library.extract")) == 1
    assert queries.same_bytes(sha256) is first


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.pdf"), (b"MZ\x90\x00", "tool.pdf"), (b"\x89PNG\r\n\x1a\n", "caso.pdf")],
)
def test_what_is_refused_leaves_nothing_behind(storage: Storage, content: bytes, name: str) -> None:
    with pytest.raises(UnacceptableFile):
        arrive(storage, content, name)
    assert list(storage.staging.iterdir()) == []


def test_a_file_over_the_limit_is_refused(storage: Storage) -> None:
    with pytest.raises(UploadTooLarge):
        arrive(storage, PDF + b"x" * LIMIT)
    assert list(storage.staging.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.pdf", "a\x00b.pdf", "fatura\u202efdp.exe.pdf", "C:\\x\\caso.pdf", ".pdf"],
)
def test_hostile_names_become_harmless_ones(storage: Storage, marketer: User, name: str) -> None:
    asset = uploads.new_draft(arrive(storage, PDF, name), by=marketer)
    version = asset.latest_version
    assert version is not None
    kept = str(version.file_name)
    assert kept == Path(kept).name
    assert kept.isprintable()
    assert kept.endswith(".pdf")
    assert asset.title

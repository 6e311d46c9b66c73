import pytest
from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.extraction.kinds import KINDS
from contentlib.library import taxonomy
from contentlib.library.files.formats import FORMAT_NAMES, format_expression, format_of
from contentlib.library.models import Asset, AssetVersion, Audience, Blob, VersionKind
from contentlib.library.taxonomy import AssetType, get_term


@pytest.fixture
def versions(app: Flask, marketer: User) -> list[AssetVersion]:
    """One version of every kind, and of every media type that the library takes."""
    taxonomy.seed()
    asset = Asset(
        title="Tudo",
        type=get_term(AssetType, "script"),
        language="pt",
        audience=Audience.SHAREABLE,
        owner=marketer,
    )
    media = [*(kind.content_type for kind in KINDS.values()), "application/octet-stream"]
    blobs = [
        Blob(sha256=f"{number:064}", size=1, media_type=name) for number, name in enumerate(media)
    ]
    files = [AssetVersion(asset=asset, kind=VersionKind.FILE, blob=blob) for blob in blobs]
    others = [AssetVersion(asset=asset, kind=kind) for kind in VersionKind if kind != "file"]
    for number, version in enumerate([*files, *others], start=1):
        version.number = number
    db.session.add(asset)
    db.session.flush()
    return [*files, *others]


def test_database_and_code_tell_the_same_format(versions: list[AssetVersion]) -> None:
    query = select(AssetVersion.id, format_expression()).outerjoin(AssetVersion.blob)
    told = dict(db.session.execute(query).all())
    for version in versions:
        assert told[version.id] == format_of(version)


def test_every_format_has_a_name_and_occurs(versions: list[AssetVersion]) -> None:
    assert {format_of(version) for version in versions} == set(FORMAT_NAMES)

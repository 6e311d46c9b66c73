import os
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.ids import new_id
from contentlib.jobs import enqueue
from contentlib.jobs.worker import Worker
from contentlib.receiving.models import Upload, UploadState
from contentlib.storage.current import current_storage


def upload(by: User, key: str, state: UploadState, *, hours: float) -> Upload:
    row = Upload(
        id=str(new_id()),
        user_id=by.id,
        key=key,
        file_name="caso.pdf",
        size=10,
        aim={},
        state=state,
        received=5,
        moved_at=now() - timedelta(hours=hours),
    )
    db.session.add(row)
    path = current_storage().staging / f"{row.id}.part"
    path.write_bytes(b"12345")
    stood = row.moved_at.timestamp()
    os.utime(path, (stood, stood))
    return row


def test_what_stood_still_for_a_day_is_forgotten_and_nothing_else(
    app: Flask, marketer: User
) -> None:
    for key, state, hours in (
        ("still", UploadState.RECEIVING, 25),
        ("stored", UploadState.STORING, 25),
        ("under way", UploadState.RECEIVING, 23),
        ("done", UploadState.DONE, 25),
        ("long done", UploadState.DONE, 24 * 31),
        ("long refused", UploadState.REFUSED, 24 * 31),
    ):
        upload(marketer, key, state, hours=hours)
    enqueue("receiving.tidy", "now", {})
    db.session.commit()
    Worker(app, lease_seconds=60).drain()
    assert set(db.session.scalars(select(Upload.key))) == {"under way", "done"}
    names = {path.name for path in current_storage().staging.iterdir()}
    kept = db.session.scalars(select(Upload.id).where(Upload.key == "under way")).one()
    assert names == {f"{kept}.part"}
    for path in current_storage().staging.iterdir():
        path.unlink()

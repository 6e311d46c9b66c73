"""A process that sends files and may die at any moment, and a look at what it left behind."""

import base64
import hashlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from contentlib import receiving
from contentlib.app import create_app
from contentlib.core import failpoints
from contentlib.core.db import db
from contentlib.library import taxonomy
from contentlib.library.models import Asset, AssetVersion, Blob
from contentlib.storage import object_key
from contentlib.storage.current import current_storage
from tests import factories
from tests.real.putting import put
from tests.throwaway import migrate, settings_in

PART = 40_000
POINTS = (
    "part.begun",
    "part.written",
    "part.synced",
    "part.told",
    "hashed",
    "storing",
    "stored",
    "made",
    "finished",
)
IN_A_FOLDER = ("put.synced", "put.renamed")
IN_A_BUCKET = ("put.sent",)
STRAIGHT = "straight-"
"""How the name of a file begins that goes straight to the bucket, and is large enough for it."""

STRAIGHT_POINTS = (
    "store.begun",
    "part.announced",
    "part.put",
    "assembled",
    "gathered",
    "hashed",
    "storing",
    "copied",
    "stored",
    "made",
    "finished",
    "discarded",
)
STRAIGHT_PART = 5 * 2**20
BEGUN = "begun"


def content(name: str) -> bytes:
    """Return a PDF of other bytes for each name."""
    size = STRAIGHT_PART + 150_000 if name.startswith(STRAIGHT) else 150_000
    return b"%PDF-1.4\n" + random.Random(name).randbytes(size) + b"\n%%EOF\n"


@dataclass
class Told:
    """What a sender was answered: bytes of each file that came, and files that are kept."""

    came: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)


def installation(
    folder: Path, storage_url: str = "", database_url: str = "", *, people: bool = True
) -> Flask:
    """Give an installation of its own, whose one person may upload."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_in(
        folder,
        database_url=database_url or f"sqlite:///{folder}/db",
        storage_url=storage_url or f"file:{folder}/files",
    )
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    migrate(app)
    with app.app_context():
        taxonomy.seed()
        if people:
            factories.user("marketer", name="Sender")
        db.session.commit()
    return app


def browser_of(app: Flask) -> FlaskClient:
    """Sign the one person in."""
    client = app.test_client()
    with app.app_context(), client.session_transaction() as session:
        user = db.session.scalars(select(factories.User)).first()
        session["_user_id"], session["_fresh"] = user.fs_uniquifier, True
    return client


def send(browser: FlaskClient, name: str, tell: Callable[[str], None]) -> None:
    """Send one file as the upload field does, telling of each answer."""
    whole = content(name)
    straight = name.startswith(STRAIGHT)
    form = {"name": f"{name}.pdf", "size": len(whole), "direct": "1" if straight else ""}
    begun = browser.post("/uploads", data=form, headers={"Idempotency-Key": name})
    if begun.status_code != 201:
        raise Refused(begun.status_code, begun.text)
    upload = begun.json
    assert (upload["way"] == "store") is straight
    at = upload["offset"]
    while at < len(whole) or (at := finish(browser, upload["id"])) < len(whole):
        part = whole[at : at + upload["part"]]
        at = (to_store if straight else to_server)(browser, upload["id"], part, at)
        tell(f"came {name} {at}")
    tell(f"kept {name}")


def to_server(browser: FlaskClient, upload_id: str, part: bytes, at: int) -> int:
    """Send a part through the application and give where the next one begins."""
    answer = browser.patch(f"/uploads/{upload_id}", data=part, headers=announcing(part, at))
    if answer.status_code != 204:
        raise Refused(answer.status_code, answer.text)
    return int(answer.headers["Upload-Offset"])


def to_store(browser: FlaskClient, upload_id: str, part: bytes, at: int) -> int:
    """Send a part straight to the store, by an address that the application gives."""
    answer = browser.post(f"/uploads/{upload_id}/address", headers=announcing(part, at))
    if answer.status_code != 200:
        raise Refused(answer.status_code, answer.text)
    status = put(answer.json["address"], answer.json["headers"], part)
    if status != 200:
        raise Refused(status, "from the store")
    failpoints.reached("part.put")
    return at + len(part)


def announcing(part: bytes, at: int) -> dict[str, str]:
    """Say where a part begins, and its checksum."""
    digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
    return {"Upload-Offset": str(at), "Content-Digest": f"sha-256=:{digest}:"}


def finish(browser: FlaskClient, upload_id: str) -> int:
    """Ask for the last step; give where to go on, which is far behind the end when it is done."""
    answer = browser.post(f"/uploads/{upload_id}/finish")
    if answer.status_code == 201:
        return 2**63
    if "Upload-Offset" not in answer.headers:
        raise Refused(answer.status_code, answer.text)
    return int(answer.headers["Upload-Offset"])


class Refused(Exception):
    """An answer that says no; its number and its page."""


def forked(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Do some work in a process of its own; give its number and where it tells."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    status = 1
    try:
        work(lambda line: os.write(writing, f"{line}\n".encode()) and None)
        status = 0
    finally:
        os._exit(status)


def what_was_told(reading: int, told: Told) -> None:
    """Read what a process told before it died; a line that was cut off was not told."""
    with os.fdopen(reading) as lines:
        for line in lines:
            if line.endswith("\n"):
                kind, name, *rest = line.split()
                if kind == "kept":
                    told.kept.add(name)
                elif kind == "came":
                    told.came[name] = max(told.came.get(name, 0), int(rest[0]))


def die_at(point: str, after: int = 0) -> None:
    """Kill this process when a moment comes, having let it pass so many times."""
    left = after

    def listener(reached: str) -> None:
        nonlocal left
        if reached == point:
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    failpoints.listen(listener)


def faults(app: Flask, told: Told) -> Iterator[str]:
    """Name whatever is not as it was answered."""
    with app.app_context():
        storage = current_storage()
        for blob in db.session.scalars(select(Blob)):
            with storage.open(object_key(blob.sha256)) as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != blob.sha256:
                    yield f"{blob.sha256} has other bytes"
        for name in told.kept:
            sha256 = hashlib.sha256(content(name)).hexdigest()
            drafts = select(func.count(Asset.id)).join(
                AssetVersion, AssetVersion.asset_id == Asset.id
            )
            count = db.session.scalar(drafts.where(AssetVersion.blob_sha256 == sha256))
            if count != 1:
                yield f"{name} was answered and has {count} drafts"
        orphans = select(func.count(Asset.id)).where(~Asset.versions.any())
        if db.session.scalar(orphans):
            yield "a draft has no version"
        for upload in db.session.scalars(select(receiving.models.Upload)):
            came = told.came.get(upload.key, 0)
            if upload.state == "receiving" and receiving.offset_of(storage, upload) < came:
                yield f"{upload.key}: {came} bytes were answered and are asked for again"


def sends_and_dies(app: Flask, name: str, point: str, after: int, told: Told) -> bool:
    """Send a file in a process that dies at a moment, if it comes so often; tell whether it did."""

    def work(tell: Callable[[str], None]) -> None:
        with app.app_context():
            db.engine.dispose(close=False)
        die_at(point, after)
        send(browser_of(app), name, tell)

    child, reading = forked(work)
    what_was_told(reading, told)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def sends_until_killed(app: Flask, first: int, seconds: float, told: Told) -> int:
    """Send files in a process that is killed some seconds after it began, however busy the machine.

    Give the first file that was not answered.
    """

    def work(tell: Callable[[str], None]) -> None:
        with app.app_context():
            db.engine.dispose(close=False)
        browser = browser_of(app)
        tell(BEGUN)
        for number in range(first, first + 1000):
            send(browser, f"file{number}", tell)

    child, reading = forked(work)
    assert os.read(reading, len(BEGUN) + 1).decode() == f"{BEGUN}\n"
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    before = len(told.kept)
    what_was_told(reading, told)
    return first + len(told.kept) - before


def answered(browser: FlaskClient, name: str, told: Told) -> int | None:
    """Send a file and give the number of the answer that said no, if one did."""

    def tell(line: str) -> None:
        kind, file, *_ = line.split()
        if kind == "kept":
            told.kept.add(file)

    try:
        send(browser, name, tell)
    except Refused as refusal:
        return int(refusal.args[0])
    return None


@contextmanager
def failing(name: str, at: int, error: int) -> Iterator[Callable[[], int]]:
    """Let one call of a function of the system fail, among those that are about files sent.

    Gives what tells how many such calls there were.
    """
    plain, calls = getattr(os, name), 0

    def fails(*given: Any, **named: Any) -> Any:
        nonlocal calls
        about = given[0]
        if isinstance(about, int):
            about = os.readlink(f"/proc/self/fd/{about}")
        if "/files" in str(about):
            calls += 1
            if calls == at:
                raise OSError(error, os.strerror(error), str(about))
        return plain(*given, **named)

    with mock.patch.object(os, name, fails):
        yield lambda: calls

"""Whatever is done to the chain behind the product's back is found where it begins."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text

from contentlib.accounts.models import User
from contentlib.audit import Action, record, sealing
from contentlib.audit.chain import link_hash, seal
from contentlib.audit.cli import audit
from contentlib.audit.models import AuditEnd, AuditEntry, AuditLink, content
from contentlib.audit.verifying import Fault, verify
from contentlib.core.db import db
from contentlib.core.errors import Conflict
from contentlib.jobs.worker import Worker
from tests.audit.tampering import chain, entry_at, no_triggers, run


def test_a_chain_that_nobody_touched_is_whole(app: Flask, marketer: User) -> None:
    chain(marketer, 5)
    verdict = verify()
    assert (verdict.fault, verdict.end.number, verdict.waiting) == (None, 5, 0)


def test_nothing_written_yet_is_whole(app: Flask) -> None:
    assert (verify().fault, verify().end.number) == (None, 0)


def test_the_worker_joins_what_was_written(app: Flask, marketer: User) -> None:
    chain(marketer, 3)
    record(Action.ASSET_CHANGED, subject=marketer)
    db.session.commit()
    assert (verify().end.number, verify().waiting) == (3, 1)
    Worker(app, lease_seconds=60).drain()
    assert (verify().end.number, verify().waiting, verify().fault) == (4, 0, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'asset.created'"),
        ("actor_id", "NULL"),
        ("at", "'2020-01-01 00:00:00.000000'"),
        ("subject_id", "77777"),
        ("surface", "'worker'"),
        ("request_id", "'another'"),
        ("details", '\'{"note":"other"}\''),
        ("details", "details || ' '"),
        ("details", "'not json'"),
        ("details", "'{\"note\": 1.5}'"),
    ],
)
def test_a_changed_column_is_seen(app: Flask, marketer: User, column: str, value: str) -> None:
    chain(marketer)
    with no_triggers():
        run(f"UPDATE audit_entry SET {column} = {value} WHERE id = :id", id=entry_at(4))
    assert verify().fault == Fault("changed", 4)


def test_a_moment_that_is_none_is_seen_as_a_change(app: Flask, marketer: User) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps only moments in a column of moments")
    chain(marketer)
    with no_triggers():
        run("UPDATE audit_entry SET at = 'yesterday' WHERE id = :id", id=entry_at(2))
    assert verify().fault == Fault("changed", 2)


@pytest.mark.parametrize("column", ["hash", "previous"])
def test_a_changed_hash_is_seen(app: Flask, marketer: User, column: str) -> None:
    chain(marketer)
    with no_triggers():
        run(f"UPDATE audit_link SET {column} = :hash WHERE number = 3", hash="f" * 64)
    assert verify().fault == Fault("changed", 3)


def test_details_too_deep_to_read_are_seen_as_a_change(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        run(
            "UPDATE audit_entry SET details = :deep WHERE id = :id",
            deep="[" * 99_999,
            id=entry_at(3),
        )
    assert verify().fault == Fault("changed", 3)


def test_a_missing_entry_is_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        gone = entry_at(3)
        run("DELETE FROM audit_link WHERE number = 3")
        run("DELETE FROM audit_entry WHERE id = :id", id=gone)
    assert verify().fault == Fault("missing", 3)


def test_a_gap_closed_by_renumbering_is_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        run("DELETE FROM audit_link WHERE number = 3")
        for number in (4, 5, 6):
            run("UPDATE audit_link SET number = number - 1 WHERE number = :number", number=number)
    assert verify().fault == Fault("inserted", 3)


def test_a_cut_end_is_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        run("DELETE FROM audit_link WHERE number > 4")
    assert verify().fault == Fault("cut", 5)


def test_a_cut_end_that_is_said_to_be_the_end_is_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        gone = [entry_at(5), entry_at(6)]
        run("DELETE FROM audit_link WHERE number > 4")
        for entry in gone:
            run("DELETE FROM audit_entry WHERE id = :id", id=entry)
        run(
            "UPDATE audit_end SET number = 4, hash = (SELECT hash FROM audit_link WHERE number = 4)"
        )
    assert verify().fault == Fault("end", 4)


def test_nothing_is_joined_to_an_end_that_somebody_else_made(app: Flask, marketer: User) -> None:
    test_a_cut_end_that_is_said_to_be_the_end_is_seen(app, marketer)
    entry = record(Action.ASSET_CHANGED)
    db.session.commit()
    with pytest.raises(Conflict):
        sealing.join([entry.id])
    assert verify().fault == Fault("end", 4)


def test_a_noted_hash_shows_what_was_cut_though_an_old_end_was_put_back(
    app: Flask, marketer: User
) -> None:
    chain(marketer, 4)
    old = dict(db.session.execute(text("SELECT * FROM audit_end")).mappings().one())
    sealing.join([record(Action.ASSET_CHANGED).id])
    noted = verify().end
    with no_triggers():
        gone = entry_at(5)
        run("DELETE FROM audit_link WHERE number = 5")
        run("DELETE FROM audit_entry WHERE id = :id", id=gone)
        run("UPDATE audit_end SET number = 4, hash = :hash, seal = :seal", **_of(old))
    assert verify().fault is None
    assert verify({noted.number: noted.hash}).fault == Fault("cut", 5)


def _of(row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in ("hash", "seal")}


def test_a_rewritten_chain_is_seen_by_its_end_and_by_a_noted_hash(
    app: Flask, marketer: User
) -> None:
    entries = chain(marketer)
    noted = db.session.scalars(select(AuditLink.hash).where(AuditLink.number == 5)).one()
    with no_triggers():
        run("UPDATE audit_entry SET action = 'asset.created' WHERE id = :id", id=entry_at(4))
        db.session.expire_all()
        rewrite({entry.id: entry for entry in entries})
    assert verify().fault == Fault("end", 6)
    assert verify({5: noted}).fault == Fault("anchor", 5)


def rewrite(entries: dict[str, AuditEntry]) -> None:
    """Compute every hash anew, as anybody can who may write."""
    before = "0" * 64
    for link in db.session.scalars(select(AuditLink).order_by(AuditLink.number)):
        link.previous = before
        link.hash = before = link_hash(link.number, before, content(entries[link.entry_id]))
    db.session.flush()
    run("UPDATE audit_end SET hash = :hash", hash=before)


def forge(person: User, *, key: bytes = b"a key that is not ours") -> AuditEntry:
    """Write an entry as somebody would who has the database, but not the key."""
    entry = record(Action.ASSET_CHANGED, subject=person, by=person, note="never happened")
    entry.seal = seal(key, content(entry))
    db.session.flush()
    return entry


def test_an_entry_that_nobody_here_wrote_is_never_joined_and_is_seen(
    app: Flask, marketer: User
) -> None:
    chain(marketer)
    entry = forge(marketer)
    assert sealing.join([entry.id]) == 0
    assert verify().fault == Fault("waiting", 6)


def test_a_waiting_entry_that_was_changed_is_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    entry = record(Action.ASSET_CHANGED, subject=marketer)
    db.session.commit()
    assert verify().fault is None
    with no_triggers():
        run("UPDATE audit_entry SET action = 'asset.created' WHERE id = :id", id=entry.id)
    assert verify().fault == Fault("waiting", 6)


def test_a_link_put_in_behind_the_end_is_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    put_in(forge(marketer), 7)
    assert verify().fault == Fault("inserted", 7)


def put_in(entry: AuditEntry, number: int, previous: str | None = None) -> None:
    before = db.session.scalars(select(AuditLink.hash).where(AuditLink.number == number - 1)).one()
    hashed = link_hash(number, previous or before, content(entry))
    link = {"number": number, "entry": entry.id, "previous": previous or before, "hash": hashed}
    run("INSERT INTO audit_link VALUES (:number, :entry, :previous, :hash)", **link)


@pytest.mark.parametrize(
    ("previous", "fault"), [(None, ("forked", 4)), ("e" * 64, ("inserted", 3))]
)
def test_a_link_put_in_between_is_seen(
    app: Flask, marketer: User, previous: str | None, fault: tuple[str, int]
) -> None:
    chain(marketer)
    with no_triggers():
        entry = forge(marketer)
        for number in (6, 5, 4, 3):
            run("UPDATE audit_link SET number = number + 1 WHERE number = :number", number=number)
        put_in(entry, 3, previous)
    assert verify().fault == Fault(*fault)


def test_links_in_each_others_place_are_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        for old, new in ((2, 99), (5, 2), (99, 5)):
            run("UPDATE audit_link SET number = :new WHERE number = :old", old=old, new=new)
    assert verify().fault == Fault("reordered", 2)


def test_entries_in_each_others_place_are_seen(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        chosen = select(AuditLink).where(AuditLink.number.in_((2, 5)))
        two, five = db.session.scalars(chosen.order_by(AuditLink.number))
        of_two, of_five = two.entry_id, five.entry_id
        rows = {link.number: _columns(link) for link in (two, five)}
        db.session.execute(delete(AuditLink).where(AuditLink.number.in_(rows)))
        for number, entry in ((2, of_five), (5, of_two)):
            db.session.execute(insert(AuditLink).values(rows[number] | {"entry_id": entry}))
    assert verify().fault == Fault("changed", 2)


def _columns(link: AuditLink) -> dict[str, Any]:
    return {"number": link.number, "previous": link.previous, "hash": link.hash}


def test_an_end_sealed_with_another_key_asks_for_that_key(
    app: Flask, marketer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain(marketer)
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-0123456789-abcdefghijklmnop")
    assert verify().fault == Fault("key", 6)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert verify().fault is None
    assert sealing.join([record(Action.ASSET_CHANGED).id]) == 1
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    assert verify().fault is None


def test_after_a_break_the_chain_goes_on_when_somebody_says_so(app: Flask, marketer: User) -> None:
    test_a_cut_end_that_is_said_to_be_the_end_is_seen(app, marketer)
    answer = app.test_cli_runner().invoke(audit, ["accept", "--reason", "Disk replaced"])
    assert answer.exit_code == 0, answer.output
    assert verify().fault is None
    told = json.loads(
        db.session.scalars(
            select(AuditEntry.details).where(AuditEntry.action == "audit.chain_accepted")
        ).one()
    )
    assert told["reason"] == "Disk replaced"
    assert "after entry 4" in told["fault"]


def test_the_daily_look_is_kept(app: Flask, marketer: User) -> None:
    chain(marketer)
    with no_triggers():
        run("UPDATE audit_link SET hash = :hash WHERE number = 3", hash="f" * 64)
    worker = Worker(app, lease_seconds=60)
    worker.ask_for_daily_work()
    worker.drain()
    end = db.session.scalars(select(AuditEnd)).one()
    assert (end.fault, end.fault_at) == ("changed", 3)
    assert end.verified_at is not None

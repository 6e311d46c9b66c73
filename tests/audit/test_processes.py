"""Many processes write at once, and some are killed: the chain neither forks nor breaks."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, func, make_url, select, text

from contentlib.audit import sealing
from contentlib.audit.models import AuditEntry, AuditLink
from contentlib.audit.verifying import Verdict, verify
from contentlib.core.db import db, reading
from tests.audit.dying import (
    decide,
    fresh,
    in_a_process,
    join_all,
    kill,
    killed_at_random,
    words_without_entry,
)
from tests.conftest import REAL_PARTS

KILLS = 20
SECONDS = 2.0


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.real_part("postgres server")),
    ]
)
def firm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    if request.param == "sqlite":
        yield fresh(tmp_path)
        return
    server = REAL_PARTS["postgres server"]()
    name = f"audit_{os.getpid()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    yield fresh(tmp_path, url)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def look(app: Flask) -> Verdict:
    """Join what is left, and verify."""
    with app.app_context():
        while ids := sealing.waiting():
            sealing.join(ids)
            db.session.commit()
        verdict = verify()
        entries = db.session.scalar(select(func.count(AuditEntry.id)))
        links = db.session.scalar(select(func.count(AuditLink.number)))
        assert verdict.end.number == entries == links
        return verdict


@pytest.mark.slow
def test_writers_and_joiners_at_once_make_one_chain(firm: Flask) -> None:
    children = [in_a_process(firm, decide) for _ in range(4)]
    children += [in_a_process(firm, lambda _number: join_all()) for _ in range(3)]
    time.sleep(SECONDS)
    # Verifying while everybody writes sees a whole chain too.
    with firm.app_context(), reading():
        during = verify()
        db.session.rollback()
    for child in children:
        kill(child)
    assert during.fault is None
    after = look(firm)
    assert after.fault is None
    assert after.end.number > len(children)
    assert words_without_entry(firm) == set()


@pytest.mark.slow
def test_after_processes_were_killed_at_random_the_chain_is_whole(firm: Flask) -> None:
    killed_at_random(firm, KILLS, seed=7)
    verdict = look(firm)
    assert verdict.fault is None
    assert verdict.end.number >= KILLS
    assert words_without_entry(firm) == set()

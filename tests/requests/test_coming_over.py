"""Requests of before have their people, deals and steps after the upgrade, and states that fit."""

from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from contentlib.app import create_app
from contentlib.core.db import db
from contentlib.core.paths import resource
from tests.throwaway import settings_in

AFTER = "a61f0c3be9d7"
BEFORE = f"{AFTER}-1"
MOMENT = "2026-11-01 12:00:00.000000"
ROWS = f"""
INSERT INTO user_account (id, email, name, role, active, fs_uniquifier, theme, created_at)
VALUES (1, 'a@firm.example', 'Ana', 'seller', 1, 'x', 'auto', '{MOMENT}');
INSERT INTO stage (id, key, name_pt, name_en, position, retired, aliases)
VALUES (1, 's', 'S', 'S', 0, 0, '');
INSERT INTO pipeline (id, key, name_pt, name_en, position, retired)
VALUES (1, 'p', 'P', 'P', 0, 0);
INSERT INTO deal (id, title, pipeline_id, stage_id, amount_minor, currency, outcome, opened_at,
    created_at, updated_at)
VALUES (1, 'D', 1, 1, 1, 'BRL', 'open', '{MOMENT}', '{MOMENT}', '{MOMENT}');
INSERT INTO content_request (id, title, words, filters, note, deal_id, asked_by_id, asked_at,
    state, answer)
VALUES (1, 'Um caso', '', '{{}}', '', 1, 1, '{MOMENT}', 'new', '');
INSERT INTO content_request (id, title, words, filters, note, asked_by_id, asked_at, state, answer,
    decided_by_id, decided_at)
VALUES (2, 'Outro', '', '{{}}', '', 1, '{MOMENT}', 'accepted', '', 1,
    '2026-11-02 12:00:00.000000');
INSERT INTO content_request_joined (request_id, user_id, joined_at) VALUES (1, 1, '{MOMENT}')
"""


def test_an_upgrade_and_its_way_back_lose_nobody(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = str(resource("migrations"))
    with create_app(settings).app_context():
        upgrade(directory=folder, revision=AFTER)
        downgrade(directory=folder, revision=BEFORE)
        for row in ROWS.split(";"):
            db.session.execute(text(row))
        db.session.commit()
        upgrade(directory=folder, revision=AFTER)
        assert told("SELECT request_id, user_id FROM content_request_joined") == [(1, 1)]
        assert told("SELECT request_id, deal_id, user_id FROM content_request_deal") == [(1, 1, 1)]
        steps = told("SELECT request_id, state FROM content_request_step ORDER BY request_id, at")
        assert steps == [(1, "new"), (2, "new"), (2, "accepted")]
        db.session.execute(text("UPDATE content_request SET state = 'review' WHERE id = 1"))
        db.session.commit()
        downgrade(directory=folder, revision=BEFORE)
        assert told("SELECT state FROM content_request ORDER BY id") == [("accepted",)] * 2
        assert told("SELECT request_id, user_id FROM content_request_joined") == [(1, 1)]
        db.session.rollback()
        db.engine.dispose()


def told(question: str) -> list[tuple[object, ...]]:
    rows = [tuple(row) for row in db.session.execute(text(question))]
    db.session.rollback()
    return rows

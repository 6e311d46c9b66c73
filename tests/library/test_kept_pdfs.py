"""What was painted before its PDF was kept is painted once more, and only that."""

import json
from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from contentlib.app import create_app
from contentlib.core.db import db
from contentlib.core.paths import resource
from contentlib.extraction.kinds import KINDS
from tests.throwaway import settings_in

BEFORE, AFTER = "d52b7f0c8e14", "a7c3e5d90b42"
BLOB = text(
    "INSERT INTO blob (sha256, size, media_type, created_at, extraction, page_label, preview_count,"
    " preview_state) VALUES (:sha256, 1, :media_type, '2026-11-01 00:00:00', 'done', 'page',"
    " :pictures, 'done')"
)


def test_an_upgrade_asks_for_the_pdfs_of_office_files_that_were_painted(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = str(resource("migrations"))
    with create_app(settings).app_context():
        upgrade(directory=folder, revision=BEFORE)
        for name, pictures in (("pptx", 3), ("odt", 1), ("docx", 0), ("pdf", 2), ("png", 1)):
            row = {"sha256": name, "media_type": KINDS[name].content_type, "pictures": pictures}
            db.session.execute(BLOB, row)
        db.session.commit()
        upgrade(directory=folder, revision=AFTER)
        jobs = db.session.execute(text("SELECT kind, key, payload, state FROM job ORDER BY key"))
        assert [(kind, key, json.loads(payload), state) for kind, key, payload, state in jobs] == [
            ("library.preview", name, {"sha256": name}, "queued") for name in ("odt", "pptx")
        ]
        db.session.rollback()
        downgrade(directory=folder, revision=BEFORE)
        assert db.session.scalar(text("SELECT count(*) FROM blob")) == 5
        db.engine.dispose()

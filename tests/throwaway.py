"""Installations that exist for a test: their settings and their tables."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from contentlib.core.config import Settings
from contentlib.core.db import db
from contentlib.core.paths import resource

KEY = "k3y-for-tests-only-0123456789abcdefghij"
_migrated: list[bytes] = []


def settings_in(folder: Path, **facts: Any) -> Settings:
    """Return settings that keep everything in a folder; `facts` are set besides, or instead."""
    usual = {
        "database_url": f"sqlite:///{folder}/db",
        "storage_url": f"file:{folder}/files",
        "search_url": f"whoosh:{folder}/index",
        "secret_key": KEY,
        "base_url": "http://localhost",
    }
    return Settings(_env_file=None, **(usual | facts))


def migrate(app: Flask) -> None:
    """Give an empty installation its tables.

    On SQLite they are made once in a process; who comes later gets a copy of that file.
    """
    with app.app_context():
        url = db.engine.url
        if url.get_backend_name() != "sqlite":
            upgrade(directory=str(resource("migrations")))
            return
        file = Path(str(url.database))
        if _migrated:
            file.write_bytes(_migrated[0])
            return
        upgrade(directory=str(resource("migrations")))
        # Whoever leaves last writes everything into the one file.
        db.engine.dispose()
        _migrated.append(file.read_bytes())

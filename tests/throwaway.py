"""Settings of installations that exist for a test."""

from pathlib import Path
from typing import Any

from contentlib.core.config import Settings

KEY = "k3y-for-tests-only-0123456789abcdefghij"


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

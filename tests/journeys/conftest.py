"""Journeys run on the real application with its own index and a worker that is told to work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.jobs.worker import Worker
from contentlib.library import taxonomy
from contentlib.search import open_engine


@pytest.fixture
def work(app: Flask, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Let the worker do everything that is due."""
    app.extensions["search"] = open_engine(f"whoosh:{tmp_path}/index")
    taxonomy.seed()
    outcomes.seed()
    db.session.commit()
    yield Worker(app, lease_seconds=60).drain
    app.extensions.pop("search")

"""Each test of finding has an index of its own, empty and unbuilt."""

from pathlib import Path

import pytest
from flask import Flask

from contentlib.search import Engine, open_engine


@pytest.fixture
def engine(app: Flask, tmp_path: Path) -> Engine:
    """The index of the application at hand."""
    app.extensions["search"] = open_engine(f"whoosh:{tmp_path}/index")
    yield app.extensions["search"]
    app.extensions.pop("search")

"""The engine of the running application: one object a process, opened when first needed."""

from typing import cast

from flask import current_app

from contentlib.search.engine import Engine
from contentlib.search.engines import open_engine


def current_engine() -> Engine:
    """Return the engine that the settings of the application at hand name."""
    extensions = current_app.extensions
    if "search" not in extensions:
        settings = extensions["settings"]
        extensions["search"] = open_engine(settings.search_url, settings.database_url)
    return cast(Engine, extensions["search"])

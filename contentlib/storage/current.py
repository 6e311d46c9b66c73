"""The store of the running application: one object a process, opened when first needed."""

from typing import cast

from flask import current_app

from contentlib.storage.backend import Storage
from contentlib.storage.opening import open_storage


def current_storage() -> Storage:
    """Return the store that the settings of the application at hand name."""
    extensions = current_app.extensions
    if "storage" not in extensions:
        extensions["storage"] = open_storage(extensions["settings"].storage_url)
    return cast(Storage, extensions["storage"])

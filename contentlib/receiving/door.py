"""Forms with files are turned away before their bytes are read, where there is no room for them."""

from flask import Flask, current_app, request

from contentlib.core.db import db
from contentlib.receiving import room
from contentlib.storage.current import current_storage


def init_app(app: Flask) -> None:
    """Ask before anybody looks into a form: the check of its token already reads all of it."""
    app.before_request(refuse_large_forms)


def refuse_large_forms() -> None:
    """Refuse a form that is larger than what there is room for."""
    size = request.content_length or 0
    if request.mimetype != "multipart/form-data" or size <= room.MEGABYTE:
        return
    try:
        settings = current_app.extensions["settings"]
        # What is not a file of it has little room; its files are asked about one by one.
        size -= room.MEGABYTE
        room.refuse_without_room(size, current_storage().staging, settings, None)
    finally:
        # Nobody waits for a transaction while the bytes arrive.
        db.session.rollback()

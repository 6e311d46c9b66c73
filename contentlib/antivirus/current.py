"""The scanner of the running application, if its settings name one."""

from flask import current_app

from contentlib.antivirus.opening import open_scanner
from contentlib.antivirus.scanner import Scanner


def current_scanner() -> Scanner | None:
    """Return the scanner, or nothing where none is named: then no file is scanned."""
    url = current_app.extensions["settings"].scan_url
    return open_scanner(url) if url else None

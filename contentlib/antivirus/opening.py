"""Which scanner a setting chooses."""

from urllib.parse import urlsplit

from contentlib.antivirus.clamd import Clamd
from contentlib.antivirus.errors import ScannerError
from contentlib.antivirus.scanner import Scanner
from contentlib.core.errors import N_

MALFORMED = N_(
    "CONTENTLIB_SCAN_URL must look like clamd:/path/of/socket or clamd://host:3310;"
    " “%(url)s” names no known scanner."
)


def open_scanner(url: str) -> Scanner:
    """Return the scanner that a setting names, without asking yet whether it is there."""
    kind, _, rest = url.partition(":")
    if kind != "clamd":
        raise ScannerError(MALFORMED, url=url)
    if not rest.startswith("//"):
        if not rest.startswith("/"):
            raise ScannerError(MALFORMED, url=url)
        return Clamd(rest)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise ScannerError(MALFORMED, url=url)
    return Clamd((host, port))

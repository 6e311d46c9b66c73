"""Putting bytes to an address as a browser does, which may be answered before they are sent."""

from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit


def put(address: str, headers: dict[str, str], body: bytes, method: str = "PUT") -> int:
    """Return the status of the answer; 0 where there is none, as a browser tells it."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.putrequest(method, f"{parts.path}?{parts.query}")
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        with suppress(ConnectionError):
            connection.send(body)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()

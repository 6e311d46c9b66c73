"""Signed addresses, changed as somebody would who wants more than was signed."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit


def changed(name: str, value: str) -> Callable[[str], str]:
    def change(address: str) -> str:
        parts = urlsplit(address)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        assert name in query
        return parts._replace(query=urlencode(query | {name: value})).geturl()

    return change

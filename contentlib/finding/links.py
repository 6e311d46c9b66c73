"""The addresses that a result leads to, each carrying which search it was and at which place."""

from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from contentlib.finding.results import Result
from contentlib.library.models import VersionKind


class Links:
    """Makes the addresses of one answer's results."""

    def __init__(self, search_id: str) -> None:
        self.search_id = search_id

    def asset(self, result: Result) -> str:
        """Return the page of a material."""
        return _address(f"/assets/{result.asset.id}", self._origin(result))

    def use(self, result: Result) -> str:
        """Return the dialog that says on which deal a material was used."""
        return url_for("deals.use_dialog", asset=result.asset.id, **self._origin(result))

    def copied(self, result: Result) -> str:
        """Return what a person passes on: the address elsewhere, or our page."""
        version = result.version
        if version is not None and version.kind == VersionKind.LINK and version.url:
            return version.url
        return f"{request.url_root}assets/{result.asset.id}"

    def copying(self, result: Result) -> dict[str, str]:
        """Return what a copy button needs to note that the words were taken."""
        address = _address(f"/assets/{result.asset.id}/copied", self._origin(result))
        return {"hx-post": address, "hx-swap": "none"}

    def _origin(self, result: Result) -> dict[str, Any]:
        if not self.search_id:
            return {}
        return {"search": self.search_id, "pos": result.position}


def _address(path: str, parameters: dict[str, Any]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path

"""Addresses that results lead to, each with its search, its place and the deal in hand."""

from typing import Any

from flask import url_for

from contentlib.deals.models import Deal
from contentlib.finding.results import Result
from contentlib.library.models import VersionKind


class Links:
    """Makes the addresses of one answer's results."""

    def __init__(self, search_id: str, deal: Deal | None) -> None:
        self.search_id = search_id
        self.deal_id = deal.id if deal else None

    def asset(self, result: Result) -> str:
        """Return where to read a material: at the words that were asked for."""
        return self._asset(result, result.page_to_open)

    def page(self, result: Result) -> str:
        """Return the very page of a material that the passage was taken from."""
        return self._asset(result, result.page)

    def use(self, result: Result) -> str:
        """Return the dialog that says on which deal a material was used."""
        return self._to("deals.use_dialog", result, asset=result.asset.id)

    def copied(self, result: Result) -> str:
        """Return what a person passes on: the address elsewhere, or our page."""
        version = result.version
        if version is not None and version.kind == VersionKind.LINK and version.url:
            return version.url
        return url_for("library.asset", asset_id=result.asset.id, _external=True)

    def copying(self, result: Result, part: str) -> dict[str, str]:
        """Return what a copy button needs to note that words or link were taken."""
        address = self._to("deals.copied", result, asset_id=result.asset.id, part=part)
        return {"hx-post": address, "hx-swap": "none"}

    def _asset(self, result: Result, page: int) -> str:
        anchor = f"p{page}" if page else None
        return self._to("library.asset", result, asset_id=result.asset.id, _anchor=anchor)

    def _to(self, endpoint: str, result: Result, **values: Any) -> str:
        values["deal"] = self.deal_id
        if self.search_id:
            values |= {"search": self.search_id, "pos": result.position}
        return url_for(endpoint, **values)

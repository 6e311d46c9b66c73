"""Addresses that results lead to, each with its search, its place and the deal in hand."""

from urllib.parse import urlencode

from flask import url_for

from contentlib.deals.models import Deal
from contentlib.finding.results import Result
from contentlib.library.models import VersionKind


class Links:
    """Makes the addresses of one answer's results.

    They differ in two numbers, the material's and its place. The router is asked once for each
    kind of address, not once for each of a hundred links.
    """

    def __init__(self, search_id: str, deal: Deal | None) -> None:
        self._asset, self._copied = _around("library.asset"), _around("deals.copied")
        self._read = _around("library.read")
        self._elsewhere = _around("library.asset", external=True)
        self._use, self._share = url_for("deals.use_dialog"), url_for("sharing.share")
        self._deal = {"deal": deal.id} if deal else {}
        self._search = {"search": search_id} if search_id else {}

    def asset(self, result: Result) -> str:
        """Return where to read a material: at the words that were asked for."""
        return self._at_page(result, result.page_to_open, **self._marked(result))

    def page(self, result: Result) -> str:
        """Return the very page that the passage was taken from, its words marked in the viewer."""
        if not result.asset.reads:
            return self._at_page(result, result.page)
        query = self._query(result, page=result.page, **self._marked(result))
        return str(result.asset.id).join(self._read) + query

    def use(self, result: Result) -> str:
        """Return the dialog that says on which deal a material was used."""
        return self._use + self._query(result, asset=result.asset.id)

    def share(self, result: Result) -> str:
        """Return the dialog that makes a link to a material for a buyer."""
        return f"{self._share}?{urlencode({'asset': result.asset.id, **self._deal})}"

    def copied(self, result: Result) -> str:
        """Return what a person passes on: the address elsewhere, or our page."""
        asset = result.asset
        if asset.kind == VersionKind.LINK and asset.url:
            return asset.url
        return str(asset.id).join(self._elsewhere)

    def copying(self, result: Result, part: str) -> dict[str, str]:
        """Return what a copy button needs to note that words or link were taken."""
        address = str(result.asset.id).join(self._copied)
        return {"hx-post": address + self._query(result, part=part), "hx-swap": "none"}

    def _at_page(self, result: Result, page: int, **marked: str) -> str:
        anchor = f"#p{page}" if page else ""
        return str(result.asset.id).join(self._asset) + self._query(result, **marked) + anchor

    def _marked(self, result: Result) -> dict[str, str]:
        """Return the words to mark where a file is read, which its own page passes on."""
        return {"find": result.words} if result.asset.reads and result.words else {}

    def _query(self, result: Result, **values: str | int) -> str:
        place = {"pos": result.position} if self._search else {}
        given = urlencode({**values, **self._deal, **self._search, **place})
        return f"?{given}" if given else ""


def _around(endpoint: str, *, external: bool = False) -> tuple[str, str]:
    """Return what stands before and behind the number of a material in an address."""
    before, _number, behind = url_for(endpoint, asset_id=0, _external=external).rpartition("/0")
    return f"{before}/", behind

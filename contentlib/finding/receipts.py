"""A signed note of a search that was answered, which the browser hands back once it was read.

Reading never writes: the answer carries the note, and only a person who stays on it sends it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from contentlib.core.errors import N_, Invalid

VALID_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Receipt:
    """What was asked, by whom, and how the answer was."""

    search_id: str
    user_id: int
    query: str
    normalised: str
    filters: dict[str, list[str]]
    results: int
    milliseconds: int
    degraded: bool


def sign(receipt: Receipt, keys: list[str]) -> str:
    """Turn a receipt into a text that nobody can change; the last key signs, all verify."""
    return str(_serializer(keys).dumps(asdict(receipt)))


def read(token: str, keys: list[str], *, user_id: int) -> Receipt:
    """Read a receipt back; one that was changed, is old or someone else's is refused."""
    try:
        fields: dict[str, Any] = _serializer(keys).loads(token, max_age=VALID_SECONDS)
    except BadData:
        raise Invalid(UNREADABLE) from None
    if fields["user_id"] != user_id:
        raise Invalid(UNREADABLE)
    return Receipt(**fields)


UNREADABLE = N_("This search is too old to be noted. Search again.")


def _serializer(keys: list[str]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys, salt="contentlib.finding.receipt")

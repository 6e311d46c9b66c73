"""A signed note of a brief that was shown, which the page hands back once it is there.

Reading never writes: what is kept is what stood on the page, not what would stand there a moment
later, and nobody but the server can have written it.
"""

from dataclasses import asdict, dataclass
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from contentlib.core.errors import N_, Invalid

VALID_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Receipt:
    """Who saw which cards for which situation.

    `cards` are (section, asset, version, propensity, [[rule, points], ...]) in their order.
    """

    key: str
    user_id: int
    deal_id: int | None
    stage_id: int
    situation: dict[str, Any]
    seed: str
    cards: list[list[Any]]


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


UNREADABLE = N_("This page is too old to be noted. Load it again.")


def _serializer(keys: list[str]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys, salt="contentlib.prep.receipt")

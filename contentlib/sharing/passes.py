"""What a visitor has passed, carried in the address instead of a cookie.

A pass is signed for one link, one visit and the address given at the gate. It stands in the query
of the page and of its pictures, which therefore work without cookie and script, and ends twelve
hours after the visit began. Whoever is handed an address with a pass comes in until then, and no
longer: a pass that is shown again is never given more time. Where a link is limited in number, its
page asks for the visit itself besides, so that a forwarded pass opens only the pictures that its
page named. A pass dies with the link, and when its gate or its password changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from contentlib.core.clock import now
from contentlib.sharing.models import ShareLink

LIFE = timedelta(hours=12)
PREVIEW_LIFE = timedelta(hours=1)
QUESTION_SECONDS = 900


@dataclass(frozen=True)
class Pass:
    """Who came in; a preview has no visit, and nothing that is done by it counts."""

    visit: str
    email: str
    until: datetime
    is_preview: bool = False


def issue(link: ShareLink, given: Pass, keys: list[str]) -> str:
    """Write a pass as it stands in an address; the same pass is always written alike."""
    until = int(given.until.timestamp())
    told = [given.visit, given.email, until, int(given.is_preview)]
    return str(_signer(link, keys).dumps(told))


def read(link: ShareLink, text: str, keys: list[str]) -> Pass | None:
    """Read a pass for a link; altered, foreign and old ones are none."""
    if not text or len(text) > 1000:
        return None
    try:
        visit, email, until, is_preview = _signer(link, keys).loads(text)
    except BadData:
        return None
    if until <= now().timestamp():
        return None
    ends = datetime.fromtimestamp(until, tz=now().tzinfo)
    return Pass(visit, email, ends, bool(is_preview))


def _signer(link: ShareLink, keys: list[str]) -> URLSafeSerializer:
    bound = f"{link.id}:{link.gate}:{link.password_hash or ''}"
    return URLSafeSerializer(keys, salt=f"contentlib.share.pass:{bound}")


def issue_question(link: ShareLink, email: str, keys: list[str]) -> str:
    """Write down that an address was sent a code, after whatever else was asked was right."""
    return str(_questions(link, keys).dumps(email))


def read_question(link: ShareLink, text: str, keys: list[str]) -> str | None:
    """Return the address that was sent a code a few minutes ago, or nothing."""
    try:
        return str(_questions(link, keys).loads(text[:1000], max_age=QUESTION_SECONDS))
    except BadData:
        return None


def _questions(link: ShareLink, keys: list[str]) -> URLSafeTimedSerializer:
    bound = f"{link.id}:{link.gate}:{link.password_hash or ''}"
    return URLSafeTimedSerializer(keys, salt=f"contentlib.share.question:{bound}")

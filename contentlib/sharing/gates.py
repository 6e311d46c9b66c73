"""What a visitor says of themselves before a link opens, and how often it may open."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from contentlib.accounts.service import normal_email
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.notifications.service import send_letter
from contentlib.sharing import tokens
from contentlib.sharing.models import Gate, ShareAdmission, ShareCode, ShareLink
from contentlib.sharing.recipients import is_listed
from contentlib.sharing.visits.models import Visit

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
# An address gets no second code within this time, and a link sends no more than so many an hour.
BETWEEN_CODES = timedelta(minutes=1)
CODES_AN_HOUR = 20

WITH_CODE = frozenset({Gate.CODE, Gate.LISTED})
FULL = N_("This link has been opened as often as it may be. Ask who sent it for a new one.")
WRONG_CODE = N_("This code is not right, or no longer. Check it, or ask for a new one.")


def asks_anything(link: ShareLink) -> bool:
    """Tell whether a page stands before the material; a limited link is opened by a button.

    What machines fetch by themselves presses no button, and so takes nobody's place.
    """
    return link.gate is not Gate.NONE or bool(link.password_hash) or link.most_opens is not None


def read_email(text: str) -> str:
    """Return the address that a visitor typed, or say that it is none."""
    return normal_email(text.strip()[:300])


def send_code(link: ShareLink, email: str, *, brand: str, key: str) -> None:
    """Send six digits to an address; who is not on the list gets none and is not told so."""
    if link.gate is Gate.LISTED and not is_listed(email, link.allowed):
        return
    moment = now()
    sent = select(func.count()).select_from(ShareCode).where(ShareCode.link_id == link.id)
    fresh = sent.where(ShareCode.email == email, ShareCode.created_at > moment - BETWEEN_CODES)
    if db.session.scalar(fresh):
        return
    if (db.session.scalar(sent.where(ShareCode.created_at > moment - timedelta(hours=1))) or 0) >= (
        CODES_AN_HOUR
    ):
        raise Invalid(N_("Too many codes were asked for. Wait an hour and try again."))
    code = tokens.new_code()
    hashed = tokens.code_hash(code, link_id=link.id, email=email, key=key)
    # An address is kept no longer than it is of use.
    old = ShareCode.created_at < moment - timedelta(days=1)
    db.session.execute(delete(ShareCode).where(ShareCode.link_id == link.id, old))
    row = ShareCode(link_id=link.id, email=email, code_hash=hashed)
    db.session.add(row)
    db.session.flush()
    minutes = CODE_LIFE // timedelta(minutes=1)
    send_letter(
        to=email,
        language=link.language,
        template="share_code",
        key=f"share_code:{row.id}",
        facts={"code": code, "brand": brand, "minutes": minutes},
    )


def is_right_code(link: ShareLink, email: str, code: str, *, key: str) -> bool:
    """Tell whether this is the last code sent to an address, and use it up.

    Each try is counted, in one statement, before it is looked at; whoever calls this commits also
    when the code was wrong.
    """
    last = db.session.scalars(
        select(ShareCode)
        .where(ShareCode.link_id == link.id, ShareCode.email == email)
        .order_by(ShareCode.id.desc())
    ).first()
    if last is None:
        return False
    tried = db.session.execute(
        update(ShareCode)
        .where(
            ShareCode.id == last.id,
            ShareCode.tries < CODE_TRIES,
            ShareCode.used_at.is_(None),
            ShareCode.created_at > now() - CODE_LIFE,
        )
        .values(tries=ShareCode.tries + 1)
    )
    hashed = tokens.code_hash(code.strip(), link_id=link.id, email=email, key=key)
    if tried.rowcount != 1 or hashed != last.code_hash:  # type: ignore[attr-defined]
        return False
    used = db.session.execute(
        update(ShareCode)
        .where(ShareCode.id == last.id, ShareCode.used_at.is_(None))
        .values(used_at=now())
    )
    return used.rowcount == 1  # type: ignore[attr-defined]


def forget_codes(link: ShareLink, email: str) -> None:
    """Forget the address that a code was sent to, once it has served."""
    mine = (ShareCode.link_id == link.id, ShareCode.email == email)
    db.session.execute(delete(ShareCode).where(*mine))


def is_admitted(link: ShareLink, visit: Visit) -> bool:
    """Tell whether a visit may see what a limited link shows; any visit may of another link."""
    if link.most_opens is None:
        return True
    known = db.session.get(ShareAdmission, visit.key)
    return known is not None and known.link_id == link.id


def admit(link: ShareLink, visit: Visit) -> None:
    """Let a visit in if there is room for one more; one that was let in is counted once.

    The visit writes itself down first, so that two asks of one visit wait for each other; then the
    database itself compares and counts, so that of fifty at once only as many come in as may.
    """
    if link.most_opens is None or is_admitted(link, visit):
        return
    try:
        with db.session.begin_nested():
            db.session.add(ShareAdmission(visit_key=visit.key, link_id=link.id))
            db.session.flush()
            _count(link)
    except IntegrityError:
        # The same visit came in a moment ago by another request.
        return


def _count(link: ShareLink) -> None:
    counted = db.session.execute(
        update(ShareLink)
        .where(ShareLink.id == link.id, ShareLink.opens < ShareLink.most_opens)
        .values(opens=ShareLink.opens + 1)
        .execution_options(synchronize_session=False)
    )
    if counted.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(FULL)
    db.session.expire(link, ["opens"])

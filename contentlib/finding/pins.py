"""Materials that come first for certain words, by the choice of marketing and marked as such."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from contentlib import audit
from contentlib.accounts.models import User
from contentlib.audit import Action
from contentlib.core.db import db
from contentlib.core.errors import N_, Absent, Invalid
from contentlib.core.lines import one_line
from contentlib.finding.likeness import likeness
from contentlib.finding.models import Pin
from contentlib.library.indexing import document_id
from contentlib.library.models import Asset
from contentlib.search import language

# More would push what the words found off the first screen.
MOST = 5
MOST_LETTERS = 256


def all_pins() -> Sequence[Pin]:
    """Return every pin with its material, those of the same words together and in their order."""
    return db.session.scalars(
        select(Pin)
        .options(joinedload(Pin.asset).joinedload(Asset.type))
        .order_by(Pin.normalised, Pin.position, Pin.id)
    ).all()


def get_pin(pin_id: int) -> Pin:
    """Return a pin, or say that there is none."""
    pin = db.session.get(Pin, pin_id)
    if pin is None:
        raise Absent
    return pin


# Asked with every letter that is typed, so it is put together once.
_PINNED = (
    select(Pin.asset_id).where(Pin.normalised == bindparam("words")).order_by(Pin.position, Pin.id)
)


def pinned_for(words: str) -> tuple[str, ...]:
    """Return the documents that come first for these words, whoever may see them, in order."""
    wanted = likeness(words)
    if not wanted:
        return ()
    return tuple(map(document_id, db.session.scalars(_PINNED, {"words": wanted})))


def add_pin(words: str, asset: Asset, *, by: User | None) -> Pin:
    """Let a material come first for some words, after those that are pinned to them already."""
    pin = Pin(asset=asset, created_by_id=by.id if by else None)
    _put_under(pin, words)
    db.session.add(pin)
    db.session.flush()
    audit.record(Action.PIN_ADDED, subject=pin.asset, by=by, words=pin.words)
    return pin


def change_pin(pin: Pin, words: str) -> None:
    """Let a pin be for other words."""
    before = pin.words
    if likeness(words) == pin.normalised:
        pin.words = _written(words)
    else:
        _put_under(pin, words)
    changes = audit.differences({"words": before}, {"words": pin.words})
    if changes:
        audit.record(Action.PIN_CHANGED, subject=pin.asset, words=pin.words, changes=changes)
    db.session.flush()


def move_pin(pin: Pin, *, steps: int) -> None:
    """Move a pin up (negative) or down among those of the same words."""
    pins = [*_siblings(pin.normalised)]
    place = pins.index(pin)
    pins.insert(max(0, min(len(pins) - 1, place + steps)), pins.pop(place))
    for position, other in enumerate(pins):
        other.position = position
    changes = audit.differences({"place": place + 1}, {"place": pins.index(pin) + 1})
    if changes:
        audit.record(Action.PIN_MOVED, subject=pin.asset, words=pin.words, changes=changes)
    db.session.flush()


def remove_pin(pin: Pin) -> None:
    """Let a material stand again where its words put it."""
    audit.record(Action.PIN_REMOVED, subject=pin.asset, words=pin.words)
    db.session.delete(pin)
    db.session.flush()


def _put_under(pin: Pin, words: str) -> None:
    words, wanted = _written(words), likeness(words)
    with db.session.no_autoflush:
        others = [other for other in _siblings(wanted) if other is not pin]
        if any(other.asset_id == pin.asset.id for other in others):
            raise Invalid(N_("This material is pinned to these words already."), field="words")
        if len(others) >= MOST:
            raise Invalid(
                N_("Up to %(most)s materials can be pinned to the same words."),
                field="words",
                most=MOST,
            )
    pin.words, pin.normalised = words, wanted
    pin.position = 1 + max((other.position for other in others), default=-1)


def _siblings(normalised: str) -> Sequence[Pin]:
    query = select(Pin).where(Pin.normalised == normalised)
    return db.session.scalars(query.order_by(Pin.position, Pin.id)).all()


def _written(words: str) -> str:
    words = one_line(words)[:MOST_LETTERS]
    if not any(language.words(words)):
        raise Invalid(N_("Write the words of a search."), field="words")
    return words

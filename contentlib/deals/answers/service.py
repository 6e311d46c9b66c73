"""Telling whether an answer worked; who keeps it hears of it when it fails again and again."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from contentlib.accounts.models import Role, User
from contentlib.accounts.queries import active_users
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.deals.answers import queries
from contentlib.deals.answers.models import AnswerOutcome
from contentlib.deals.models import Deal
from contentlib.deals.queries import stage_at
from contentlib.library.models import Asset
from contentlib.notifications import service as notifications

# The same person telling the same of one answer and deal within this time meant it once.
COLLAPSE = timedelta(minutes=2)
# So often within so many days an answer may fail before its owner is asked to look at it.
MOST_FAILURES = 3
WINDOW = timedelta(days=30)
NEWS = "answer.failed"
LONGEST_NOTE = 500


def note_worked(asset: Asset, deal: Deal | None, *, by: User) -> AnswerOutcome:
    """Write down that an answer worked."""
    return _note(asset, deal, by=by, worked=True)


def note_failed(asset: Asset, deal: Deal | None, *, by: User, address: str) -> AnswerOutcome:
    """Write down that an answer did not work; `address` is where its owner can look at it."""
    outcome = _note(asset, deal, by=by, worked=False)
    _tell_if_it_fails_often(asset, outcome, address)
    return outcome


def _note(asset: Asset, deal: Deal | None, *, by: User, worked: bool) -> AnswerOutcome:
    moment = now()
    # Two taps at the same moment wait for each other here, so that one of them sees the other.
    db.session.execute(select(Asset.id).where(Asset.id == asset.id).with_for_update())
    deal_id = deal.id if deal else None
    before = queries.latest_of(by_id=by.id, asset=asset, deal_id=deal_id, since=moment - COLLAPSE)
    if before is not None and before.worked == worked:
        return before
    if before is not None:
        before.undone_at = moment
    version = asset.shown_version
    outcome = AnswerOutcome(
        asset_id=asset.id,
        asset_version_id=version.id if version else None,
        deal_id=deal_id,
        stage_id=stage_at(deal, moment) if deal else None,
        worked=worked,
        by_id=by.id,
        at=moment,
    )
    db.session.add(outcome)
    db.session.flush()
    return outcome


def explain(outcome_id: int, note: str, *, by: User) -> AnswerOutcome:
    """Add why an answer did not work, or worked."""
    outcome = _own(outcome_id, by)
    outcome.note = note.strip()[:LONGEST_NOTE]
    db.session.flush()
    return outcome


def undo(outcome_id: int, *, by: User) -> AnswerOutcome:
    """Take back what one told by a slip; the row stays and no longer counts."""
    outcome = _own(outcome_id, by)
    outcome.undone_at = outcome.undone_at or now()
    db.session.flush()
    return outcome


def _own(outcome_id: int, by: User) -> AnswerOutcome:
    outcome = queries.own_outcome(outcome_id, by_id=by.id)
    if outcome is None:
        raise Absent
    return outcome


def _tell_if_it_fails_often(asset: Asset, outcome: AnswerOutcome, address: str) -> None:
    """Tell who answers for it, once in thirty days however often it fails after that."""
    since, begins = now() - WINDOW, f"{NEWS}:{asset.id}:"
    times = queries.failures_since(asset, since)
    if times < MOST_FAILURES or queries.was_told_since(begins, since):
        return
    facts = {"asset": asset.title, "times": times, "days": WINDOW.days}
    for person in who_answers_for(asset):
        notifications.tell(
            person.id, NEWS, key=f"{begins}{outcome.id}", address=address, facts=facts
        )


def who_answers_for(asset: Asset) -> Sequence[User]:
    """Return the owner of a material, or the deputy, or else the admins: never nobody."""
    named = next((one for one in (asset.owner, asset.deputy) if one and one.active), None)
    return [named] if named else active_users(Role.ADMIN)

"""What a brief asks of deals, links and the ledger, in a few statements each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from contentlib.core.db import db
from contentlib.core.errors import Absent
from contentlib.core.proportion import FEWEST
from contentlib.deals.models import (
    Deal,
    DealStageEvent,
    DealStageRetraction,
    LossReason,
    Outcome,
)
from contentlib.deals.queries import arrival_stands, stage_history
from contentlib.finding.likeness import keys_of
from contentlib.library.models import Asset
from contentlib.prep.models import Chose, PrepBrief, PrepChoice
from contentlib.prep.situation import Loss

STAYED_WITHIN = timedelta(days=365)
LOST_WITHIN = timedelta(days=365)
# The latest stays say enough of how long one is.
MOST_STAYS = 1000


@dataclass(frozen=True)
class StageAge:
    """For how many days a deal has been in its stage, and the median of those that left it."""

    days: int
    median: float | None
    stays: int

    @property
    def is_long(self) -> bool:
        """Tell whether it is there longer than half of the others were."""
        return self.median is not None and self.days > self.median


def stage_age(deal: Deal, moment: datetime) -> StageAge | None:
    """Return how long a deal has been in its stage; nothing where nobody wrote down since when."""
    history = stage_history(deal)
    if not history:
        return None
    stays = _stays(deal.stage_id, moment)
    usual = median(stays) if len(stays) >= FEWEST else None
    return StageAge((moment - history[-1].entered_at).days, usual, len(stays))


def _stays(stage_id: int, moment: datetime) -> list[float]:
    """Return in days how long deals stayed that have left a stage since they came within a year.

    A stay ends with the next arrival anywhere, or with the close; what goes on is no stay yet.
    """
    later, gone = aliased(DealStageEvent), aliased(DealStageRetraction)
    following = (
        select(func.min(later.entered_at))
        .outerjoin(gone, gone.event_id == later.id)
        .where(
            later.deal_id == DealStageEvent.deal_id,
            later.entered_at > DealStageEvent.entered_at,
            gone.event_id.is_(None),
        )
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(DealStageEvent.entered_at, following, Deal.closed_at)
        .join(Deal, Deal.id == DealStageEvent.deal_id)
        .where(
            DealStageEvent.stage_id == stage_id,
            DealStageEvent.entered_at >= moment - STAYED_WITHIN,
            arrival_stands(),
        )
        .order_by(DealStageEvent.id.desc())
        .limit(MOST_STAYS)
    )
    ends = [(came, left or closed) for came, left, closed in rows]
    return [(end - came) / timedelta(days=1) for came, end in ends if end and end >= came]


def losses_at(stage_id: int, moment: datetime) -> tuple[Loss, ...]:
    """Return why deals were lost at a stage within a year, the most frequent reason first."""
    number = func.count(Deal.id)
    rows = db.session.execute(
        select(Deal.loss_reason_id, number)
        .where(
            Deal.outcome == Outcome.LOST,
            Deal.closed_at >= moment - LOST_WITHIN,
            Deal.stage_id == stage_id,
        )
        .group_by(Deal.loss_reason_id)
        .order_by(number.desc(), Deal.loss_reason_id)
    ).all()
    whole = sum(count for _reason, count in rows)
    names = {row.id: row for row in db.session.scalars(select(LossReason))} if rows else {}
    return tuple(
        Loss(
            reason=names[number].key,
            count=count,
            of=whole,
            keys=frozenset(keys_of(f"{names[number].name_pt} {names[number].name_en}")),
        )
        for number, count in rows
        if number in names and names[number].key not in ("other", "no_reply")
    )


def choices_of(user_id: int, place: str) -> Sequence[PrepChoice]:
    """Return what a person chose for a conversation and did not take back, in that order."""
    return db.session.scalars(
        select(PrepChoice)
        .where(
            PrepChoice.by_id == user_id,
            PrepChoice.place == place,
            PrepChoice.undone_at.is_(None),
        )
        .order_by(PrepChoice.id)
    ).all()


def find_choice(user_id: int, place: str, asset_id: int, chose: Chose) -> PrepChoice | None:
    """Return a choice that stands, if there is one."""
    return next(
        (
            choice
            for choice in choices_of(user_id, place)
            if (choice.asset_id, choice.chose) == (asset_id, chose)
        ),
        None,
    )


def get_choice(user_id: int, choice_id: int) -> PrepChoice:
    """Return a person's own choice, or say that there is none."""
    choice = db.session.get(PrepChoice, choice_id)
    if choice is None or choice.by_id != user_id:
        raise Absent
    return choice


def find_brief(user_id: int, key: str) -> PrepBrief | None:
    """Return a brief that a person looked at; it may be on its way still."""
    return db.session.scalars(
        select(PrepBrief).where(and_(PrepBrief.key == key, PrepBrief.by_id == user_id))
    ).first()


def titles_of(asset_ids: Sequence[int]) -> dict[int, str]:
    """Return the titles of materials whatever became of them, for what was read of them before."""
    rows = db.session.execute(select(Asset.id, Asset.title).where(Asset.id.in_(asset_ids)))
    return {row.id: row.title for row in rows}

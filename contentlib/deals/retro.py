"""The retro: what the seller says helped, in twenty seconds, when a deal is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.deals.models import Deal, Outcome, Retro, RetroAnswer, Verdict
from contentlib.deals.queries import on_deal, valid_retro
from contentlib.library.models import Asset
from contentlib.library.release.history import version_seen_at
from contentlib.usage import service as usage
from contentlib.usage.models import Action, Grade, UsageEvent
from contentlib.usage.queries import counting

# More than a person answers in twenty seconds would be answered at random.
MOST_ASKED = 8


@dataclass(frozen=True)
class Evidence:
    """One material that left traces on a deal: its strongest grade, how often, and when last."""

    asset: Asset
    grade: int
    times: int
    last: datetime


@dataclass(frozen=True)
class Answers:
    """What the seller says: a verdict for each material, the decisive one, two free texts."""

    verdicts: Mapping[int, Verdict]
    decisive: int | None = None
    missing: str = ""
    outside: str = ""


def evidence(deal: Deal, limit: int | None = None) -> list[Evidence]:
    """Return the materials with traces on a deal, the strongest evidence first."""
    strongest, last = func.max(UsageEvent.grade), func.max(UsageEvent.occurred_at)
    rows = db.session.execute(
        counting(UsageEvent.asset_id, strongest, func.count(UsageEvent.id), last)
        .where(UsageEvent.deal_id == deal.id)
        .group_by(UsageEvent.asset_id)
        .order_by(strongest.desc(), last.desc(), UsageEvent.asset_id)
        .limit(limit)
    ).all()
    ids = [row[0] for row in rows]
    assets = {
        asset.id: asset for asset in db.session.scalars(select(Asset).where(Asset.id.in_(ids)))
    }
    return [Evidence(assets[asset], grade, times, last) for asset, grade, times, last in rows]


def asked(deal: Deal) -> list[Evidence]:
    """Return the few materials the seller is asked about."""
    return [row for row in evidence(deal, MOST_ASKED) if row.grade >= Grade.OPENED]


def given(deal: Deal) -> Answers:
    """Return what was answered so far."""
    retro = valid_retro(deal)
    if retro is None:
        return Answers({})
    return Answers(
        verdicts={row.asset_id: row.verdict for row in retro.answers},
        decisive=next((row.asset_id for row in retro.answers if row.decisive), None),
        missing=retro.missing,
        outside=retro.outside,
    )


def answer(deal: Deal, answers: Answers, *, by: User) -> Retro:
    """Keep the seller's answers, replacing earlier ones, and note what helped as confirmed."""
    if deal.outcome == Outcome.OPEN:
        raise Conflict(N_("This deal is open again, so there is nothing to look back on yet."))
    if answers.decisive and answers.verdicts.get(answers.decisive) != Verdict.HELPED:
        raise Invalid(N_("Only a material that helped can be the decisive one."), field="decisive")
    retro = valid_retro(deal) or Retro(deal_id=deal.id)
    retro.outcome, retro.answered_at, retro.answered_by_id = deal.outcome, now(), by.id
    retro.missing, retro.outside = answers.missing.strip(), answers.outside.strip()
    db.session.add(retro)
    db.session.flush()
    retro.answers.clear()
    db.session.flush()
    retro.answers.extend(
        RetroAnswer(asset_id=asset_id, verdict=verdict, decisive=asset_id == answers.decisive)
        for asset_id, verdict in answers.verdicts.items()
    )
    _confirm(deal, retro, by)
    db.session.flush()
    return retro


def _confirm(deal: Deal, retro: Retro, by: User) -> None:
    """Write a confirmed use for each material that helped, and take back those withdrawn."""
    helped = {row.asset_id for row in retro.answers if row.verdict == Verdict.HELPED}
    before = _confirmed(retro)
    for asset_id in helped - before.keys():
        _write_confirmation(deal, retro, asset_id, by)
    for asset_id in before.keys() - helped:
        event = before[asset_id]
        usage.retract(event.id, by_id=event.actor_id or by.id)


def _confirmed(retro: Retro) -> dict[int, UsageEvent]:
    """Return the standing confirmations of a retro by material."""
    events = db.session.scalars(
        counting().where(UsageEvent.idempotency_key.startswith(f"retro:{retro.id}:"))
    )
    return {event.asset_id: event for event in events}


def _write_confirmation(deal: Deal, retro: Retro, asset_id: int, by: User) -> None:
    asset = db.session.get_one(Asset, asset_id)
    moment = deal.closed_at or now()
    written = select(func.count(UsageEvent.id)).where(
        UsageEvent.idempotency_key.startswith(f"retro:{retro.id}:{asset_id}:")
    )
    version = version_seen_at(asset, moment)
    # A confirmation speaks of the deal as it was at its close, so it is never late.
    facts = on_deal(deal, occurred_at=moment, recorded_at=deal.opened_at)
    usage.record(
        Action.CONFIRMED,
        asset_id=asset_id,
        version_id=version.id if version else None,
        actor_id=by.id,
        idempotency_key=f"retro:{retro.id}:{asset_id}:{db.session.scalar(written)}",
        on=facts,
        occurred_at=moment,
        surface="retro",
    )


def read_verdicts(form: Mapping[str, str], rows: Sequence[Evidence]) -> dict[int, Verdict]:
    """Read the verdicts of a sent form for the materials that were asked about."""
    found = {}
    for row in rows:
        value = form.get(f"verdict-{row.asset.id}", "")
        if value in set(Verdict):
            found[row.asset.id] = Verdict(value)
    return found

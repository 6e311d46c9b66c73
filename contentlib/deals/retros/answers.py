"""The retro: what the seller says helped, in twenty seconds, when a deal is closed.

Answers can be changed for seven days. What they were before stays, and the confirmed uses that
follow from them are added and taken back as the answers change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Conflict, Invalid
from contentlib.deals.models import Deal, Retro, RetroAnswer, Verdict
from contentlib.deals.queries import on_deal, valid_retro
from contentlib.deals.retros.closes import refuse_unless_closed
from contentlib.deals.retros.models import RetroRevision
from contentlib.library.models import Asset
from contentlib.library.release.history import version_seen_at
from contentlib.usage import service as usage
from contentlib.usage.models import Action, Grade, UsageEvent
from contentlib.usage.queries import counting

# More than a person answers in twenty seconds would be answered at random.
MOST_ASKED = 8
CHANGEABLE = timedelta(days=7)


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


def may_change(retro: Retro | None, moment: datetime) -> bool:
    """Tell whether answers may still be given or changed."""
    return retro is None or moment < retro.answered_at + CHANGEABLE


def answer(deal: Deal, answers: Answers, *, by: User, close: int | None = None) -> Retro:
    """Keep the seller's answers, replacing earlier ones, and note what helped as confirmed.

    `close` tells which close of the deal was asked about, where the answers were given to a page.
    """
    refuse_unless_closed(deal, close)
    verdicts = _with_decisive(answers)
    retro = valid_retro(deal)
    if not may_change(retro, now()):
        raise Conflict(N_("These answers are older than seven days and stay as they are."))
    if retro is None:
        retro = Retro(deal_id=deal.id, answered_at=now(), answered_by_id=by.id)
    elif given(deal) == _as_kept(answers, verdicts):
        return retro
    else:
        _keep_as_it_was(retro, by)
        retro.changed_at = now()
    retro.outcome = deal.outcome
    retro.missing, retro.outside = answers.missing.strip(), answers.outside.strip()
    db.session.add(retro)
    db.session.flush()
    _replace(retro, verdicts, answers.decisive)
    _confirm(deal, retro, by)
    db.session.flush()
    return retro


def void(deal: Deal, *, by: User | None) -> None:
    """Let what was answered for a deal count no more, with the uses that it confirmed."""
    standing = select(Retro).where(Retro.deal_id == deal.id, Retro.voided_at.is_(None))
    for retro in db.session.scalars(standing):
        retro.voided_at = now()
        for event in _confirmed(retro).values():
            usage.take_back(event, by_id=by.id if by else None)


def history(retro: Retro) -> Sequence[RetroRevision]:
    """Return what the answers were before, the latest first."""
    rows = select(RetroRevision).where(RetroRevision.retro_id == retro.id)
    return db.session.scalars(rows.order_by(RetroRevision.id.desc())).all()


def _with_decisive(answers: Answers) -> dict[int, Verdict]:
    """Return the verdicts: what decided a deal helped, without its being said twice."""
    verdicts = dict(answers.verdicts)
    if answers.decisive is None:
        return verdicts
    if verdicts.setdefault(answers.decisive, Verdict.HELPED) != Verdict.HELPED:
        raise Invalid(N_("Only a material that helped can be the decisive one."), field="decisive")
    return verdicts


def _as_kept(answers: Answers, verdicts: dict[int, Verdict]) -> Answers:
    texts = answers.missing.strip(), answers.outside.strip()
    return Answers(verdicts, answers.decisive, *texts)


def _keep_as_it_was(retro: Retro, by: User) -> None:
    told = [
        {"asset": row.asset_id, "verdict": row.verdict.value, "decisive": row.decisive}
        for row in retro.answers
    ]
    db.session.add(
        RetroRevision(
            retro_id=retro.id,
            replaced_by_id=by.id,
            answers=told,
            missing=retro.missing,
            outside=retro.outside,
        )
    )


def _replace(retro: Retro, verdicts: Mapping[int, Verdict], decisive: int | None) -> None:
    retro.answers.clear()
    db.session.flush()
    retro.answers.extend(
        RetroAnswer(asset_id=asset_id, verdict=verdict, decisive=asset_id == decisive)
        for asset_id, verdict in verdicts.items()
    )
    db.session.flush()


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

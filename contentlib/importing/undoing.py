"""Taking back what the rows of a run did, the last one first.

What was only made is removed, what was changed gets its former value, and what the ledgers hold
is marked as taken back, since their rows are never deleted. Where somebody has built on it since,
it stays and the run says so.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from contentlib import audit
from contentlib.accounts import service as accounts
from contentlib.accounts.models import Role, Team, User
from contentlib.audit import Action
from contentlib.core.clock import now
from contentlib.core.db import Base, db
from contentlib.core.errors import N_, Conflict
from contentlib.deals import service as deals
from contentlib.deals import told
from contentlib.deals.models import (
    Company,
    Deal,
    DealStageEvent,
    LossReason,
    Outcome,
    Pipeline,
)
from contentlib.importing.models import (
    ImportFinding,
    ImportRow,
    ImportRun,
    Severity,
    State,
)
from contentlib.importing.steps import kept
from contentlib.library import service as library
from contentlib.library.models import Asset, Status
from contentlib.library.taxonomy import Stage
from contentlib.sharing.touches.models import MarketingTouch
from contentlib.usage import service as usage
from contentlib.usage.models import UsageEvent

PORTION = 100
SOURCE = "undo"
REMOVABLE: dict[str, type[Base]] = {
    "deal": Deal,
    "company": Company,
    "team": Team,
    "person": User,
    "stage": Stage,
    "loss_reason": LossReason,
    "pipeline": Pipeline,
    "touch": MarketingTouch,
}
_ROWS = {
    "company": Company,
    "owner": User,
    "team": Team,
    "pipeline": Pipeline,
    "loss_reason": LossReason,
}
STAYS = {
    "deal": N_("The deal “%(key)s” stays: something was noted on it since."),
    "company": N_("The company that line %(line)s brought stays: it is in use."),
    "team": N_("The team that line %(line)s brought stays: it is in use."),
    "person": N_("The person whom line %(line)s brought stays: there is work of theirs."),
}
STAYS_IN_USE = N_("A word that line %(line)s brought stays: it is in use.")
CHANGED_SINCE = N_("“%(key)s” was changed again since the import and stays as it is.")
ARCHIVED = N_("The material “%(key)s” was archived; nobody finds it any more.")
KEPT = N_("The material “%(key)s” stays as the import left it; its earlier versions are there.")
USED_SINCE = N_("The material “%(key)s” stays: somebody has used it since.")
LEFT = frozenset({*STAYS.values(), STAYS_IN_USE, CHANGED_SINCE, USED_SINCE, ARCHIVED, KEPT})


class _Stays(Exception):
    """Something cannot be taken back in full; carries the sentence that says why."""


def take_back_portion(run: ImportRun) -> bool:
    """Take back some rows of a run, the last ones first; tell whether there may be more."""
    rows = db.session.scalars(
        select(ImportRow)
        .where(ImportRow.run_id == run.id, ImportRow.taken_back.is_(False))
        .order_by(ImportRow.id.desc())
        .limit(PORTION)
    ).all()
    for row in rows:
        _take_back(run, row)
    if len(rows) < PORTION:
        run.state, run.undone_at = State.UNDONE, now()
    db.session.flush()
    return run.state is State.UNDOING


def _take_back(run: ImportRun, row: ImportRow) -> None:
    for name, *rest in reversed(row.steps):
        try:
            STEPS[name](run.undone_by_id, *rest)
        except _Stays as reason:
            _say(run, row, str(reason))
    row.taken_back = True
    db.session.flush()


def _say(run: ImportRun, row: ImportRow, message: str) -> None:
    parameters = {"key": row.key, "line": row.line}
    db.session.add(
        ImportFinding(
            run_id=run.id,
            line=row.line,
            severity=Severity.WARNING,
            message=message,
            parameters=json.dumps(parameters, ensure_ascii=False, sort_keys=True),
        )
    )


def _remove(_by_id: int | None, entity: str, row_id: int) -> None:
    """Remove a row that nothing refers to; the database itself knows whether something does."""
    model = REMOVABLE[entity]
    try:
        with db.session.begin_nested():
            _write_down(entity, row_id)
            db.session.execute(delete(model).where(model.id == row_id))  # type: ignore[attr-defined]
    except IntegrityError:
        raise _Stays(STAYS.get(entity, STAYS_IN_USE)) from None


_REMOVALS = {
    "person": Action.PERSON_REMOVED,
    "team": Action.TEAM_REMOVED,
    "stage": Action.TERM_REMOVED,
}


def _write_down(entity: str, row_id: int) -> None:
    """Write down that a person, a team or a word goes; deals have a history of their own."""
    row: Any = db.session.get(REMOVABLE[entity], row_id) if entity in _REMOVALS else None
    if row is not None:
        name = row.name_pt if entity == "stage" else row.name
        audit.record(_REMOVALS[entity], subject=row, name=name)


def _archive(_by_id: int | None, asset_id: int) -> None:
    asset = db.session.get_one(Asset, asset_id)
    if asset.status is not Status.ARCHIVED:
        library.archive(asset)
    raise _Stays(ARCHIVED)


def _withdraw(_by_id: int | None, asset_id: int, updated_at: str) -> None:
    """Remove a material that only its import has touched; one that was on air is archived."""
    asset = db.session.get(Asset, asset_id)
    if asset is None:
        return
    if asset.updated_at.isoformat() != updated_at:
        raise _Stays(CHANGED_SINCE)
    if db.session.scalar(select(UsageEvent.id).where(UsageEvent.asset_id == asset_id).limit(1)):
        raise _Stays(USED_SINCE)
    try:
        with db.session.begin_nested():
            library.discard(asset)
    except IntegrityError:
        raise _Stays(USED_SINCE) from None
    if db.session.get(Asset, asset_id) is not None:
        raise _Stays(ARCHIVED)


def _keep(_by_id: int | None) -> None:
    raise _Stays(KEPT)


def _reset(_by_id: int | None, _entity: str, deal_id: int, field: str, old: Any, new: Any) -> None:
    deal = db.session.get(Deal, deal_id)
    if deal is None or kept(getattr(deal, field)) != new:
        raise _Stays(CHANGED_SINCE)
    value = _restored(field, old)
    if field in told.CORRECTED:
        told.correct(deal, source=SOURCE, **{field: value})
    else:
        deals.change_deal(deal, by=None, source=SOURCE, **{field: value})


def _restored(field: str, old: Any) -> Any:
    if old is not None and field in _ROWS:
        return db.session.get_one(_ROWS[field], old)
    return datetime.fromisoformat(old) if old and field.endswith("_at") else old


def _turn_back(_by_id: int | None, deal_id: int, old: list[Any], new: str) -> None:
    deal = db.session.get(Deal, deal_id)
    if deal is None or deal.outcome != Outcome(new):
        raise _Stays(CHANGED_SINCE)
    outcome, closed_at, reason_id = old
    told.turn_out(
        deal,
        Outcome(outcome),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
        loss_reason=db.session.get_one(LossReason, reason_id) if reason_id else None,
        source=SOURCE,
    )


def _unarrive(by_id: int | None, event_id: int, stood_at: int) -> None:
    event = db.session.get_one(DealStageEvent, event_id)
    told.take_back_arrival(event, stage_before=stood_at, by_id=by_id)


def _unuse(by_id: int | None, event_id: int) -> None:
    usage.take_back(db.session.get_one(UsageEvent, event_id), by_id=by_id)


def _reset_person(_by_id: int | None, user_id: int, old: list[Any], new: list[Any]) -> None:
    user = db.session.get(User, user_id)
    if user is None or [user.name, user.role.value, user.team_id] != new:
        raise _Stays(CHANGED_SINCE)
    name, role, team_id = old
    team = db.session.get(Team, team_id) if team_id else None
    try:
        accounts.change_user(user, name=name, role=Role(role), team=team, active=user.active)
    except Conflict as error:
        raise _Stays(error.message) from None


STEPS: dict[str, Callable[..., None]] = {
    "made": _remove,
    "asset": _archive,
    "drafted": _withdraw,
    "kept": _keep,
    "set": _reset,
    "outcome": _turn_back,
    "arrived": _unarrive,
    "used": _unuse,
    "person": _reset_person,
}

"""Rows of stage histories and of uses: facts that are added, never changed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from contentlib.core.errors import N_, Invalid
from contentlib.deals import told
from contentlib.deals.models import Deal
from contentlib.deals.queries import on_deal
from contentlib.importing import terms
from contentlib.importing.context import Context
from contentlib.importing.models import Result
from contentlib.importing.values import read_moment
from contentlib.importing.vocabulary import read_word
from contentlib.library.models import Asset
from contentlib.library.release.history import version_seen_at
from contentlib.usage import service as usage
from contentlib.usage.models import Action

SURFACE = "import"


def take_stage(cells: Mapping[str, str], context: Context) -> Result:
    """Note that a deal came to a stage."""
    deal = context.deal(cells["deal_external_id"])
    stage = terms.stage(cells["stage"], context)
    entered_at = _moment(cells, "entered_at", context)
    if entered_at < deal.opened_at:
        context.warn(N_("The deal came to this stage before the day it was opened."))
    stood_at = deal.stage_id
    event = told.arrive(deal, stage, entered_at=entered_at)
    if event is None:
        return Result.SAME
    context.steps.append(["arrived", event.id, stood_at])
    return Result.CREATED


def take_use(cells: Mapping[str, str], context: Context) -> Result:
    """Note a use in the ledger, as recorded when it happened unless the row says otherwise."""
    asset = context.asset(cells["asset_external_id"])
    person = context.person(cells["user_email"], field="user_email")
    deal = context.deal(cells["deal_external_id"]) if cells.get("deal_external_id") else None
    occurred_at = _moment(cells, "occurred_at", context)
    recorded_at = _recorded(cells, occurred_at, context)
    action = Action(read_word("action", cells["action"]))
    key = _free_key(deal, asset, person.email, f"{occurred_at.isoformat()} {action}")
    if key is None:
        return Result.SAME
    version = version_seen_at(asset, occurred_at)
    event = usage.record(
        action,
        asset_id=asset.id,
        version_id=version.id if version else None,
        actor_id=person.id,
        idempotency_key=key,
        on=on_deal(deal, occurred_at=occurred_at, recorded_at=recorded_at) if deal else None,
        occurred_at=occurred_at,
        recorded_at=recorded_at,
        channel=read_word("channel", cells["channel"]) if cells.get("channel") else None,
        surface=SURFACE,
    )
    if event.idempotency_key != key:
        context.warn(N_("The same use within two minutes is noted already; it counts once."))
        return Result.SAME
    context.steps.append(["used", event.id])
    return Result.CREATED


def _moment(cells: Mapping[str, str], field: str, context: Context) -> datetime:
    here = context.terms
    told_ = read_moment(cells[field], field=field, zone=here.zone, brazilian=here.brazilian)
    return told_.moment


def _recorded(cells: Mapping[str, str], occurred_at: datetime, context: Context) -> datetime:
    if not cells.get("recorded_at"):
        return occurred_at
    recorded_at = _moment(cells, "recorded_at", context)
    if recorded_at < occurred_at:
        raise Invalid(N_("A use cannot be noted before it happened."), field="recorded_at")
    if recorded_at > context.moment:
        raise Invalid(N_("A use cannot be noted in the future."), field="recorded_at")
    return recorded_at


def _free_key(deal: Deal | None, asset: Asset, email: str, rest: str) -> str | None:
    """Return the key of this use, or nothing if it stands in the ledger already.

    One that an undo took back stays in the ledger, so that the use gets another key when it is
    imported again.
    """
    told_by = f"{deal.external_id if deal else ''}\n{asset.external_id}\n{email}\n{rest}"
    digest = hashlib.sha256(told_by.encode()).hexdigest()[:40]
    attempt = 1
    while True:
        key = f"import:{digest}:{attempt}"
        event = usage.find_by_key(key)
        if event is None:
            return key
        if not usage.is_retracted(event):
            return None
        attempt += 1

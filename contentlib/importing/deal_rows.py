"""Rows of deals: read, compared with what is here, taken over or corrected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contentlib.core.errors import N_, Invalid
from contentlib.deals import service, told
from contentlib.deals.models import Deal, LossReason, Outcome
from contentlib.deals.queries import stage_history
from contentlib.importing import terms
from contentlib.importing.context import Context
from contentlib.importing.models import Result
from contentlib.importing.steps import kept, set_step
from contentlib.importing.values import Told, read_amount, read_currency, read_moment
from contentlib.importing.vocabulary import read_word


@dataclass
class DealRow:
    """What a row says of a deal; None where its cell is empty, which says nothing."""

    facts: dict[str, Any]
    outcome: Outcome | None
    opened: Told | None
    closed: Told | None
    loss_reason: LossReason | None


def take(cells: Mapping[str, str], context: Context) -> Result:
    """Take one row in."""
    row = _read(cells, context)
    known = context.deals.get(cells["external_id"])
    if known is None:
        return _create(cells["external_id"], row, context)
    return _correct(known, row, context)


def _read(cells: Mapping[str, str], context: Context) -> DealRow:
    outcome = Outcome(read_word("outcome", cells["outcome"])) if cells.get("outcome") else None
    closed = _moment(cells, "closed_at", context)
    if outcome in (None, Outcome.OPEN) and closed is not None:
        raise Invalid(N_("A deal with a closing day needs its outcome: won or lost."))
    if outcome in (Outcome.WON, Outcome.LOST) and closed is None:
        raise Invalid(N_("A closed deal needs the day on which it was closed."), field="closed_at")
    return DealRow(
        facts=_facts(cells, context),
        outcome=outcome,
        opened=_moment(cells, "opened_at", context),
        closed=closed,
        loss_reason=_loss_reason(cells, outcome, context),
    )


def _moment(cells: Mapping[str, str], field: str, context: Context) -> Told | None:
    text = cells.get(field)
    if not text:
        return None
    terms_ = context.terms
    return read_moment(text, field=field, zone=terms_.zone, brazilian=terms_.brazilian)


def _facts(cells: Mapping[str, str], context: Context) -> dict[str, Any]:
    """Return those facts that the row tells; an empty cell tells nothing."""
    currency = read_currency(cells.get("currency") or context.terms.currency)
    title = " · ".join(filter(None, (cells.get("title"), cells.get("title_more"))))
    facts: dict[str, Any] = {"title": service.clean_title(title)}
    if cells.get("amount"):
        facts |= {"amount_minor": read_amount(cells["amount"], currency), "currency": currency}
    if cells.get("pipeline"):
        facts["pipeline"] = terms.pipeline(cells["pipeline"], context)
    if cells.get("size_band"):
        facts["size_band"] = read_word("size_band", cells["size_band"])
    if cells.get("stage"):
        facts["stage"] = terms.stage(cells["stage"], context)
    return facts | _people(cells, context)


def _people(cells: Mapping[str, str], context: Context) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if cells.get("team"):
        facts["team"] = context.team(cells["team"])
    if cells.get("seller_email"):
        seller = context.person(cells["seller_email"], field="seller_email", team=facts.get("team"))
        facts["owner"] = seller
        facts.setdefault("team", seller.team)
    else:
        context.warn(N_("Nobody is named as the seller."))
    if cells.get("company"):
        facts["company"] = context.company(cells["company"])
    else:
        context.warn(N_("No company is named."))
    return facts


def _loss_reason(
    cells: Mapping[str, str], outcome: Outcome | None, context: Context
) -> LossReason | None:
    text = cells.get("loss_reason")
    if outcome is Outcome.LOST and not text:
        context.warn(N_("Lost, but no reason is given."))
    if not text:
        return None
    if outcome is not Outcome.LOST:
        context.warn(N_("A loss reason stands at a deal that is not lost; it is left out."))
        return None
    return terms.loss_reason(text, context)


def _create(external_id: str, row: DealRow, context: Context) -> Result:
    if row.opened is None and row.closed is not None:
        raise Invalid(N_("A closed deal needs the day on which it was opened."), field="opened_at")
    if row.opened is None:
        context.warn(N_("No opening day is given; the day of the import stands for it."))
    if "amount_minor" not in row.facts:
        context.warn(N_("No amount is given; it counts as zero."))
    defaults: dict[str, Any] = {"amount_minor": 0, "currency": context.terms.currency}
    if "pipeline" not in row.facts:
        defaults["pipeline"] = terms.pipeline("", context)
    if "stage" not in row.facts:
        defaults["stage"] = terms.first_stage(context)
    deal = told.take_over(
        external_id=external_id,
        opened_at=row.opened.moment if row.opened else context.moment,
        outcome=row.outcome or Outcome.OPEN,
        closed_at=_closing(row, context),
        loss_reason=row.loss_reason,
        **defaults | row.facts,
    )
    context.made("deal", deal.id)
    return Result.CREATED


def _closing(row: DealRow, context: Context) -> datetime | None:
    return row.closed.at_end(context.terms.zone, context.moment) if row.closed else None


def _correct(deal: Deal, row: DealRow, context: Context) -> Result:
    before = len(context.steps)
    stage = row.facts.pop("stage", None)
    changed = {name: new for name, new in row.facts.items() if getattr(deal, name) != new}
    for name, new in changed.items():
        context.steps.append(set_step(deal, name, getattr(deal, name), new))
    if changed:
        service.change_deal(deal, by=None, source=told.SOURCE, **changed)
    _correct_dates(deal, row, context)
    _correct_outcome(deal, row, context)
    if stage is not None and deal.outcome is Outcome.OPEN and deal.stage_id != stage.id:
        stood_at = deal.stage_id
        service.move_to_stage(deal, stage, by=None, source=told.SOURCE)
        context.steps.append(["arrived", stage_history(deal)[-1].id, stood_at])
    return Result.CHANGED if len(context.steps) > before else Result.SAME


def _correct_dates(deal: Deal, row: DealRow, context: Context) -> None:
    zone = context.terms.zone
    corrected: dict[str, Any] = {}
    if row.opened and not row.opened.agrees_with(deal.opened_at, zone):
        corrected["opened_at"] = row.opened.moment
    closed = row.closed if deal.outcome is row.outcome else None
    if closed and not closed.agrees_with(deal.closed_at, zone):
        corrected["closed_at"] = closed.at_end(zone, context.moment)
    for field, new in corrected.items():
        context.steps.append(set_step(deal, field, getattr(deal, field), new))
    if corrected:
        told.correct(deal, **corrected)


def _correct_outcome(deal: Deal, row: DealRow, context: Context) -> None:
    if row.outcome is None:
        return
    if row.outcome is not deal.outcome:
        context.steps.append(_outcome_step(deal, row.outcome))
        told.turn_out(
            deal, row.outcome, closed_at=_closing(row, context), loss_reason=row.loss_reason
        )
    elif row.loss_reason is not None and row.loss_reason != deal.loss_reason:
        context.steps.append(set_step(deal, "loss_reason", deal.loss_reason, row.loss_reason))
        told.correct(deal, loss_reason=row.loss_reason)


def _outcome_step(deal: Deal, new: Outcome) -> list[Any]:
    old = [deal.outcome.value, kept(deal.closed_at), deal.loss_reason_id]
    return ["outcome", deal.id, old, new.value]

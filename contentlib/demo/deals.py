"""The demo's deals as rows: histories, changes, contacts, ends with reasons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from contentlib.core.clock import local_day
from contentlib.core.db import db
from contentlib.deals import outcomes
from contentlib.deals.models import (
    Deal,
    DealChange,
    DealStageEvent,
    LossReason,
    Outcome,
    Pipeline,
    deal_contact,
)
from contentlib.demo.customers import Customer
from contentlib.demo.deal_plan import NEW_BUSINESS, DealPlan, Visit, plan_deal
from contentlib.demo.firm import firm
from contentlib.demo.rows import Rows
from contentlib.demo.staff import Seller, Staff


@dataclass(frozen=True)
class MadeDeal:
    """A deal that has rows, for what is simulated on top of it."""

    id: int
    plan: DealPlan
    seller: Seller
    customer: Customer
    recorded: bool


def seed_pipelines() -> None:
    """Put the seed in place, and the second kind of sale that this firm has."""
    outcomes.seed()
    if "expansion" not in _numbers_of(Pipeline):
        db.session.add(
            Pipeline(key="expansion", name_pt="Expansão", name_en="Expansion", position=1)
        )
        db.session.flush()


class DealBook:
    """Writes deals and everything that hangs on them."""

    def __init__(self, stages: dict[str, int], staff: Staff, now: datetime) -> None:
        self._stages, self._staff, self.now = stages, staff, now
        self._pipelines = _numbers_of(Pipeline)
        self._reasons = _numbers_of(LossReason)
        self.deals, self.visits = Rows(Deal), Rows(DealStageEvent)
        self.changes, self.contacts = Rows(DealChange), Rows(deal_contact)

    def write(
        self, rng: Random, plan: DealPlan, seller: Seller, customer: Customer, **given: Any
    ) -> MadeDeal:
        """Write one deal; `given` replaces what would be drawn."""
        row = self._row(rng, plan, seller, customer) | given
        number = self.deals.add(**row)
        for visit in plan.visits:
            self.visits.add(
                deal_id=number,
                stage_id=self._stages[visit.stage],
                entered_at=visit.entered_at,
                recorded_at=visit.recorded_at,
                by_id=seller.id,
                source="import" if rng.random() < 0.2 else "web",
            )
        self._changes(rng, number, plan, seller)
        for contact, _persona in customer.contacts[: rng.randint(1, 3)]:
            self.contacts.add(deal_id=number, contact_id=contact)
        if self.deals.many:
            self.flush()
        return MadeDeal(number, plan, seller, customer, rng.random() > seller.unrecorded)

    def _row(
        self, rng: Random, plan: DealPlan, seller: Seller, customer: Customer
    ) -> dict[str, Any]:
        words = firm()["deals"]
        expansion = plan.path != NEW_BUSINESS
        subject = rng.choice(words["expansions" if expansion else "subjects"])
        reason = note = None
        if plan.outcome == "lost":
            reason = rng.choices(list(words["loss"]), [row[0] for row in words["loss"].values()])[0]
            note = rng.choice(words["loss"][reason][1]) or None
        rival = reason == "competitor" or rng.random() < 0.25
        return {
            "external_id": f"NEG-{self.deals.added + 1:05}",
            "title": f"{customer.name}: {subject}",
            "company_id": customer.id,
            "owner_id": seller.id,
            "team_id": seller.team_id,
            "pipeline_id": self._pipelines["expansion" if expansion else "new_business"],
            "stage_id": self._stages[plan.stage],
            "amount_minor": plan.amount_minor,
            "currency": "BRL",
            "outcome": Outcome(plan.outcome),
            "opened_at": plan.opened_at,
            "closed_at": plan.closed_at,
            "close_recorded_at": plan.close_recorded_at,
            "expected_close": self._expected(rng, plan),
            "loss_reason_id": self._reasons[reason] if reason else None,
            "loss_note": note,
            "competitor": rng.choice(words["competitors"]) if rival else None,
            "size_band": customer.size,
            "created_at": plan.visits[0].recorded_at,
            "updated_at": plan.close_recorded_at or plan.visits[-1].recorded_at,
        }

    def _expected(self, rng: Random, plan: DealPlan) -> Any:
        end = plan.closed_at or self.now
        return local_day(end + timedelta(days=rng.randint(-10, 45)), "America/Sao_Paulo")

    def _changes(self, rng: Random, number: int, plan: DealPlan, seller: Seller) -> None:
        def change(field: str, old: str, new: str, at: datetime) -> None:
            self.changes.add(
                deal_id=number,
                field=field,
                old=old,
                new=new,
                recorded_at=at,
                by_id=seller.id,
                source="web",
            )

        if plan.first_amount_minor != plan.amount_minor:
            when = rng.choice(plan.visits).recorded_at
            change("amount_minor", str(plan.first_amount_minor), str(plan.amount_minor), when)
        if plan.reopened:
            closed, back = plan.reopened
            change("outcome", "open", "lost", closed)
            change("outcome", "lost", "open", back)
        if plan.close_recorded_at:
            change("outcome", "open", plan.outcome, plan.close_recorded_at)

    def flush(self) -> None:
        """Insert what is waiting, deals before what points at them."""
        for rows in (self.deals, self.visits, self.changes, self.contacts):
            rows.flush()

    def finish(self) -> None:
        """Insert the rest."""
        for rows in (self.deals, self.visits, self.changes, self.contacts):
            rows.finish()


def _numbers_of(kind: type[Pipeline] | type[LossReason]) -> dict[str, int]:
    rows = db.session.execute(select(kind.key, kind.id))
    return {row.key: row.id for row in rows}


def make_deals(
    rng: Random, number: int, book: DealBook, staff: Staff, customers: list[Customer]
) -> list[MadeDeal]:
    """Make the deal of the pictures and as many others as are wanted."""
    made = [_the_vertice_deal(rng, book, staff, customers[0])]
    shares = [seller.share for seller in staff.sellers]
    known = [customer for customer in customers if customer.known]
    for _ in range(number - 1):
        seller = rng.choices(staff.sellers, shares)[0]
        expands = seller.expands and rng.random() < 0.5
        customer = rng.choice(known if expands and rng.random() < 0.25 else customers)
        leaning = seller.skill + (0.1 if expands else 0) + (0.05 if customer.known else 0)
        plan = plan_deal(rng, book.now, expansion=expands, leaning=leaning)
        made.append(book.write(rng, plan, seller, customer))
    book.finish()
    return made


def _the_vertice_deal(rng: Random, book: DealBook, staff: Staff, vertice: Customer) -> MadeDeal:
    """Sofia's deal with Vértice, twelve days in negotiation, RotaMax beside her."""
    now = book.now
    sofia = next(seller for seller in staff.sellers if seller.id == staff.ids["sofia.lima"])
    plan = DealPlan(now - timedelta(days=54), NEW_BUSINESS, 8_400_000, 9_150_000)
    days = {"lead": 54, "mql": 51, "discovery": 45, "diagnosis": 36, "proposal": 25}
    for stage, ago in (days | {"negotiation": 12}).items():
        entered = now - timedelta(days=ago, hours=2)
        plan.visits.append(Visit(stage, entered, entered + timedelta(minutes=9)))
    return book.write(
        rng,
        plan,
        sofia,
        vertice,
        title="Vértice Logística: filial de Curitiba",
        competitor="RotaMax",
        expected_close=local_day(now + timedelta(days=6), "America/Sao_Paulo"),
    )

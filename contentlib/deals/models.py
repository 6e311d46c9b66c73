"""Companies, contacts, deals and what happened to them; histories are append-only."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contentlib.accounts.models import Team, User
from contentlib.core.clock import now
from contentlib.core.db import Base, BigId, choice
from contentlib.library.taxonomy import Persona, Stage, Term


class Outcome(StrEnum):
    """How a deal stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class LossReason(Term, Base):
    """Why a deal was lost."""

    __tablename__ = "loss_reason"


class Pipeline(Term, Base):
    """A kind of sale with its own run through the stages."""

    __tablename__ = "pipeline"


class Consent(StrEnum):
    """What is known of a person's consent to be told apart as a reader."""

    UNKNOWN = "unknown"
    GIVEN = "given"
    OPPOSED = "opposed"


class Company(Base):
    """A firm that buys, or may."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    industry: Mapped[str | None] = mapped_column(String(120), index=True)
    size_band: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=now)

    contacts: Mapped[list["Contact"]] = relationship(back_populates="company")


class Contact(Base):
    """A person at a company."""

    __tablename__ = "contact"
    # Those who are opposed are few, and are looked for by their address.
    __table_args__ = (Index("ix_contact_consent", "consent", "email"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    persona_id: Mapped[int | None] = mapped_column(ForeignKey("persona.id"))
    consent: Mapped[Consent] = mapped_column(choice(Consent, 10), default=Consent.UNKNOWN)
    # Since when, and how it was said; both are empty as long as nothing is known.
    consent_on: Mapped[date | None]
    consent_source: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)

    company: Mapped[Company] = relationship(back_populates="contacts")
    persona: Mapped[Persona | None] = relationship()


deal_contact = Table(
    "deal_contact",
    Base.metadata,
    Column("deal_id", ForeignKey("deal.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", ForeignKey("contact.id"), primary_key=True, index=True),
)


class Deal(Base):
    """A sale in progress, or its end."""

    __tablename__ = "deal"
    __table_args__ = (
        CheckConstraint("(outcome = 'open') = (closed_at IS NULL)", name="closed_has_date"),
        # Revenue is summed from the index alone.
        Index(
            "ix_deal_closed",
            "outcome",
            "closed_at",
            "currency",
            "amount_minor",
            "team_id",
            "pipeline_id",
        ),
        Index("ix_deal_team_outcome_stage", "team_id", "outcome", "stage_id"),
        Index("ix_deal_owner_outcome", "owner_id", "outcome"),
        Index("ix_deal_updated", "updated_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    pipeline_id: Mapped[int] = mapped_column(ForeignKey("pipeline.id"), index=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, 5), default=Outcome.OPEN)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # When the outcome was written down; uses recorded after this moment are late.
    close_recorded_at: Mapped[datetime | None]
    expected_close: Mapped[date | None]
    loss_reason_id: Mapped[int | None] = mapped_column(ForeignKey("loss_reason.id"), index=True)
    loss_note: Mapped[str | None] = mapped_column(Text)
    competitor: Mapped[str | None] = mapped_column(String(120))
    size_band: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

    company: Mapped[Company | None] = relationship(lazy="joined")
    owner: Mapped[User | None] = relationship(lazy="joined")
    team: Mapped[Team | None] = relationship(lazy="joined")
    stage: Mapped[Stage] = relationship(lazy="joined")
    pipeline: Mapped[Pipeline] = relationship(lazy="joined")
    loss_reason: Mapped[LossReason | None] = relationship(lazy="joined")
    contacts: Mapped[list[Contact]] = relationship(secondary=deal_contact)


class DealStageEvent(Base):
    """One arrival of a deal at a stage; backward moves and re-openings are arrivals too."""

    __tablename__ = "deal_stage_event"
    __table_args__ = (Index("ix_deal_stage_event_deal", "deal_id", "entered_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("stage.id"))
    entered_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    source: Mapped[str] = mapped_column(String(20), default="web")

    stage: Mapped[Stage] = relationship()


class DealStageRetraction(Base):
    """Says that an arrival never was, as when an import is undone; the arrival's row stays."""

    __tablename__ = "deal_stage_retraction"

    event_id: Mapped[int] = mapped_column(ForeignKey("deal_stage_event.id"), primary_key=True)
    retracted_at: Mapped[datetime] = mapped_column(default=now)
    retracted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class DealChange(Base):
    """One change of a deal's amount, owner, outcome or other fact."""

    __tablename__ = "deal_change"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    old: Mapped[str | None] = mapped_column(Text)
    new: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    source: Mapped[str] = mapped_column(String(20), default="web")


class Verdict(StrEnum):
    """What the seller says of one asset when the deal is closed."""

    HELPED = "helped"
    SHOWN = "shown"
    NOT_USED = "not_used"


class Retro(Base):
    """The seller's answers after a close; void once the deal is re-opened."""

    __tablename__ = "retro"
    __table_args__ = (
        Index("ix_retro_answered", "answered_at"),
        Index("ix_retro_changed", "changed_at"),
        Index("ix_retro_voided", "voided_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deal.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, 5))
    answered_at: Mapped[datetime] = mapped_column(default=now)
    # When the answers were last changed, if they ever were.
    changed_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    missing: Mapped[str] = mapped_column(Text, default="")
    outside: Mapped[str] = mapped_column(Text, default="")
    voided_at: Mapped[datetime | None]

    answers: Mapped[list["RetroAnswer"]] = relationship(cascade="all, delete-orphan")


class RetroAnswer(Base):
    """What the seller says of one asset."""

    __tablename__ = "retro_answer"

    retro_id: Mapped[int] = mapped_column(
        ForeignKey("retro.id", ondelete="CASCADE"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True, index=True)
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict, 10))
    decisive: Mapped[bool] = mapped_column(default=False)

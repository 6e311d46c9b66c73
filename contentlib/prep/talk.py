"""The conversation to prepare: a deal's, or one that is described by an address alone."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.lines import one_line
from contentlib.deals.models import Company, Deal
from contentlib.deals.queries import may_see
from contentlib.finding.likeness import keys_of
from contentlib.library.taxonomy import Persona, Stage, find_term
from contentlib.prep.situation import Loss, Situation
from contentlib.sharing.models import ShareLink

LONGEST = 120
LANGUAGES = ("pt", "en")
SIZES = ("small", "medium", "large")


@dataclass(frozen=True)
class Talk:
    """With whom one will talk, as rows and words; without a deal, what somebody typed."""

    stage: Stage
    personas: Sequence[Persona] = ()
    industry: str = ""
    size: str = ""
    competitor: str = ""
    heard: str = ""
    language: str = "pt"
    deal: Deal | None = None

    @property
    def place(self) -> str:
        """Return what a person's choices are kept under: the deal, or a digest of what was said."""
        if self.deal is not None:
            return f"deal:{self.deal.id}"
        said = urlencode(sorted(self.facts.items()), doseq=True)
        return f"situation:{hashlib.sha256(said.encode()).hexdigest()[:32]}"

    @property
    def customer(self) -> str:
        """Return the name of the company one talks with, where it is known."""
        return self.deal.company.name if self.deal and self.deal.company else ""

    @property
    def facts(self) -> dict[str, Any]:
        """Return what is known, as it is kept with a brief."""
        return {
            "stage": self.stage.key,
            "personas": sorted(persona.key for persona in self.personas),
            "industry": self.industry,
            "size": self.size,
            "competitor": self.competitor,
            "heard": self.heard,
            "language": self.language,
        }

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the address's part that means this conversation, empty values left out."""
        if self.deal is not None:
            known: dict[str, Any] = {"deal": self.deal.id, "lang": self.language}
            return known | ({"heard": self.heard} if self.heard else {})
        renamed = {"personas": "persona", "language": "lang"}
        named = {renamed.get(name, name): value for name, value in self.facts.items()}
        return {name: value for name, value in named.items() if value}

    def situation(self, losses: tuple[Loss, ...]) -> Situation:
        """Return what the rules are asked with."""
        return Situation(
            stage=self.stage.key,
            personas=frozenset(persona.key for persona in self.personas),
            industry=frozenset(keys_of(self.industry)),
            size=self.size,
            competitor=frozenset(keys_of(self.competitor)),
            customer=frozenset(keys_of(self.customer)),
            heard=frozenset(keys_of(self.heard)),
            losses=losses,
            language=self.language,
        )


def talk_of_deal(deal: Deal, address: Mapping[str, str], *, language: str) -> Talk:
    """Return the next conversation on a deal; the address may say what was heard, and a language.

    The buyer's language is that of the link they were sent last, or else the firm's.
    """
    company = deal.company
    personas = {one.persona.id: one.persona for one in deal.contacts if one.persona}
    return Talk(
        stage=deal.stage,
        personas=sorted(personas.values(), key=lambda persona: persona.position),
        industry=(company.industry if company else None) or "",
        size=deal.size_band or (company.size_band if company else None) or "",
        competitor=deal.competitor or "",
        heard=_words(address, "heard"),
        language=_language(address) or _language_sent(deal) or language,
        deal=deal,
    )


def talk_of_address(
    address: Mapping[str, str], personas: Sequence[str], *, language: str
) -> Talk | None:
    """Return the conversation an address describes; nothing as long as it names no stage."""
    if not address.get("stage"):
        return None
    stage = find_term(Stage, address["stage"])
    if stage is None:
        raise Invalid(
            N_("“%(text)s” is not a known value."), field="stage", text=address["stage"][:60]
        )
    found = [find_term(Persona, text) for text in personas[:20] if text]
    size = address.get("size", "")
    return Talk(
        stage=stage,
        personas=sorted({one for one in found if one}, key=lambda persona: persona.position),
        industry=_words(address, "industry"),
        size=size if size in SIZES else "",
        competitor=_words(address, "competitor"),
        heard=_words(address, "heard"),
        language=_language(address) or language,
    )


def industries(user: User) -> Sequence[str]:
    """Return the industries of the companies whose deals a person may see, for a field to offer."""
    seen = select(Deal.company_id).where(may_see(user))
    rows = select(Company.industry).where(Company.industry.is_not(None), Company.id.in_(seen))
    ordered = rows.distinct().order_by(Company.industry).limit(200)
    return [name for name in db.session.scalars(ordered) if name]


def _words(address: Mapping[str, str], name: str) -> str:
    return one_line(address.get(name, ""))[:LONGEST]


def _language(address: Mapping[str, str]) -> str:
    wanted = address.get("lang", "")
    return wanted if wanted in LANGUAGES else ""


def _language_sent(deal: Deal) -> str | None:
    return db.session.scalars(
        select(ShareLink.language)
        .where(ShareLink.deal_id == deal.id)
        .order_by(ShareLink.created_at.desc())
        .limit(1)
    ).first()

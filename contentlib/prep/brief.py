"""A brief as one person sees it: the cards that the rules choose, with their rows and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contentlib.accounts.models import User
from contentlib.core.ids import new_id
from contentlib.deals import merging
from contentlib.deals.similar import Likeness, Similar, similar_wins, uses_on
from contentlib.deals.spoken import SPOKEN
from contentlib.library.models import Asset, AssetVersion
from contentlib.library.queries import get_assets
from contentlib.library.standing import Standing, standing_of
from contentlib.prep import queries, shelf
from contentlib.prep.models import Chose, PrepChoice
from contentlib.prep.ranking import Card, Gap, Ranked, rank
from contentlib.prep.reading import Readings
from contentlib.prep.receipts import Receipt
from contentlib.prep.says import Says, fields_of, says_of
from contentlib.prep.situation import Record
from contentlib.prep.talk import Talk
from contentlib.usage.queries import sent_on_deal

# Changes with what the experiment is, so that its draws can be told apart.
SALT = "prep-1"


@dataclass(frozen=True)
class Shown:
    """One card with its material, the words it says, and this person's pin on it."""

    slot: int
    card: Card
    asset: Asset
    version: AssetVersion | None
    standing: Standing
    says: Says | None
    pin: PrepChoice | None

    @property
    def section(self) -> str:
        """Return where it stands."""
        return self.card.section


@dataclass(frozen=True)
class Brief:
    """Everything that is suggested for a conversation, and what it was concluded from."""

    key: str
    talk: Talk
    cards: Sequence[Shown]
    gaps: Sequence[Gap]
    similar: Similar
    readings: Readings
    dismissed: Sequence[tuple[PrepChoice, str]]
    seed: str

    def receipt(self, user: User) -> Receipt:
        """Return what is kept of it once the page is there."""
        deal = self.talk.deal
        return Receipt(
            key=self.key,
            user_id=user.id,
            deal_id=deal.id if deal else None,
            stage_id=self.talk.stage.id,
            situation=self.talk.facts,
            seed=self.seed,
            cards=[
                [
                    shown.section,
                    shown.asset.id,
                    shown.version.id if shown.version else None,
                    shown.card.propensity,
                    [[reason.code, round(reason.points, 4)] for reason in shown.card.reasons],
                ]
                for shown in self.cards
            ],
        )


def brief_for(user: User, talk: Talk, *, moment: datetime, day: date, grade: int) -> Brief:
    """Return the brief of a person for a conversation at a moment, which is a day of the firm.

    An event counts as use from a grade of evidence on.
    """
    choices = queries.choices_of(user.id, talk.place)
    readings = Readings.of(talk.deal) if talk.deal else Readings()
    alike = similar_wins(_likeness(talk), moment)
    candidates = shelf.candidates()
    used, taken = uses_on(alike, grade=grade)
    spoken = {one.id for one in candidates if one.type in SPOKEN}
    record = Record(
        day=day,
        knows_buyer=talk.deal is not None,
        similar=len(alike),
        used={number: taken[number] for number in taken if number in spoken}
        | {number: used[number] for number in used if number not in spoken},
        sent=sent_on_deal(talk.deal.id) if talk.deal else frozenset(),
        read=readings.assets,
        dismissed=frozenset(_chosen(choices, Chose.DISMISSED)),
        pinned={n: one.section for n, one in _chosen(choices, Chose.PIN).items()},
    )
    seed = f"{talk.place}:{day.isoformat()}:{SALT}"
    situation = talk.situation(queries.losses_at(talk.stage.id, moment))
    ranked = rank(situation, candidates, record, seed=seed)
    return Brief(
        key=str(new_id()),
        talk=talk,
        cards=_shown(user, talk, ranked, choices, day),
        gaps=ranked.gaps,
        similar=alike,
        readings=readings,
        dismissed=_titled(user, _chosen(choices, Chose.DISMISSED), day),
        seed=seed,
    )


def _likeness(talk: Talk) -> Likeness:
    return Likeness(
        stage_id=talk.stage.id,
        industry=talk.industry,
        size=talk.size,
        personas=frozenset(persona.id for persona in talk.personas),
        deal_id=talk.deal.id if talk.deal else 0,
    )


def _chosen(choices: Sequence[PrepChoice], chose: Chose) -> dict[int, PrepChoice]:
    return {choice.asset_id: choice for choice in choices if choice.chose is chose}


def _titled(
    user: User, dismissed: Mapping[int, PrepChoice], day: date
) -> list[tuple[PrepChoice, str]]:
    """Return what was left out, with the titles of what the person still may see."""
    rows = get_assets(user, list(dismissed), day) if dismissed else []
    return [(dismissed[row.id], row.title) for row in rows]


def _shown(
    user: User, talk: Talk, ranked: Ranked, choices: Sequence[PrepChoice], day: date
) -> list[Shown]:
    """Load the rows of the cards; the database says once more what the person may see."""
    numbers = [card.candidate.id for card in ranked.cards]
    rows = {row.id: row for row in get_assets(user, numbers, day)} if numbers else {}
    pins = _chosen(choices, Chose.PIN)
    there = [(card, rows[card.candidate.id]) for card in ranked.cards if card.candidate.id in rows]
    return [
        Shown(
            slot=slot,
            card=card,
            asset=asset,
            version=asset.published_version,
            standing=standing_of(asset, day),
            says=_says(user, talk, asset.published_version),
            pin=pins.get(asset.id),
        )
        for slot, (card, asset) in enumerate(there, 1)
    ]


def _says(user: User, talk: Talk, version: AssetVersion | None) -> Says | None:
    """Return the words of a card, filled in from the deal and its first person."""
    people = sorted(talk.deal.contacts, key=lambda one: one.id) if talk.deal else []
    person = people[0] if people else None
    values = merging.values_of(fields_of(version), sender=user, deal=talk.deal, person=person)
    return says_of(version, values)

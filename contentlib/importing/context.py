"""What the taking in of rows shares: settings of the run, what is known, what was noted."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from contentlib.accounts.models import Team, User
from contentlib.accounts.queries import find_user
from contentlib.accounts.service import add_person_without_address, get_or_add_team
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.deals.models import Company, Deal
from contentlib.deals.service import get_or_add_company
from contentlib.deals.told import find_deal
from contentlib.library.models import Asset
from contentlib.library.queries import find_by_external_id
from contentlib.storage import Storage

T = TypeVar("T")

NOBODY = N_("There is nobody “%(text)s” here.")


@dataclass(frozen=True)
class Terms:
    """Under which terms a file is taken in; `brazilian` also reads days as 31/12/2025."""

    zone: str
    currency: str
    create_missing: bool = False
    brazilian: bool = False
    # Only from the command line: a table on the web has no files beside it.
    shelf: "Shelf | None" = None


@dataclass(frozen=True)
class Shelf:
    """Where the files lie that a table names, where they go, and how large one may be."""

    folder: Path
    storage: Storage
    largest: int


@dataclass
class Context:
    """One portion of rows on its way in: what cells name is looked up once and remembered."""

    terms: Terms
    moment: datetime = field(default_factory=now)
    warnings: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    steps: list[list[Any]] = field(default_factory=list)
    # Those of the deals that this portion speaks of which are here already.
    deals: dict[str, Deal] = field(default_factory=dict)
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)

    def begin_row(self) -> None:
        """Forget what was noted about the row before."""
        self.warnings, self.steps = [], []

    def warn(self, message: str, **parameters: object) -> None:
        """Note something odd that does not keep the row out."""
        self.warnings.append((message, parameters))

    def made(self, entity: str, row_id: int) -> None:
        """Note a row that an undo removes."""
        self.steps.append(["made", entity, row_id])

    def known(self, kind: str, text: str, find: Callable[[], T | None]) -> T | None:
        """Look something up once; what is not there yet may be there for the next row."""
        found: T | None = self._known.get((kind, text))
        if found is None:
            found = find()
            if found is not None:
                self._known[kind, text] = found
        return found

    def expect_deals(self, external_ids: Collection[str]) -> None:
        """Look up in one go which of these deals are here."""
        rows = db.session.scalars(select(Deal).where(Deal.external_id.in_(external_ids)))
        self.deals = {str(deal.external_id): deal for deal in rows}

    def deal(self, external_id: str) -> Deal:
        """Return the deal that the other system calls so, or say that there is none."""
        deal = self.known("deal", external_id, lambda: find_deal(external_id))
        if deal is None:
            raise Invalid(
                N_("There is no deal “%(text)s” here; import the deals first."),
                field="deal_external_id",
                text=external_id[:60],
            )
        return deal

    def asset(self, external_id: str) -> Asset:
        """Return the material that the other system calls so, or say that there is none."""
        asset = self.known("asset", external_id, lambda: find_by_external_id(external_id))
        if asset is None:
            raise Invalid(
                N_("There is no material “%(text)s” here."),
                field="asset_external_id",
                text=external_id[:60],
            )
        return asset

    def company(self, name: str) -> Company:
        """Return the company of a name, making it if it is new."""

        def find() -> Company | None:
            return db.session.scalars(select(Company).where(Company.name == name[:200])).first()

        company = self.known("company", name, find)
        if company is None:
            company = get_or_add_company(name)
            self.made("company", company.id)
        return company

    def team(self, name: str) -> Team:
        """Return the team of a name, making it if it is new."""

        def find() -> Team | None:
            return db.session.scalars(select(Team).where(Team.name == name[:120])).first()

        team = self.known("team", name, find)
        if team is None:
            team = get_or_add_team(name)
            self.made("team", team.id)
        return team

    def person(self, text: str, *, field: str, team: Team | None = None) -> User:
        """Return the person of an address or name; one who is only named can be made."""
        if "@" in text:
            user = self.known("user", text.lower(), lambda: find_user(text))
        else:
            user = self.known("user", fold(text), lambda: _of_name(text, field))
        if user is None and self.terms.create_missing and "@" not in text:
            user = add_person_without_address(text, team=team)
            self.made("person", user.id)
            self.warn(
                N_("“%(text)s” has no address and comes in as a person who cannot sign in."),
                text=text,
            )
        if user is None:
            raise Invalid(NOBODY, field=field, text=text[:60])
        return user


def _of_name(text: str, field: str) -> User | None:
    wanted = fold(text)
    names = db.session.execute(select(User.id, User.name))
    people = [row.id for row in names if fold(row.name) == wanted]
    if len(people) > 1:
        raise Invalid(
            N_("Several people are called “%(text)s”; name one by address."),
            field=field,
            text=text[:60],
        )
    return db.session.get(User, people[0]) if people else None

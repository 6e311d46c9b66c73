"""The demo's people as rows, and what is known of each seller's habits."""

from dataclasses import dataclass
from random import Random

from contentlib.accounts import service as accounts
from contentlib.accounts.models import Role
from contentlib.demo.firm import Person, firm, people

REGIONS = (
    "Nordeste",
    "Norte",
    "Sul",
    "Interior paulista",
    "Minas",
    "Centro-Oeste",
    "Rio",
    "Sudeste",
)
MOST_SELLERS = 120


@dataclass(frozen=True)
class Seller:
    """A seller with her rows' numbers; `skill` shifts the odds of winning."""

    id: int
    team_id: int
    expands: bool
    habit: float
    unrecorded: float
    share: float
    skill: float


@dataclass(frozen=True)
class Staff:
    """Everybody by first part of the address, and the sellers apart."""

    ids: dict[str, int]
    sellers: list[Seller]
    manager_ids: dict[int, int]


def add_staff(rng: Random, scale: int) -> Staff:
    """Add the twelve people, and more sellers when the firm is scaled up."""
    staff = Staff({}, [], {})
    for person in people():
        _add(staff, person, rng)
    extra = min(4 * (scale - 1), MOST_SELLERS)
    for number in range(extra):
        _add(staff, _somebody(rng, number), rng)
    return staff


def _somebody(rng: Random, number: int) -> Person:
    words = firm()["customers"]
    first = words["first_names"][number % len(words["first_names"])]
    last = f"{rng.choice(words['last_names'])} {rng.choice(words['last_names'])}"
    return Person(
        name=f"{first} {last} {'Neto' if number % 7 == 0 else ''}".strip(),
        role="seller",
        team=f"Vendas {REGIONS[number % len(REGIONS)]}",
        habit=rng.lognormvariate(0, 0.4),
        unrecorded=rng.uniform(0.05, 0.5),
        deals=rng.uniform(0.6, 1.4),
    )


def _add(staff: Staff, person: Person, rng: Random) -> None:
    team = accounts.get_or_add_team(person.team)
    key = person.email.partition("@")[0]
    if key in staff.ids:
        return
    user = accounts.add_user(
        email=person.email, name=person.name, role=Role(person.role), team=team
    )
    staff.ids[key] = user.id
    if person.role == "manager":
        staff.manager_ids[team.id] = user.id
    if person.role != "seller":
        return
    staff.sellers.append(
        Seller(
            id=user.id,
            team_id=team.id,
            expands=person.team == "Contas",
            habit=person.habit,
            unrecorded=person.unrecorded,
            share=person.deals,
            skill=rng.gauss(0, 0.05),
        )
    )

"""The firms that buy, or may, and the people there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from random import Random

from contentlib.core.folding import slug
from contentlib.deals.models import Company, Contact
from contentlib.demo.firm import firm
from contentlib.demo.rows import Rows

PERSONAS = ("economic_buyer", "technical", "user", "champion", "procurement")


@dataclass
class Customer:
    """A company's rows; contacts are (id, persona key)."""

    id: int
    name: str
    industry: str
    size: str
    language: str = "pt"
    known: bool = False
    contacts: list[tuple[int, str]] = field(default_factory=list)


def add_customers(
    rng: Random, number: int, personas: dict[str, int], now: datetime
) -> list[Customer]:
    """Add the known customers and as many others as are wanted, each with two to four contacts."""
    firms = _firms(rng, number)
    companies, contacts = Rows(Company), Rows(Contact)
    customers = [_add(rng, companies, firm_row, now) for firm_row in firms]
    companies.finish()
    for customer, (_name, _industry, _size, *names) in zip(customers, firms, strict=True):
        _add_contacts(rng, customer, names, contacts, personas)
    contacts.finish()
    return customers


def _add(rng: Random, companies: Rows, firm_row: list[str], now: datetime) -> Customer:
    name, industry, size, *names = firm_row
    number = companies.add(
        external_id=f"EMP-{companies.added + 1:05}",
        name=name,
        industry=industry,
        size_band=size,
        created_at=now - timedelta(days=rng.randint(430, 900)),
    )
    language = "en" if name == "Meridian Parts" else "pt"
    return Customer(number, name, industry, size, language, known=bool(names))


def _firms(rng: Random, number: int) -> list[list[str]]:
    words = firm()["customers"]
    known: list[list[str]] = words["known"]
    names = list(product(words["roots"], words["trades"]))
    rng.shuffle(names)
    firms = list(known)
    for order in range(number - len(known)):
        root, (trade, industry) = names[order % len(names)]
        title = f"{trade} {root}" if order % 3 == 0 else f"{root} {trade}"
        if order >= len(names):
            title = f"{title} {words['cities'][order // len(names) % len(words['cities'])]}"
        if order >= len(names) * (len(words["cities"]) + 1):
            title = f"{title} {order // len(names)}"
        firms.append([title, industry, rng.choices(words["sizes"], (4, 5, 2))[0]])
    return firms


def _add_contacts(
    rng: Random, customer: Customer, names: list[str], contacts: Rows, personas: dict[str, int]
) -> None:
    words = firm()["customers"]
    domain = f"{slug(customer.name).replace('_', '')}.example"
    roles = [*PERSONAS[:2], *rng.sample(PERSONAS[2:], rng.randint(0, 2))]
    for order, persona in enumerate(roles):
        name = (
            names[order]
            if order < len(names)
            else f"{rng.choice(words['first_names'])} {rng.choice(words['last_names'])}"
        )
        address = slug(name).replace("_", ".")
        phone = f"+55 {rng.randint(11, 89)} 5555-{rng.randint(1000, 9999)}"
        number = contacts.add(
            company_id=customer.id,
            name=name,
            email=f"{address}@{domain}",
            phone=phone,
            persona_id=personas[persona],
        )
        customer.contacts.append((number, persona))

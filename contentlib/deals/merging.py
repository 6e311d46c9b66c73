"""What is known of a script's fields: to whom one writes, of which firm, and who writes.

Fields are named freely by who writes a script, so only the usual names are known, in either
language; the others stay for the seller to fill in.
"""

from collections.abc import Mapping, Sequence

from contentlib.accounts.models import User
from contentlib.core.folding import fold
from contentlib.deals.models import Contact, Deal

SENDER = ("vendedor", "vendedor.nome", "seller", "seller.name")
PERSON = ("contato", "contato.nome", "contact", "contact.name")
COMPANY = ("empresa", "empresa.nome", "cliente", "company", "company.name", "customer")
COMPETITOR = ("concorrente", "competitor")
# People that a script names by their part in the decision.
BY_PERSONA = {
    "economic_buyer": ("decisor", "decisor.nome", "decision_maker", "decision_maker.name"),
    "technical": ("contato.tecnico", "contact.technical"),
}
KNOWN = frozenset({*SENDER, *PERSON, *COMPANY, *COMPETITOR}.union(*BY_PERSONA.values()))


def knows_any(fields: Sequence[str]) -> bool:
    """Tell whether a deal can help with some of these fields."""
    return any(fold_name(field) in KNOWN - set(SENDER) for field in fields)


def values_of(
    fields: Sequence[str], *, sender: User, deal: Deal | None, person: Contact | None
) -> dict[str, str]:
    """Return what can be filled in, by field; people are called by their first name."""
    told: dict[str, str] = dict.fromkeys(SENDER, sender.name)
    if deal is not None:
        told |= _of_deal(deal, person)
    known = {field: told.get(fold_name(field), "") for field in fields}
    return {field: value for field, value in known.items() if value}


def _of_deal(deal: Deal, person: Contact | None) -> Mapping[str, str]:
    told = dict.fromkeys(COMPANY, deal.company.name if deal.company else "")
    told |= dict.fromkeys(COMPETITOR, deal.competitor or "")
    told |= dict.fromkeys(PERSON, _first_name(person))
    for persona, names in BY_PERSONA.items():
        told |= dict.fromkeys(names, _first_name(_playing(persona, deal.contacts)))
    return told


def _playing(persona: str, people: Sequence[Contact]) -> Contact | None:
    return next((one for one in people if one.persona and one.persona.key == persona), None)


def _first_name(person: Contact | None) -> str:
    return person.name.split()[0] if person and person.name.split() else ""


def fold_name(field: str) -> str:
    """Return a field's name for comparison: `Contato.Técnico` is `contato.tecnico`."""
    return fold(field).replace(" ", "_")

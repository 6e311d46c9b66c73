"""A material of which much was said, in every state, and one of which nobody said anything."""

from collections.abc import Callable
from typing import Any

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.feedback import comments, flags, ratings, suggestions, wins
from contentlib.library import service, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.taxonomy import Stage, get_term
from tests import factories

TEXT = "Olá, {{contato.nome}}.\nO frete sai em dois dias.\nPosso ligar amanhã?"


def said(person_of: Callable[[str], User], firm: dict[str, Any]) -> dict[str, int]:
    """Let people speak; return ids by name."""
    seller, manager, author = (person_of(role) for role in ("seller", "manager", "marketer"))
    asset, quiet = _script("Retomada do frete", author), _script("Sem comentários", author)
    version, day = asset.published_version, firm_today()
    _comments(asset, seller, manager, author)
    told = {"today": day, "note": "Soa mais exato."}
    other = TEXT.replace("amanhã", "hoje à tarde")
    fits = suggestions.suggest(version, by=seller, given={"subject": "", "text": other}, **told)
    both = TEXT.replace("dois dias", "48 horas")
    clash = suggestions.suggest(version, by=manager, given={"subject": "", "text": both}, **told)
    no = suggestions.suggest(version, by=seller, note="Tire o nome do contato.", today=day)
    suggestions.reject(no, by=author, reason="Sem o nome, respondem menos.", today=day)
    _next(asset, TEXT.replace("dois dias", "um dia"), author)
    for person in (seller, manager):
        flags.raise_flag(
            version,
            reason="O prazo caiu para um dia.",
            proof_url="https://firm.example/prazo",
            by=person,
            today=day,
            page=2,
        )
    case = db.session.get_one(Asset, firm["letter"]).published_version
    flags.raise_flag(case, reason="O logotipo é o antigo.", by=seller, today=day)
    ratings.rate(asset.published_version, helps=True, by=seller)
    no_help = ratings.rate(asset.published_version, helps=False, by=manager)
    ratings.explain(no_help, reason="too_long", text="Ninguém lê três linhas no WhatsApp.")
    deal = factories.deal(seller, title="Rodonorte Sul", stage="discovery")
    deals.move_to_stage(deal, get_term(Stage, "proposal"), by=seller)
    wins.attach(version, deal, "Usei esta frase, foi para proposta.", by=seller, today=day)
    db.session.commit()
    known = {"suggestion": fits, "conflict": clash, "declined": no}
    known |= {"discussed": asset, "quiet_script": quiet}
    return {name: row.id for name, row in known.items()}


def _comments(asset: Asset, seller: User, manager: User, author: User) -> None:
    version, day = asset.published_version, firm_today()
    first = comments.say(
        version, "Perguntam se vale para o Norte.", by=seller, today=day, quote="dois dias", page=1
    )
    comments.answer(first, f"@{seller.name}, vale para todas as rotas.", by=author, today=day)
    long = "Um endereço longo: https://firm.example/" + "a" * 90 + "\nE uma segunda linha."
    second = comments.say(version, long, by=manager, today=day)
    comments.change(second, f"{long} Mudei.", by=manager, today=day)
    settled = comments.say(version, "Falta um ponto final.", by=manager, today=day)
    comments.resolve(settled, by=author)
    gone = comments.say(version, "Engano meu.", by=seller, today=day)
    comments.answer(gone, "Qual?", by=manager, today=day)
    comments.take_back(gone, by=seller)


def _script(title: str, author: User) -> Asset:
    row = factories.draft(title, owner=author, type="script")
    _next(row, TEXT, author)
    return row


def _next(row: Asset, text: str, author: User) -> None:
    version = versions.add_script_version(row, channel="whatsapp", text=text, by=author)
    service.publish(row, by=author, today=firm_today(), version=version)
    db.session.flush()

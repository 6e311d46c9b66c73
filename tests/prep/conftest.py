"""A small library and a deal for which every section has something."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask

from contentlib.accounts.models import User
from contentlib.core.clock import now
from contentlib.core.db import db
from contentlib.deals import service as deals
from contentlib.deals.models import Deal
from contentlib.deals.use import Use, note_use
from contentlib.library import taxonomy, versions
from contentlib.library.firm_day import firm_today
from contentlib.library.models import Asset
from contentlib.library.service import publish
from tests import factories

SAO_PAULO = "America/Sao_Paulo"


def written(title: str, kind: str, by: User, **words: object) -> Asset:
    """Publish an answer or a script."""
    row = factories.draft(title, owner=by, type=kind)
    if kind == "objection":
        versions.add_objection_version(row, **factories.OBJECTION | words, by=by)
    else:
        versions.add_script_version(row, **words, by=by)
    publish(row, by=by, today=firm_today())
    db.session.commit()
    return row


def won_deal(seller: User, used: list[Asset], **facts: object) -> Deal:
    """Win a deal on which some materials were used."""
    industry = facts.pop("industry", "Logística")
    row = factories.deal(seller, opened_at=now() - timedelta(days=30), **facts)
    row.company.industry = industry
    for asset in used:
        note_use(row, [asset], Use("call"), by=seller, key=f"{row.id}-{asset.id}", zone=SAO_PAULO)
    deals.close_won(row, by=seller)
    db.session.commit()
    return row


@dataclass(frozen=True)
class Shop:
    """The rows of the small firm."""

    deal: Deal
    case: Asset
    price: Asset
    proof: Asset
    script: Asset
    battlecard: Asset
    fresh: Asset


@pytest.fixture
def shop(app: Flask, seller: User, marketer: User) -> Shop:
    """A deal in its proposal with a competitor, and one material for every section."""
    taxonomy.seed()
    tags = [taxonomy.add_term(taxonomy.Tag, "RotaMax")]
    case = factories.asset("Caso Orla: logística no prazo", owner=marketer, summary="Comece aqui.")
    proof = factories.asset("ROI em uma página", owner=marketer, type="one_pager")
    price = written("“Está caro”", "objection", marketer, proof=proof, proof_page=2)
    script = written(
        "Confirmar a reunião", "script", marketer, channel="whatsapp", text="Oi, {{contato.nome}}!"
    )
    battlecard = factories.asset("Contra a RotaMax", owner=marketer, type="battlecard", tags=tags)
    fresh = factories.asset("Vídeo do pátio", owner=marketer, type="video")
    deal = factories.deal(seller, title="Vértice", company="Vértice", competitor="RotaMax")
    deal.company.industry = "Logística"
    ana = deals.add_contact(
        deal.company,
        name="Ana Souza",
        email="ana@vertice.example",
        persona=taxonomy.get_term(taxonomy.Persona, "champion"),
    )
    deals.change_deal(deal, by=seller, contacts=[ana])
    db.session.commit()
    return Shop(deal, case, price, proof, script, battlecard, fresh)

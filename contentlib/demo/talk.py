"""What the demo's people say of materials: comments, better words, flags and field wins."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.core.ids import new_token
from contentlib.deals.models import Deal, Outcome
from contentlib.demo.staff import Staff
from contentlib.feedback.models import (
    Comment,
    FieldWin,
    Flag,
    Rating,
    Suggestion,
    SuggestionState,
)
from contentlib.feedback.wins import last_step
from contentlib.feedback.words import words_of
from contentlib.library.models import Asset, AssetVersion

EXPENSIVE, RESUME = "“Está caro para o nosso orçamento”", "Script: retomar quem parou de responder"
RADAR = "Radar: frete, diesel e prazo no trimestre"
# Who said what of which material, how many days ago; an answer follows what it answers.
COMMENTS = (
    (EXPENSIVE, "tiago.moura", 9, "sete meses", "Perguntam logo como se chega aos sete meses."),
    (EXPENSIVE, "marina.prado", 8, "", "Está na página 4 do caso; vou pôr o link na resposta."),
    (RESUME, "beatriz.nogueira", 3, "Dia 12", "No interior, doze dias é cedo. Espero quinze."),
)
ANSWERS = {1: 0}
FLAGS = (
    (RADAR, "diego.antunes", 2, "O diesel subiu de novo na semana passada; a tabela é a antiga."),
)
BETTER = (RESUME, "sofia.lima", 1, "Leva três minutos", "São três minutos de leitura")
WHY = "“Leva” soa como tarefa. Assim respondem mais."
WIN = (EXPENSIVE, "sofia.lima", 5, "Usei a pergunta de volta na mesma ligação; pediram a proposta.")
RATED = {EXPENSIVE: ("sofia.lima", "tiago.moura", "luana.teixeira")}
NOT_HELPED = ((RADAR, "diego.antunes", "wrong", "A tabela do diesel é de outubro."),)


def add_talk(staff: Staff, now: datetime) -> None:
    """Let people speak of some materials in the days before."""
    said: list[Comment] = []
    for place, (title, who, days, quote, text) in enumerate(COMMENTS):
        head = said[ANSWERS[place]] if place in ANSWERS else None
        told = _of(title, staff.ids[who], now - timedelta(days=days))
        row = Comment(**told, text=text, quote=quote, parent_id=head.id if head else None)
        said.append(_added(row))
    for title, who, days, reason in FLAGS:
        told = _of(title, staff.ids[who], now - timedelta(days=days))
        _added(Flag(**told, reason=reason, quote="", proof_url="", answer=""))
    _suggest(staff, now)
    _win(staff, now)
    _rate(staff, now)


def _suggest(staff: Staff, now: datetime) -> None:
    title, who, days, before, after = BETTER
    told = _of(title, staff.ids[who], now - timedelta(days=days))
    version = db.session.get_one(AssetVersion, told["version_id"])
    words = {part: text.replace(before, after) for part, text in (words_of(version) or {}).items()}
    state = SuggestionState.OPEN
    _added(Suggestion(**told, words=words, note=WHY, quote="", state=state, answer=""))


def _win(staff: Staff, now: datetime) -> None:
    title, who, days, text = WIN
    person = staff.ids[who]
    mine = select(Deal).where(Deal.owner_id == person, Deal.outcome == Outcome.OPEN)
    for deal in db.session.scalars(mine.order_by(Deal.id)):
        before, after = last_step(deal)
        if before is not None:
            told = _of(title, person, now - timedelta(days=days))
            stages = {"stage_before_id": before, "stage_after_id": after}
            _added(FieldWin(**told, **stages, deal_id=deal.id, text=text, quote=""))
            return


def _rate(staff: Staff, now: datetime) -> None:
    for title, people in RATED.items():
        for who in people:
            told = _of(title, staff.ids[who], now - timedelta(days=4))
            _added(Rating(**told, helps=True, reason="convinces", text=""))
    for title, who, reason, text in NOT_HELPED:
        told = _of(title, staff.ids[who], now - timedelta(days=2))
        _added(Rating(**told, helps=False, reason=reason, text=text))


def _of(title: str, person: int, moment: datetime) -> dict[str, Any]:
    """Return what everything that is said of a material has."""
    asset = db.session.scalars(select(Asset).where(Asset.title == title).order_by(Asset.id)).first()
    if asset is None or asset.published_version_id is None:
        raise LookupError(title)
    return {
        "asset_id": asset.id,
        "version_id": asset.published_version_id,
        "by_id": person,
        "said_at": moment,
        "key": new_token(),
    }


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row

"""The words assets and deals are sorted by: stages, personas, types and tags; editable rows."""

from itertools import count
from typing import TypeVar

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from contentlib.core.db import Base, BigId, db
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold, slug


class Term:
    """What every word of the taxonomy has: a stable key and a name in both languages."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    name_pt: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)

    def name(self, language: str) -> str:
        """Return the name in a language, `pt` or `en`."""
        return self.name_en if language == "en" else self.name_pt


class Stage(Term, Base):
    """A step of the funnel."""

    __tablename__ = "stage"


class Persona(Term, Base):
    """Who sits on the buyer's side."""

    __tablename__ = "persona"


class AssetType(Term, Base):
    """What kind of thing an asset is; says how it is written, drawn and coloured."""

    __tablename__ = "asset_type"

    icon: Mapped[str] = mapped_column(String(40), default="file-text")
    hue: Mapped[str] = mapped_column(String(20), default="grey")


class Tag(Term, Base):
    """A free word that marketing adds."""

    __tablename__ = "tag"


T = TypeVar("T", Stage, Persona, AssetType, Tag)

STAGES = (
    ("lead", "Atração", "Lead"),
    ("mql", "MQL", "MQL"),
    ("discovery", "Descoberta", "Discovery"),
    ("diagnosis", "Diagnóstico", "Diagnosis"),
    ("proposal", "Proposta", "Proposal"),
    ("negotiation", "Negociação", "Negotiation"),
    ("closing", "Fechamento", "Closing"),
    ("expansion", "Expansão", "Expansion"),
)
PERSONAS = (
    ("economic_buyer", "Decisor econômico", "Economic buyer"),
    ("user", "Usuário", "User"),
    ("technical", "Técnico / TI", "Technical / IT"),
    ("procurement", "Compras / Jurídico", "Procurement / Legal"),
    ("champion", "Campeão", "Champion"),
)
# Key, Portuguese, English, icon, hue.
TYPES = (
    ("case_study", "Caso de sucesso", "Case study", "trophy", "blue"),
    ("presentation", "Apresentação", "Presentation", "presentation", "violet"),
    ("script", "Script", "Script", "message-2", "lime"),
    ("objection", "Objeção", "Objection", "message-circle-question", "orange"),
    ("battlecard", "Battlecard", "Battlecard", "swords", "red"),
    ("calculator", "Calculadora / ROI", "Calculator / ROI", "calculator", "teal"),
    ("one_pager", "One-pager", "One-pager", "file-text", "green"),
    ("video", "Vídeo", "Video", "video", "pink"),
    ("article", "Artigo / e-book", "Article / e-book", "book", "cyan"),
    ("webinar", "Webinar", "Webinar", "broadcast", "purple"),
    ("proposal_template", "Modelo de proposta", "Proposal template", "file-description", "indigo"),
    (
        "technical_faq",
        "FAQ técnico / segurança",
        "Technical / security FAQ",
        "shield-lock",
        "slate",
    ),
    ("market_update", "Atualização de mercado", "Market update", "news", "amber"),
)
# The longer names of the seed that people also write, beside key and names.
ALIASES = {
    "Atração / Lead": "lead",
    "Descoberta (SQL)": "discovery",
    "SQL": "discovery",
    "Diagnóstico / Demonstração": "diagnosis",
    "Demonstração": "diagnosis",
    "Pós-venda / Expansão": "expansion",
    "Pós-venda": "expansion",
    "TI": "technical",
    "Compras": "procurement",
    "Jurídico": "procurement",
    "Script (ligação, e-mail, WhatsApp)": "script",
    "Artigo": "article",
    "E-book": "article",
    "FAQ técnico": "technical_faq",
    "Technical / security FAQ": "technical_faq",
}
_ALIASES = {fold(name): key for name, key in ALIASES.items()}


def seed() -> None:
    """Put the seed taxonomy in place where it is missing; what a person changed stays."""
    for kind, rows in ((Stage, STAGES), (Persona, PERSONAS)):
        known = set(db.session.scalars(select(kind.key)))
        db.session.add_all(
            kind(key=key, name_pt=pt, name_en=en, position=position)
            for position, (key, pt, en) in enumerate(rows)
            if key not in known
        )
    known = set(db.session.scalars(select(AssetType.key)))
    db.session.add_all(
        AssetType(key=key, name_pt=pt, name_en=en, icon=icon, hue=hue, position=position)
        for position, (key, pt, en, icon, hue) in enumerate(TYPES)
        if key not in known
    )
    db.session.flush()


def all_terms(kind: type[T]) -> list[T]:
    """Return the words in use of one kind, in their order."""
    return list(
        db.session.scalars(
            select(kind).where(kind.retired.is_(False)).order_by(kind.position, kind.id)
        )
    )


def find_term(kind: type[T], text: str) -> T | None:
    """Find a word by key or by its name in either language, ignoring case and accents."""
    wanted = fold(text)
    for term in db.session.scalars(select(kind)):
        if wanted in (fold(term.key), fold(term.name_pt), fold(term.name_en)):
            return term
        if _ALIASES.get(wanted) == term.key:
            return term
    return None


def get_term(kind: type[T], text: str, *, field: str | None = None) -> T:
    """Find a word or say, in a sentence, that it is unknown."""
    term = find_term(kind, text)
    if term is None:
        raise Invalid(N_("“%(text)s” is not a known value."), field=field, text=text[:60])
    return term


def add_term(kind: type[T], name_pt: str, name_en: str | None = None) -> T:
    """Add a word at the end of its list."""
    position = len(all_terms(kind))
    key = _free_key(kind, name_pt)
    term = kind(key=key, name_pt=name_pt, name_en=name_en or name_pt, position=position)
    db.session.add(term)
    db.session.flush()
    return term


def _free_key(kind: type[T], name: str) -> str:
    """Return a key for a name that no other word has."""
    taken, key = set(db.session.scalars(select(kind.key))), slug(name)
    numbered = (f"{key[:55]}_{number}" for number in count(2))
    return key if key not in taken else next(free for free in numbered if free not in taken)

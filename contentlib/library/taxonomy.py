"""The words assets and deals are sorted by: stages, personas, types and tags; editable rows."""

from itertools import count
from typing import TypeVar

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from contentlib import audit
from contentlib.audit import Action
from contentlib.core.commas import items
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


class Nicknamed(Term):
    """A word that people also call otherwise; imports and searches know it by those names too."""

    # Between commas, as it was typed.
    aliases: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def other_names(self) -> tuple[str, ...]:
        """Return what else it is called."""
        return items(self.aliases)


class Stage(Nicknamed, Base):
    """A step of the funnel."""

    __tablename__ = "stage"


class Persona(Nicknamed, Base):
    """Who sits on the buyer's side."""

    __tablename__ = "persona"


class AssetType(Nicknamed, Base):
    """What kind of thing an asset is; says how it is written, drawn and coloured."""

    __tablename__ = "asset_type"

    icon: Mapped[str] = mapped_column(String(40), default="file-text")
    hue: Mapped[str] = mapped_column(String(20), default="grey")


class Tag(Nicknamed, Base):
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
# What people also write. None is an everyday word: whoever types it means this and nothing else.
ALIASES = {
    "lead": "Atração / Lead",
    "discovery": "Descoberta (SQL), SQL",
    "diagnosis": "Diagnóstico / Demonstração, Demonstração, demo",
    "expansion": "Pós-venda / Expansão, Pós-venda, upsell, cross-sell",
    "economic_buyer": "CFO, CEO, diretor financeiro, diretoria, finance director",
    "user": "usuário final, end user, operador",
    "technical": "TI, IT, CTO, CIO",
    "procurement": "Compras, comprador, purchasing, Jurídico, legal team",
    "champion": "patrocinador interno, sponsor",
    "case_study": "case, cases, caso, estudo de caso, success story",
    "presentation": "deck, slides",
    "script": "Script (ligação, e-mail, WhatsApp), roteiro",
    "battlecard": "concorrente, competitor",
    "calculator": "Calculadora, calculator, planilha de ROI, ROI calculator",
    "one_pager": "folheto, leaflet",
    "article": "Artigo, article, E-book, ebook, guia",
    "proposal_template": "minuta de proposta",
    "technical_faq": "FAQ, FAQ técnico, perguntas frequentes",
    "market_update": "notícia de mercado, market news",
}


def seed() -> None:
    """Put the seed taxonomy in place where it is missing; what a person changed stays."""
    for kind, rows in ((Stage, STAGES), (Persona, PERSONAS)):
        known = set(db.session.scalars(select(kind.key)))
        db.session.add_all(
            kind(key=key, name_pt=pt, name_en=en, aliases=ALIASES.get(key, ""), position=position)
            for position, (key, pt, en) in enumerate(rows)
            if key not in known
        )
    known = set(db.session.scalars(select(AssetType.key)))
    db.session.add_all(
        AssetType(
            key=key,
            name_pt=pt,
            name_en=en,
            aliases=ALIASES.get(key, ""),
            icon=icon,
            hue=hue,
            position=position,
        )
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
    """Find a word by key or by any of its names, ignoring case and accents."""
    wanted = fold(text)
    terms = db.session.scalars(select(kind)).all()
    own = (term for term in terms if wanted in own_names(term))
    other = (term for term in terms if wanted in map(fold, term.other_names))
    return next(own, None) or next(other, None)


def own_names(term: Term) -> set[str]:
    """Return, folded, what a word is known by beside its other names."""
    return {fold(term.key), fold(term.name_pt), fold(term.name_en)}


def get_term(kind: type[T], text: str, *, field: str | None = None) -> T:
    """Find a word or say, in a sentence, that it is unknown."""
    term = find_term(kind, text)
    if term is None:
        raise Invalid(N_("“%(text)s” is not a known value."), field=field, text=text[:60])
    return term


def add_term(kind: type[T], name_pt: str, name_en: str | None = None, aliases: str = "") -> T:
    """Add a word at the end of its list."""
    position = len(all_terms(kind))
    key = _free_key(kind, name_pt)
    term = kind(
        key=key,
        name_pt=name_pt,
        name_en=name_en or name_pt,
        aliases=aliases,
        position=position,
    )
    db.session.add(term)
    db.session.flush()
    audit.record(Action.TERM_ADDED, subject=term, name=name_pt, key=key)
    return term


def _free_key(kind: type[T], name: str) -> str:
    """Return a key for a name that no other word has."""
    taken, key = set(db.session.scalars(select(kind.key))), slug(name)
    numbered = (f"{key[:55]}_{number}" for number in count(2))
    return key if key not in taken else next(free for free in numbered if free not in taken)

"""What can be imported: for each kind its facts, which are needed, and how others call them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contentlib.core.errors import N_
from contentlib.core.folding import fold


@dataclass(frozen=True)
class Field:
    """One fact of a row; `words` are other names of its column, `closed` says that only certain
    values are possible, so that what another system writes may have to be translated.
    """

    name: str
    label: str
    needed: bool = False
    closed: bool = False
    words: tuple[str, ...] = ()
    # Whether a cell may hold several lines.
    long: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of rows, in the order in which their facts are asked for."""

    name: str
    label: str
    fields: tuple[Field, ...]
    # The fact that names a row for the other system.
    key: str
    # Facts whose cell may not be empty; other needed ones may be in single rows.
    filled: tuple[str, ...]
    # Whether the key names one row only, so that a second one is a mistake.
    unique: bool = True

    def field(self, name: str) -> Field:
        """Return a fact by its name."""
        return next(field for field in self.fields if field.name == name)


DEALS = Kind(
    "deals",
    N_("Deals"),
    key="external_id",
    filled=("external_id", "title"),
    fields=(
        Field(
            "external_id",
            N_("Identifier"),
            needed=True,
            words=("id", "opportunity id", "deal id", "record id", "codigo", "id do negocio"),
        ),
        Field(
            "title",
            N_("Title"),
            needed=True,
            words=("titulo", "name", "nome", "deal name", "negocio", "product", "produto"),
        ),
        Field("title_more", N_("Title, second part")),
        Field(
            "company",
            N_("Company"),
            words=("empresa", "account", "conta", "cliente", "account name", "organization"),
        ),
        Field(
            "seller_email",
            N_("Seller (e-mail or name)"),
            words=("seller", "sales agent", "owner", "deal owner", "vendedor", "responsavel"),
        ),
        Field("team", N_("Team"), words=("equipe", "time", "regional office")),
        Field("pipeline", N_("Pipeline"), closed=True, words=("funil",)),
        Field(
            "amount",
            N_("Amount"),
            needed=True,
            words=("value", "valor", "close value", "deal value", "montante"),
        ),
        Field("currency", N_("Currency"), words=("moeda",)),
        Field(
            "opened_at",
            N_("Opened on"),
            needed=True,
            words=("engage date", "create date", "created", "data de criacao", "abertura"),
        ),
        Field(
            "closed_at",
            N_("Closed on"),
            words=("close date", "data de fechamento", "fechamento"),
        ),
        Field(
            "outcome",
            N_("Outcome"),
            closed=True,
            words=("status", "resultado", "situacao", "deal stage"),
        ),
        Field("stage", N_("Stage"), closed=True, words=("etapa", "fase", "deal stage")),
        Field(
            "loss_reason",
            N_("Loss reason"),
            closed=True,
            words=("lost reason", "closed lost reason", "motivo da perda", "motivo de perda"),
        ),
        Field("size_band", N_("Size of the company"), closed=True, words=("porte", "segment")),
    ),
)
STAGES = Kind(
    "stages",
    N_("Stage histories"),
    key="deal_external_id",
    filled=("deal_external_id", "stage", "entered_at"),
    unique=False,
    fields=(
        Field("deal_external_id", N_("Identifier of the deal"), needed=True, words=("deal id",)),
        Field("stage", N_("Stage"), needed=True, closed=True, words=("etapa", "fase")),
        Field("entered_at", N_("Entered on"), needed=True, words=("date", "data", "entered")),
    ),
)
USES = Kind(
    "uses",
    N_("Uses of materials"),
    key="asset_external_id",
    filled=("asset_external_id", "user_email", "occurred_at", "action"),
    unique=False,
    fields=(
        Field("deal_external_id", N_("Identifier of the deal"), words=("deal id",)),
        Field("asset_external_id", N_("Identifier of the material"), needed=True),
        Field("user_email", N_("Person (e-mail or name)"), needed=True, words=("seller", "email")),
        Field("occurred_at", N_("Happened on"), needed=True, words=("date", "data")),
        Field("action", N_("What was done"), needed=True, closed=True, words=("acao",)),
        Field("channel", N_("Channel"), closed=True, words=("canal",)),
        Field("recorded_at", N_("Noted on")),
    ),
)
TOUCHES = Kind(
    "touches",
    N_("Marketing touches"),
    key="external_id",
    filled=("external_id", "source", "title", "occurred_at"),
    fields=(
        Field("external_id", N_("Identifier"), needed=True, words=("id", "activity id", "codigo")),
        Field("source", N_("Source"), needed=True, words=("origem", "system", "sistema")),
        Field("email", N_("E-mail"), words=("contact email", "e-mail do contato")),
        Field("person", N_("Person in the other system"), words=("contact id", "id do contato")),
        Field("kind", N_("Kind"), words=("tipo", "activity type", "event")),
        Field("title", N_("Title"), needed=True, words=("titulo", "campaign", "campanha", "name")),
        Field("occurred_at", N_("Happened on"), needed=True, words=("date", "data")),
    ),
)
USERS = Kind(
    "users",
    N_("People"),
    key="email",
    filled=("email", "name", "role"),
    fields=(
        Field("email", N_("E-mail"), needed=True),
        Field("name", N_("Name"), needed=True, words=("nome",)),
        Field("role", N_("Role"), needed=True, closed=True, words=("papel", "perfil")),
        Field("team", N_("Team"), words=("equipe", "time")),
    ),
)
ASSETS = Kind(
    "assets",
    N_("Materials"),
    key="external_id",
    filled=("external_id", "title", "type"),
    fields=(
        Field("external_id", N_("Identifier"), needed=True),
        Field("title", N_("Title"), needed=True),
        Field("type", N_("Type"), needed=True),
        Field("stages", N_("Stages")),
        Field("personas", N_("Personas")),
        Field("language", N_("Language")),
        Field("owner_email", N_("Owner")),
        Field("status", N_("Status")),
        Field("file", N_("File")),
        Field("tags", N_("Tags")),
        Field("audience", N_("Audience")),
        Field("summary", N_("Summary"), long=True),
        Field("deputy_email", N_("Deputy")),
        Field("review_due", N_("Review by")),
        Field("valid_until", N_("Valid until")),
    ),
)
KINDS = {kind.name: kind for kind in (USERS, ASSETS, DEALS, STAGES, USES, TOUCHES)}
# Files of materials lie beside their table and people get accounts: both are an admin's work.
ON_THE_WEB = (DEALS, STAGES, USES, TOUCHES)


def guess_columns(kind: Kind, header: Sequence[str]) -> dict[str, str]:
    """Return for each fact the column that is most likely meant, by its name.

    The facts' own names go first, so that no other fact takes their column by a looser likeness.
    """
    by_name = {fold(column): column for column in header if column}
    guessed = {
        field.name: by_name[fold(field.name)]
        for field in kind.fields
        if fold(field.name) in by_name
    }
    for field in kind.fields:
        for word in field.words:
            if field.name not in guessed and fold(word) in by_name:
                guessed[field.name] = by_name[fold(word)]
    if kind is DEALS and "company" in guessed and fold(guessed.get("title", "")) in PRODUCT:
        guessed["title_more"] = guessed["company"]
    return guessed


# A product names no deal; together with its buyer it does.
PRODUCT = {"product", "produto"}


def exact_columns(kind: Kind, header: Sequence[str]) -> Mapping[str, str]:
    """Return the facts whose column is named as documented."""
    by_name = {fold(column): column for column in header if column}
    return {
        field.name: by_name[fold(field.name)]
        for field in kind.fields
        if fold(field.name) in by_name
    }


def lacking(kind: Kind, columns: Mapping[str, str]) -> list[Field]:
    """Return the facts without which no row can be taken in and that no column gives."""
    return [field for field in kind.fields if field.needed and not columns.get(field.name)]

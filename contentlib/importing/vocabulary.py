"""Translating what other systems write into the closed words of this one."""

from collections.abc import Mapping
from typing import Any

from contentlib.accounts.service import read_role
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.deals.models import Outcome
from contentlib.deals.outcomes import get_loss_reason, get_pipeline, loss_reasons, pipelines
from contentlib.importing.kinds import Kind
from contentlib.library.taxonomy import Stage, all_terms, find_term
from contentlib.usage.models import Action

OUTCOME_WORDS = {
    Outcome.OPEN: ("open", "aberto", "aberta", "em aberto", "em andamento", "in progress"),
    Outcome.WON: ("won", "closed won", "closedwon", "ganho", "ganha", "vendido", "fechado ganho"),
    Outcome.LOST: ("lost", "closed lost", "closedlost", "perdido", "perdida", "fechado perdido"),
}
ACTION_WORDS = {
    Action.OPENED: ("opened", "aberto", "abriu"),
    Action.COPIED: ("copied", "copiado", "copiou"),
    Action.DOWNLOADED: ("downloaded", "baixado", "baixou"),
    Action.SHOWN: ("shown", "mostrado", "mostrou", "apresentado"),
    Action.SENT_OUTSIDE: ("sent outside", "sent", "enviado", "enviou"),
    Action.SHARED: ("shared", "shared link", "compartilhado", "compartilhou"),
    Action.RECEIVED: ("received", "read", "recebido", "lido"),
    Action.CONFIRMED: ("confirmed", "helped", "confirmado", "ajudou"),
}
CHANNEL_WORDS = {
    "call": ("call", "phone", "ligacao", "telefone"),
    "meeting": ("meeting", "reuniao"),
    "email": ("email", "e-mail"),
    "whatsapp": ("whatsapp",),
    "event": ("event", "evento"),
}
SIZE_WORDS = {
    "small": ("small", "pequena", "pequeno"),
    "medium": ("medium", "media", "medio"),
    "large": ("large", "grande"),
}
_BOOKS: dict[str, Mapping[Any, tuple[str, ...]]] = {
    "outcome": OUTCOME_WORDS,
    "action": ACTION_WORDS,
    "channel": CHANNEL_WORDS,
    "size_band": SIZE_WORDS,
}


def read_word(field: str, text: str) -> str:
    """Return the closed word that a cell means, or say that it is none."""
    wanted = fold(text)
    for key, words in _BOOKS[field].items():
        if wanted == fold(str(key)) or wanted in words:
            return str(key)
    raise Invalid(N_("“%(text)s” is not a known value."), field=field, text=text[:60])


def guess(field: str, text: str) -> str:
    """Return the key that a value most likely means, or nothing."""
    try:
        if field == "stage":
            term = find_term(Stage, text)
            return term.key if term else ""
        if field == "loss_reason":
            return get_loss_reason(text).key
        if field == "pipeline":
            return get_pipeline(text).key
        if field == "role":
            return read_role(text)
        return read_word(field, text)
    except Invalid:
        return ""


def possible(field: str, language: str) -> dict[str, str]:
    """Return what a value may be translated into: keys and their names."""
    if field == "stage":
        return {term.key: term.name(language) for term in all_terms(Stage)}
    if field == "loss_reason":
        return {reason.key: reason.name(language) for reason in loss_reasons()}
    if field == "pipeline":
        return {pipeline.key: pipeline.name(language) for pipeline in pipelines()}
    return {str(key): LABELS.get(str(key), str(key)) for key in _BOOKS.get(field, {})}


LABELS = {
    "open": N_("In progress"),
    "won": N_("Won"),
    "lost": N_("Lost"),
    "opened": N_("Opened"),
    "copied": N_("Copied"),
    "downloaded": N_("Downloaded"),
    "shown": N_("Shown"),
    "sent_outside": N_("Sent"),
    "shared": N_("Sent as a link"),
    "received": N_("Read by the buyer"),
    "confirmed": N_("Helped"),
    "call": N_("Call"),
    "meeting": N_("Meeting"),
    "email": N_("E-mail"),
    "whatsapp": N_("WhatsApp"),
    "event": N_("Event"),
    "small": N_("Small"),
    "medium": N_("Medium"),
    "large": N_("Large"),
}


def to_translate(kind: Kind, columns: Mapping[str, str], survey: Mapping[str, Any]) -> Any:
    """Return for each closed fact with a column its values: {field: {value: (rows, guess)}}.

    Where the outcome and the stage come from one column, an ending is no stage.
    """
    values = {column["name"]: column["values"] or {} for column in survey["columns"]}
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for field in kind.fields:
        column = columns.get(field.name)
        if field.closed and column:
            found[field.name] = {
                value: (count, guess(field.name, value))
                for value, count in values.get(column, {}).items()
            }
    if columns.get("outcome") and columns.get("outcome") == columns.get("stage"):
        for value, (count, known) in found["outcome"].items():
            found["outcome"][value] = (count, known or Outcome.OPEN)
    return found

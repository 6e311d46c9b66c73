"""The seed of pipelines and loss reasons, editable rows like the rest of the taxonomy."""

from sqlalchemy import select

from contentlib.core.db import db
from contentlib.core.errors import N_, Invalid
from contentlib.core.folding import fold
from contentlib.deals.models import LossReason, Pipeline

PIPELINES = (("new_business", "Novos negócios", "New business"),)
LOSS_REASONS = (
    ("price", "Preço", "Price"),
    ("competitor", "Concorrente", "Competitor"),
    ("budget", "Sem orçamento", "No budget"),
    ("timing", "Sem prioridade", "Not a priority"),
    ("no_decision_maker", "Sem decisor", "No decision maker"),
    ("feature", "Funcionalidade", "Missing feature"),
    ("trust", "Confiança / prova", "Trust / proof"),
    ("no_reply", "Sem resposta", "No reply"),
    ("other", "Outro", "Other"),
)


def seed() -> None:
    """Put pipelines and loss reasons in place where they are missing."""
    for kind, rows in ((Pipeline, PIPELINES), (LossReason, LOSS_REASONS)):
        known = set(db.session.scalars(select(kind.key)))
        db.session.add_all(
            kind(key=key, name_pt=pt, name_en=en, position=position)
            for position, (key, pt, en) in enumerate(rows)
            if key not in known
        )
    db.session.flush()


def loss_reasons() -> list[LossReason]:
    """Return the reasons in use, in their order."""
    rows = select(LossReason).where(LossReason.retired.is_(False)).order_by(LossReason.position)
    return list(db.session.scalars(rows))


def pipelines() -> list[Pipeline]:
    """Return the pipelines in use, in their order."""
    rows = select(Pipeline).where(Pipeline.retired.is_(False)).order_by(Pipeline.position)
    return list(db.session.scalars(rows))


def get_loss_reason(text: str) -> LossReason:
    """Find a loss reason by key or name in either language, or say that it is unknown."""
    wanted = fold(text)
    for reason in db.session.scalars(select(LossReason)):
        if wanted in (fold(reason.key), fold(reason.name_pt), fold(reason.name_en)):
            return reason
    raise Invalid(N_("“%(text)s” is not a known value."), field="loss_reason", text=text[:60])


def get_pipeline(text: str) -> Pipeline:
    """Find a pipeline by key or name; the first one when nothing is said."""
    wanted = fold(text)
    for pipeline in pipelines():
        names = (fold(pipeline.key), fold(pipeline.name_pt), fold(pipeline.name_en))
        if not wanted or wanted in names:
            return pipeline
    raise Invalid(N_("“%(text)s” is not a known value."), field="pipeline", text=text[:60])

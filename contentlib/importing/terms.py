"""Words of the taxonomy in cells: known ones, and new ones where the run may add them."""

from typing import TypeVar

from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.core.errors import Invalid
from contentlib.core.folding import slug
from contentlib.deals.models import LossReason, Pipeline
from contentlib.deals.outcomes import get_loss_reason, get_pipeline
from contentlib.importing.context import Context
from contentlib.library.taxonomy import Stage, add_term, all_terms, find_term, get_term

T = TypeVar("T", LossReason, Pipeline)


def stage(text: str, context: Context) -> Stage:
    """Return the stage that a cell names."""
    found = context.known("stage", text, lambda: find_term(Stage, text))
    if found is None and context.terms.create_missing:
        found = add_term(Stage, text[:120])
        context.made("stage", found.id)
    return found or get_term(Stage, text, field="stage")


def first_stage(context: Context) -> Stage:
    """Return where a deal of unknown stage counts as standing."""
    found = context.known("stage", "", lambda: next(iter(all_terms(Stage)), None))
    return found or get_term(Stage, "lead", field="stage")


def loss_reason(text: str, context: Context) -> LossReason:
    """Return the loss reason that a cell names."""

    def find() -> LossReason | None:
        try:
            return get_loss_reason(text)
        except Invalid:
            if not context.terms.create_missing:
                raise
            return None

    return context.known("loss_reason", text, find) or _add(LossReason, text, context)


def pipeline(text: str, context: Context) -> Pipeline:
    """Return the pipeline that a cell names, the first one if it names none."""

    def find() -> Pipeline | None:
        try:
            return get_pipeline(text)
        except Invalid:
            if not text or not context.terms.create_missing:
                raise
            return None

    return context.known("pipeline", text, find) or _add(Pipeline, text, context)


def _add(kind: type[T], text: str, context: Context) -> T:
    position = db.session.scalar(select(func.count(kind.id))) or 0
    name = text[:120]
    term = kind(key=slug(name), name_pt=name, name_en=name, position=position)
    db.session.add(term)
    db.session.flush()
    context.made(kind.__tablename__, term.id)
    return term

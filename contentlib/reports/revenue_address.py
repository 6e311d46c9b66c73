"""What a report of revenue is about, as addresses say it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask import current_app

from contentlib.core.clock import today
from contentlib.core.config import Settings
from contentlib.core.numbers import whole
from contentlib.reports.credit import Model
from contentlib.reports.periods import asked_period
from contentlib.reports.revenue_scope import MODELS, Axis, Scope
from contentlib.usage.models import Grade

Word = TypeVar("Word", bound=StrEnum)


def read_scope(args: Any, known: Sequence[str], settings: Settings) -> Scope:
    """Read what is asked for; words that mean nothing here mean what is usual."""
    period = asked_period(args, today=today(settings.timezone), zone=settings.timezone)
    currency = args.get("currency", "")
    return Scope(
        period=period,
        currency=currency if currency in known else [*known, settings.currency][0],
        grade=min(max(args.get("grade", int(Grade.SENT), type=whole), 1), 5),
        team=args.get("team", 0, type=whole),
        pipeline=args.get("pipeline", 0, type=whole),
        size=args.get("size", "")[:20],
        model=_chosen(args.get("model"), MODELS),
        axis=_chosen(args.get("by"), tuple(Axis)),
    )


def _chosen(said: str | None, words: Sequence[Word]) -> Word:
    """Return the word that is said, or the first where it is none of them."""
    return next((word for word in words if word == said), words[0])


def link(endpoint: str, scope: Scope, **more: Any) -> str:
    """Return an address with the same scope, so that every figure leads to its own rows."""
    facts = {
        "currency": scope.currency,
        "grade": scope.grade,
        "team": scope.team or None,
        "pipeline": scope.pipeline or None,
        "size": scope.size or None,
        "model": None if scope.model is Model.LINEAR_UNIQUE else scope.model.value,
        "by": None if scope.axis is Axis.ASSET else scope.axis.value,
    }
    return current_app.url_for(endpoint, **(scope.period.parameters() | facts | more))

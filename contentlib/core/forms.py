"""What every form needs: the options of a list, and what a service refuses beside its field."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice

from contentlib.core.db import db
from contentlib.core.errors import ContentlibError, Invalid
from contentlib.core.i18n import explain


def options(labels: Mapping[Any, Any], *, empty: Any = None) -> list[SelectChoice]:
    """Return the choices of a select field from values and labels, an empty one first if named."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return [*first, *(SelectChoice(str(value), label) for value, label in labels.items())]


def blame(form: FlaskForm, error: ContentlibError) -> None:
    """Put an error of a service beside the field it blames, or above the form."""
    name = getattr(error, "field", None) or ""
    if name not in form:
        form.form_errors.append(explain(error))
        return
    form[name].errors = [*form[name].errors, explain(error)]


class Blaming:
    """Around a service's call: what it refuses is shown in the form, where all typed text stays."""

    def __init__(self, form: FlaskForm, refusal: type[ContentlibError] = Invalid) -> None:
        self._form, self._refusal = form, refusal

    def __enter__(self) -> None:
        """Begin; nothing has been refused yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Keep nothing of what was refused, and go on to draw the form again."""
        if not isinstance(error, self._refusal):
            return False
        db.session.rollback()
        blame(self._form, error)
        return True

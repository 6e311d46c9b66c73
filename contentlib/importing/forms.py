"""What a person may say about an import: the file, its columns and what its values mean."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import ValidationError

from contentlib.core.errors import Invalid
from contentlib.core.forms import options
from contentlib.core.i18n import explain
from contentlib.importing import vocabulary
from contentlib.importing.kinds import KINDS, ON_THE_WEB
from contentlib.importing.models import ImportRun
from contentlib.importing.values import read_currency

# So many values of a column are asked about; the rest must be known words.
MOST_QUESTIONS = 40


class UploadForm(FlaskForm):
    """A file and what its rows are."""

    kind = SelectField(_l("What the rows are"))
    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options({kind.name: gettext(kind.label) for kind in ON_THE_WEB})


class ColumnsForm(FlaskForm):
    """Which column gives which fact; `columns_form` adds a field for each fact and value."""

    currency = StringField(_l("Currency of rows that name none"))
    create_missing = BooleanField(
        _l("Add stages, loss reasons and sellers that are not known here"),
        description=_l("A seller without an address is added as a person who cannot sign in."),
    )

    def validate_currency(self, field: Field) -> None:
        """Refuse what is no currency."""
        try:
            field.data = read_currency(field.data or "")
        except Invalid as error:
            raise ValidationError(explain(error)) from error


class MappingForm:
    """The form of one run, with its questions about columns and about values."""

    def __init__(
        self, run: ImportRun, language: str, currency: str, formdata: Mapping[str, Any] | None
    ) -> None:
        self.kind = KINDS[run.kind]
        given = formdata or {}
        known = run.mapping.get("columns", {})
        self.columns = {
            field.name: str(given.get(f"column_{field.name}", known.get(field.name, "")))
            for field in self.kind.fields
        }
        found = vocabulary.to_translate(self.kind, self.columns, run.survey)
        # A column of many different values has none to ask about.
        self.values = {
            name: list(values.items())[:MOST_QUESTIONS] for name, values in found.items() if values
        }
        # Values that were not shown for the column that is chosen now, so nobody spoke of them.
        self.unseen = [
            name
            for name in self.values
            if formdata and given.get(f"seen_{name}") != self.columns[name]
        ]
        self.form = self._form(run, language)(
            formdata,
            currency=run.mapping.get("currency") or currency,
            create_missing=run.create_missing,
        )
        for name in self.unseen:
            for field in self.fields_of(name):
                field.data = field.default

    def fields_of(self, name: str) -> list[Field]:
        """Return the fields that ask what the values of a fact mean."""
        return [self.form[f"value_{name}_{place}"] for place in range(len(self.values[name]))]

    def _form(self, run: ImportRun, language: str) -> type[ColumnsForm]:
        fields: dict[str, Any] = {}
        offered = options(_described(run), empty=gettext("— not in the file —"))
        for field in self.kind.fields:
            fields[f"column_{field.name}"] = SelectField(
                gettext(field.label), choices=offered, default=self.columns[field.name]
            )
        for name, values in self.values.items():
            known = run.mapping.get("values", {}).get(name, {})
            names = {
                key: gettext(text) for key, text in vocabulary.possible(name, language).items()
            }
            for place, (value, (_count, guess)) in enumerate(values):
                fields[f"value_{name}_{place}"] = SelectField(
                    value,
                    choices=options(names, empty=gettext("— leave out —")),
                    default=known.get(value, guess),
                )
        return type("RunForm", (ColumnsForm,), fields)

    def translations(self) -> dict[str, dict[str, str]]:
        """Return what the person says each value means."""
        return {
            name: {
                value: field.data
                for (value, _facts), field in zip(values, self.fields_of(name), strict=True)
            }
            for name, values in self.values.items()
        }


def _described(run: ImportRun) -> dict[str, str]:
    """Return the columns with an example of what stands in each."""
    described = {}
    for column in run.survey["columns"]:
        example = next(iter(column["examples"]), "")[:40]
        described[column["name"]] = f"{column['name']} ({example})" if example else column["name"]
    return described

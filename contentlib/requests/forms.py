"""What a person may type when they ask marketing for a material."""

from collections.abc import Mapping, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from contentlib.core.forms import options
from contentlib.library.choices import LANGUAGES
from contentlib.library.forms import MultiCheckboxField, named
from contentlib.library.taxonomy import AssetType, Persona, Stage, all_terms
from contentlib.requests.wishes import Wish

FACETS = ("stage", "persona", "type", "language")


class RequestForm(FlaskForm):
    """A material that is missing, and what it is for."""

    title = StringField(
        _l("What are you missing?"),
        validators=[InputRequired(), Length(max=200)],
        description=_l("As you would say it to a colleague."),
    )
    note = TextAreaField(
        _l("What is it for?"),
        validators=[Optional(), Length(max=2000)],
        description=_l("The customer's question, what it should show, by when it helps."),
    )
    words = HiddenField(validators=[Length(max=256)])
    retro = HiddenField(validators=[Length(max=20)])
    stage = MultiCheckboxField(_l("Stages"))
    persona = MultiCheckboxField(_l("Personas"))
    type = SelectField(_l("Type"), validators=[Optional()])
    language = SelectField(_l("Language"), validators=[Optional()])

    def fill(self, language: str) -> None:
        """Offer the words of the taxonomy in the person's language."""
        self.stage.choices = options(named(all_terms(Stage), language))
        self.persona.choices = options(named(all_terms(Persona), language))
        self.type.choices = options(named(all_terms(AssetType), language), empty=_l("Any"))
        self.language.choices = options(LANGUAGES, empty=_l("Any"))

    def begin_with(self, wish: Wish) -> None:
        """Put in what was missing by a retro."""
        self.begin("", wish.filters)
        self.title.data, self.retro.data = wish.title, str(wish.retro_id)
        self.note.data = wish.text if wish.text.strip() != wish.title else ""

    def begin(self, words: str, filters: Mapping[str, Sequence[str]]) -> None:
        """Put in what was searched for in vain."""
        self.title.data = self.words.data = words
        for facet in ("stage", "persona"):
            self[facet].data = list(filters.get(facet, ()))
        for facet in ("type", "language"):
            self[facet].data = next(iter(filters.get(facet, ())), "")

    def filters(self) -> dict[str, list[str]]:
        """Return what it is for, by facet."""
        chosen = {facet: self[facet].data for facet in FACETS}
        return {
            facet: [value] if isinstance(value, str) else list(value)
            for facet, value in chosen.items()
            if value
        }

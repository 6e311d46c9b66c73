"""What a person may type about materials."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contentlib.accounts.models import User
from contentlib.accounts.permissions import may
from contentlib.accounts.queries import active_users
from contentlib.core.forms import options
from contentlib.core.lines import one_line
from contentlib.library import taxonomy
from contentlib.library.choices import AUDIENCES, CHANGES, CHANNELS, LANGUAGES
from contentlib.library.models import Asset, Audience
from contentlib.library.taxonomy import AssetType, Persona, Stage, Tag, Term

USUAL_REVIEW = timedelta(days=180)


class MultiCheckboxField(SelectMultipleField):
    """Several of a short list, each with its own box."""

    widget: Any = ListWidget(prefix_label=False)
    option_widget: Any = CheckboxInput()


def named(terms: Iterable[Term], language: str) -> dict[str, str]:
    """Return words of the taxonomy by key, named in a language."""
    return {term.key: term.name(language) for term in terms}


class AxesForm(FlaskForm):
    """What sorts materials and says who answers for them; shared by many when they come at once."""

    stages = MultiCheckboxField(_l("Stages"))
    personas = MultiCheckboxField(_l("Personas"))
    tags = StringField(
        _l("Tags"),
        validators=[Optional(), Length(max=500)],
        description=_l("Separate them by commas."),
    )
    audience = RadioField(_l("Audience"), choices=options(AUDIENCES))
    owner = SelectField(_l("Owner"))
    deputy = SelectField(_l("Deputy"), validators=[Optional()])
    review_due = DateField(
        _l("Review by"),
        validators=[Optional()],
        description=_l("On this day the owner is asked whether it is still true."),
    )

    def fill(self, language: str, people: list[User], asset: Asset | None = None) -> None:
        """Offer the choices that depend on rows; retired words stay where they are worn."""
        worn = asset or Asset(stages=[], personas=[])
        stages = dict.fromkeys([*taxonomy.all_terms(Stage), *worn.stages])
        personas = dict.fromkeys([*taxonomy.all_terms(Persona), *worn.personas])
        self.stages.choices = options(named(stages, language))
        self.personas.choices = options(named(personas, language))
        holders = {str(person.id): person.name for person in people}
        self.owner.choices = options(holders)
        self.deputy.choices = options(holders, empty=_l("Nobody"))

    def axes(self) -> dict[str, Any]:
        """Return what was chosen as the rows that services take."""
        people = {str(person.id): person for person in active_users()}
        return {
            "stages": [taxonomy.get_term(Stage, key) for key in self.stages.data or ()],
            "personas": [taxonomy.get_term(Persona, key) for key in self.personas.data or ()],
            "tags": read_tags(self.tags.data or ""),
            "audience": Audience(self.audience.data),
            "owner": people[self.owner.data],
            "deputy": people.get(self.deputy.data or ""),
            "review_due": self.review_due.data,
        }


class FactsForm(AxesForm):
    """Everything that is said of one material."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=200)])
    summary = TextAreaField(
        _l("Summary"),
        validators=[Optional(), Length(max=2000)],
        description=_l("One or two sentences: when to use it, and what it shows."),
    )
    type = SelectField(_l("Type"))
    language = SelectField(_l("Language of the material"), choices=options(LANGUAGES))
    approver = SelectField(
        _l("Approver"),
        validators=[Optional()],
        validate_choice=False,
        description=_l("Says yes to each version before sellers see it."),
    )
    valid_until = DateField(
        _l("Valid until"),
        validators=[Optional()],
        description=_l("After this day sellers no longer see it."),
    )
    retain_until = DateField(
        _l("Keep until"),
        validators=[Optional()],
        description=_l("It is not deleted before this day."),
    )

    def fill(self, language: str, people: list[User], asset: Asset | None = None) -> None:
        """Offer types as well."""
        super().fill(language, people, asset)
        types = [*taxonomy.all_terms(AssetType), *([asset.type] if asset else [])]
        self.type.choices = options(named(dict.fromkeys(types), language))
        approving = [person for person in people if may(person, "asset.approve")]
        present = [asset.approver] if asset and asset.approver else []
        holders = {str(person.id): person.name for person in [*present, *approving]}
        self.approver.choices = options(holders, empty=_l("Nobody"))

    def show(self, asset: Asset, language: str, today: date) -> None:
        """Put a material's present facts into the fields."""
        for name in ("title", "summary", "language", "valid_until", "retain_until"):
            self[name].data = getattr(asset, name)
        self.type.data = asset.type.key
        self.stages.data = [stage.key for stage in asset.stages]
        self.personas.data = [persona.key for persona in asset.personas]
        self.tags.data = ", ".join(tag.name(language) for tag in asset.tags)
        self.audience.data = asset.audience.value
        self.owner.data = str(asset.owner_id)
        self.deputy.data = str(asset.deputy_id or "")
        self.approver.data = str(asset.approver_id or "")
        self.review_due.data = asset.review_due or today + USUAL_REVIEW

    def facts(self) -> dict[str, Any]:
        """Return every fact as `service.change_facts` takes it."""
        return self.axes() | {
            "title": self.title.data,
            "summary": self.summary.data or "",
            "type": taxonomy.get_term(AssetType, self.type.data),
            "language": self.language.data,
            "valid_until": self.valid_until.data,
            "retain_until": self.retain_until.data,
        }

    def chosen_approver(self, asset: Asset) -> User | None:
        """Return who was chosen to approve; a form that does not ask leaves it as it is."""
        chosen = self.approver.data
        if chosen is None or chosen == str(asset.approver_id or ""):
            return asset.approver
        return next((one for one in active_users() if str(one.id) == chosen), None)


def read_tags(text: str) -> list[Tag]:
    """Read tags between commas; a new one is added to the taxonomy."""
    names = [one_line(name)[:60] for name in text.split(",")]
    found = [
        taxonomy.find_term(Tag, name) or taxonomy.add_term(Tag, name) for name in names if name
    ]
    return list(dict.fromkeys(found))


class DraftForm(FlaskForm):
    """The facts that differ between drafts which are completed together."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=200)])
    type = SelectField(_l("Type"))
    language = SelectField(_l("Language"), choices=options(LANGUAGES))


class ChangeForm(FlaskForm):
    """What is said of a new version besides its content."""

    change_note = StringField(_l("What changed"), validators=[Optional(), Length(max=2000)])
    change = RadioField(
        _l("How much changed"),
        choices=options(CHANGES),
        default="minor",
        validate_choice=False,
        description=_l("A minor change says the same better; a major one says something else."),
    )

    @property
    def is_major(self) -> bool:
        """Tell whether the version says something else than the one before."""
        return bool(self.change.data == "major")


class ScriptForm(ChangeForm):
    """Words to say or send."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=200)])
    channel = SelectField(_l("Where it is used"), choices=options(CHANNELS))
    subject = StringField(
        _l("Subject"),
        validators=[Optional(), Length(max=200)],
        description=_l("For e-mails."),
    )
    text = TextAreaField(_l("Text"), validators=[InputRequired(), Length(max=20_000)])


class ObjectionForm(ChangeForm):
    """An objection card."""

    title = StringField(
        _l("Title"),
        validators=[Optional(), Length(max=200)],
        description=_l("Leave it empty to take the first way customers say it."),
    )
    heard_as = TextAreaField(
        _l("Heard as"),
        validators=[InputRequired(), Length(max=5000)],
        description=_l("How customers say it, one way a line."),
    )
    answer = TextAreaField(
        _l("Answer"),
        validators=[InputRequired(), Length(max=1000)],
        description=_l("What one says in a single breath: at most 35 words."),
    )
    proof = StringField(_l("Proof"), validators=[Optional()])
    proof_page = IntegerField(_l("Page"), validators=[Optional(), NumberRange(1, 10_000)])
    question = TextAreaField(_l("Ask back"), validators=[Optional(), Length(max=2000)])
    avoid = TextAreaField(_l("Do not say"), validators=[Optional(), Length(max=2000)])


class LinkForm(ChangeForm):
    """A page elsewhere."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=200)])
    url = URLField(_l("Address"), validators=[InputRequired(), Length(max=2000)])


class FileVersionForm(ChangeForm):
    """A newer file of a material."""

    file = FileField(_l("File"))


class VerifyForm(FlaskForm):
    """Still true, until the next look at it."""

    next_review = DateField(_l("Next review"), validators=[InputRequired()])


class TermForm(FlaskForm):
    """A word of the taxonomy in both languages, and what else people call it."""

    name_pt = StringField(_l("Name in Portuguese"), validators=[InputRequired(), Length(max=120)])
    name_en = StringField(_l("Name in English"), validators=[Optional(), Length(max=120)])
    aliases = StringField(_l("Other names"), validators=[Optional(), Length(max=500)])

    def names(self) -> dict[str, str]:
        """Return all names as services take them."""
        return {
            "name_pt": self.name_pt.data or "",
            "name_en": self.name_en.data or "",
            "aliases": self.aliases.data or "",
        }

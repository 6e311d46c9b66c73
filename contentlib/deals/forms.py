"""What a person may type about deals."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from contentlib.accounts.models import User
from contentlib.core.errors import Invalid
from contentlib.core.forms import options
from contentlib.core.i18n import explain
from contentlib.core.money import format_money, parse_money
from contentlib.deals import outcomes
from contentlib.deals.models import Contact, Deal
from contentlib.library.firm_day import firm_today
from contentlib.library.taxonomy import Persona, Stage, all_terms, get_term

SIZE_BANDS = {"small": _l("Small"), "medium": _l("Medium"), "large": _l("Large")}
CONSENTS = {"unknown": _l("Not known"), "given": _l("Consented"), "opposed": _l("Objected")}
CURRENCIES = ("BRL", "USD", "EUR")
CHANNELS = {
    "call": _l("Call"),
    "meeting": _l("Meeting"),
    "email": _l("E-mail"),
    "whatsapp": _l("WhatsApp"),
    "event": _l("Event"),
}


class DealForm(FlaskForm):
    """The facts of a deal; the stage is chosen here only when it is opened."""

    title = StringField(_l("Title"), validators=[InputRequired(), Length(max=200)])
    company = StringField(_l("Company"), validators=[InputRequired(), Length(max=200)])
    amount = StringField(_l("Amount"), validators=[InputRequired(), Length(max=40)])
    currency = SelectField(_l("Currency"))
    owner = SelectField(_l("Seller"), validators=[Optional()])
    pipeline = SelectField(_l("Pipeline"))
    stage = SelectField(_l("Stage"))
    expected_close = DateField(_l("Expected close"), validators=[Optional()])
    size_band = SelectField(_l("Size of the company"), validators=[Optional()])
    competitor = StringField(_l("Competitor"), validators=[Optional(), Length(max=120)])

    def fill(self, language: str, sellers: list[User], currency: str) -> None:
        """Offer the choices that depend on rows and on the person's language."""
        known = dict.fromkeys((currency, *CURRENCIES, *filter(None, [self.currency.data])))
        self.currency.choices = options({code: code for code in known})
        self.owner.choices = options({user.id: user.name for user in sellers})
        self.pipeline.choices = options(
            {row.key: row.name(language) for row in outcomes.pipelines()}
        )
        self.stage.choices = options({row.key: row.name(language) for row in all_terms(Stage)})
        self.size_band.choices = options(SIZE_BANDS, empty=_l("Not known"))

    def show(self, deal: Deal, language: str) -> None:
        """Put a deal's present facts into the fields."""
        self.company.data = deal.company.name if deal.company else ""
        self.owner.data = str(deal.owner_id or "")
        self.pipeline.data = deal.pipeline.key
        locale = "en_US" if language == "en" else "pt_BR"
        self.amount.data = format_money(deal.amount_minor, deal.currency, locale)

    def validate_amount(self, field: StringField) -> None:
        """Read the amount as people write it."""
        try:
            self.amount_minor = parse_money(field.data or "", self.currency.data or "BRL")
        except Invalid as error:
            raise ValidationError(explain(error)) from None

    def facts(self) -> dict[str, Any]:
        """Return what service verbs take as they are."""
        return {
            "title": self.title.data,
            "amount_minor": self.amount_minor,
            "currency": self.currency.data,
            "expected_close": self.expected_close.data,
            "size_band": self.size_band.data or None,
            "competitor": (self.competitor.data or "").strip() or None,
        }


class ContactForm(FlaskForm):
    """A person at a company."""

    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=200)])
    email = StringField(_l("E-mail"), validators=[Optional(), Length(max=254)])
    phone = StringField(_l("Phone"), validators=[Optional(), Length(max=40)])
    persona = SelectField(_l("Persona"), validators=[Optional()])

    def offer(self, personas: list[Persona], language: str) -> None:
        """Offer the personas in the person's language."""
        names = {persona.key: persona.name(language) for persona in personas}
        self.persona.choices = options(names, empty=_l("Not known"))

    def facts(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "name": self.name.data,
            "email": self.email.data or None,
            "phone": self.phone.data or None,
            "persona": get_term(Persona, self.persona.data) if self.persona.data else None,
        }


class ConsentForm(FlaskForm):
    """What a person said of being told apart as a reader."""

    consent = SelectField(_l("What they said"), choices=options(CONSENTS))
    since = DateField(_l("On which day"), validators=[Optional()])
    source = StringField(_l("How they said it"), validators=[Length(max=200)])

    def show(self, contact: Contact) -> None:
        """Put what is known into the fields."""
        self.consent.data = contact.consent.value
        self.since.data = contact.consent_on or firm_today()
        self.source.data = contact.consent_source


class CloseForm(FlaskForm):
    """When and why a deal came to its end; the answers about materials stand beside it."""

    closed_on = DateField(_l("Closed on"), default=firm_today, validators=[InputRequired()])
    loss_reason = SelectField(_l("Why was it lost?"), validators=[Optional()])
    loss_note = TextAreaField(_l("In the buyer's words"), validators=[Length(max=2000)])
    competitor = StringField(_l("Lost to"), validators=[Length(max=120)])
    missing = TextAreaField(_l("What was missing?"), validators=[Length(max=2000)])
    outside = TextAreaField(_l("Anything from outside the library?"), validators=[Length(max=2000)])


class UseForm(FlaskForm):
    """One use of one or several materials on a deal."""

    deal = StringField(_l("Deal"))
    channel = SelectField(_l("How"), choices=options(CHANNELS))
    occurred_on = DateField(_l("When"), validators=[Optional()])
    note = StringField(_l("Note"), validators=[Optional(), Length(max=500)])

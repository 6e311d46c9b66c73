"""What a person may say about a link before it is made."""

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contentlib.core.clock import local_day, start_of_day
from contentlib.core.forms import options
from contentlib.deals.models import Contact
from contentlib.library.choices import LANGUAGES
from contentlib.library.forms import MultiCheckboxField
from contentlib.sharing.gates import WITH_CODE
from contentlib.sharing.models import Follows, Gate, ShareLink
from contentlib.sharing.recipients import read_listed
from contentlib.sharing.service import LONGEST_NOTE, MOST_OPENS, USUAL_LIFE

# Further on no zone knows a midnight.
LAST_DAY = date(2999, 12, 31)
GATES = {
    Gate.NONE: _l("Opens at once"),
    Gate.ASK: _l("Asks for an e-mail address"),
    Gate.CODE: _l("Sends a code to the e-mail address"),
    Gate.LISTED: _l("Sends a code, to listed addresses only"),
}
# What is opened with a code from a mailbox.
CODED = frozenset(gate.value for gate in WITH_CODE)
FOLLOWING = {
    Follows.LATEST: _l("The version released last"),
    Follows.PINNED: _l("Today's version, also after a new one"),
}


class ShareForm(FlaskForm):
    """One link for each recipient, all alike."""

    contacts = MultiCheckboxField(_l("For whom"))
    others = TextAreaField(_l("Name or e-mail"), validators=[Length(max=5000)])
    title = StringField(_l("Title of the kit"), validators=[Length(max=200)])
    note = TextAreaField(_l("Note"), validators=[Length(max=LONGEST_NOTE)])
    language = SelectField(_l("Language of the page"), choices=options(LANGUAGES))
    expires_on = DateField(_l("Good until"), validators=[InputRequired()])
    may_download = BooleanField(_l("The file may be downloaded"), default=True)
    gate = SelectField(_l("When it is opened"), choices=options(GATES))
    allowed = TextAreaField(_l("Who may open it"), validators=[Length(max=10_000)])
    password = StringField(_l("Password"), validators=[Length(max=200)])
    is_watermarked = BooleanField(_l("The recipient's e-mail address across the pages"))
    follows = SelectField(_l("When there is a new version, show"), choices=options(FOLLOWING))
    most_opens = IntegerField(
        _l("Opens at most"), validators=[Optional(), NumberRange(1, MOST_OPENS)]
    )

    def offer(self, contacts: list[Contact], *, codes: bool) -> None:
        """Offer the people of the deal, if any, and codes only where they can be sent."""
        self.contacts.choices = options({contact.id: contact.name for contact in contacts})
        if not codes:
            self.gate.choices = [choice for choice in options(GATES) if choice.value not in CODED]
            self.gate.description = _l("With a code only once e-mail is set up.")

    def begin(self, language: str, today: date) -> None:
        """Put into the fields what is usual."""
        self.language.data, self.expires_on.data = language, today + USUAL_LIFE

    def repeat(self, link: ShareLink, today: date) -> None:
        """Put the facts of another link into the fields; whom it is for is asked anew."""
        for name in ("title", "note", "language", "may_download", "is_watermarked", "most_opens"):
            self[name].data = getattr(link, name)
        self.gate.data, self.follows.data = link.gate.value, link.follows.value
        self.allowed.data = "\n".join(link.allowed)
        self.expires_on.data = today + USUAL_LIFE

    def facts(self, zone: str) -> dict[str, Any]:
        """Return what the terms of a link are made of."""
        return {
            "title": self.title.data or "",
            "note": self.note.data or "",
            "language": self.language.data,
            "expires_at": end_of_day(self.expires_on.data, zone),
            "may_download": self.may_download.data,
            "gate": Gate(self.gate.data),
            "allowed": read_listed(self.allowed.data or ""),
            "is_watermarked": self.is_watermarked.data,
            "follows": Follows(self.follows.data),
            "most_opens": self.most_opens.data,
        }


def end_of_day(day: date, zone: str) -> datetime:
    """Return the moment at which a day of the firm is over."""
    return start_of_day(min(day, LAST_DAY) + timedelta(days=1), zone)


def last_day(moment: datetime | None, zone: str) -> date | None:
    """Return the last whole or begun day before a link ends, the other way round."""
    return local_day(moment - timedelta(microseconds=1), zone) if moment else None

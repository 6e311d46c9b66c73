"""What a person may type about people."""

from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from contentlib.accounts import service
from contentlib.accounts.models import Role, User
from contentlib.core.forms import options

ROLE_LABELS = {
    Role.SELLER: _l("Seller"),
    Role.MARKETER: _l("Marketer"),
    Role.MANAGER: _l("Manager"),
    Role.ADMIN: _l("Admin"),
}


THEMES = {"auto": _l("As the system"), "light": _l("Light"), "dark": _l("Dark")}


class PreferencesForm(FlaskForm):
    """How one wants the interface."""

    language = SelectField(
        _l("Language"),
        choices=options({"pt": "Português", "en": "English"}, empty=_l("As the browser asks")),
    )
    timezone = SelectField(_l("Time zone"), validators=[Optional()])
    theme = SelectField(_l("Appearance"), choices=options(THEMES))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        self.timezone.choices = options({z: z for z in zones}, empty=_l("As the installation"))


class LookForm(FlaskForm):
    """Language and theme, each by a button of the menu."""

    language = StringField(validators=[Optional(), AnyOf(("pt", "en"))])
    theme = StringField(validators=[Optional(), AnyOf(("auto", "light", "dark"))])


class UserForm(FlaskForm):
    """What an admin says of a person."""

    email = StringField(_l("E-mail"), validators=[InputRequired(), Length(max=254)])
    name = StringField(_l("Name"), validators=[InputRequired(), Length(max=120)])
    role = SelectField(_l("Role"), choices=options(ROLE_LABELS))
    team = StringField(_l("Team"), validators=[Optional(), Length(max=120)])
    active = BooleanField(_l("May sign in"), default=True)

    @staticmethod
    def facts_of(user: User) -> dict[str, object]:
        """Return what the form says of somebody, the team by its name."""
        return {
            "email": user.email,
            "name": user.name,
            "role": user.role.value,
            "team": user.team.name if user.team else "",
            "active": user.active,
        }

    def facts(self) -> dict[str, Any]:
        """Return what may change, as services take it; a team of a new name is made."""
        return {
            "name": self.name.data,
            "role": Role(self.role.data),
            "team": service.get_or_add_team(self.team.data) if self.team.data else None,
        }

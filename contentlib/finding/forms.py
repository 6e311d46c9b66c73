"""What marketing types to keep synonyms and pins."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from contentlib.finding.criteria import LONGEST_QUERY


class SynonymForm(FlaskForm):
    """Words that mean the same, between commas."""

    words = StringField(_l("Words that mean the same"))


class PinForm(FlaskForm):
    """The words of a search, and the material that comes first for them."""

    words = StringField(_l("Words of the search"))
    asset = StringField(_l("Material"))
    asset_text = StringField()

    def typed_words(self) -> str:
        """Return the words, no longer than a search may be."""
        return (self.words.data or "")[:LONGEST_QUERY]

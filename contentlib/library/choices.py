"""How the closed words of the library are called."""

from flask_babel import lazy_gettext as _l

from contentlib.library.models import Audience, Status

LANGUAGES = {"pt": _l("Portuguese"), "en": _l("English")}
AUDIENCES = {
    Audience.SHAREABLE: _l("May be sent to customers"),
    Audience.INTERNAL: _l("Internal only"),
}
STATUSES = {
    Status.DRAFT: _l("Draft"),
    Status.PUBLISHED: _l("Published"),
    Status.ARCHIVED: _l("Archived"),
}
CHANNELS = {
    "call": _l("Call"),
    "meeting": _l("Meeting"),
    "email": _l("E-mail"),
    "whatsapp": _l("WhatsApp"),
}

"""How the closed words of the library are called."""

from typing import Any

from flask_babel import lazy_gettext as _l

from contentlib.library.models import Asset, Audience, Status
from contentlib.library.release.rules import State, Step

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
CHANGES = {"minor": _l("Minor"), "major": _l("Major")}
STATES = {
    State.DRAFT: ("quiet", _l("Draft")),
    State.SUBMITTED: ("due", _l("Waiting for approval")),
    State.APPROVED: ("info", _l("Approved")),
    State.REJECTED: ("bad", _l("Rejected")),
    State.PUBLISHED: ("ok", _l("Sellers see this one")),
    State.SUPERSEDED: ("quiet", _l("Replaced")),
    State.ROLLED_BACK: ("quiet", _l("Taken back")),
    State.WITHDRAWN: ("bad", _l("Withdrawn")),
}
STEPS = {
    Step.SUBMITTED: _l("Sent for approval"),
    Step.APPROVED: _l("Approved"),
    Step.REJECTED: _l("Rejected"),
    Step.PUBLISHED: _l("Released"),
    Step.SUPERSEDED: _l("Replaced"),
    Step.ROLLED_BACK: _l("Taken back"),
    Step.WITHDRAWN: _l("Withdrawn: something harmful was found"),
    Step.ENTRUSTED: _l("Approver changed"),
}


def state_names(asset: Asset) -> dict[State, tuple[str, Any]]:
    """Return what the states of its versions are called; of an archived one sellers see none."""
    if asset.status is not Status.ARCHIVED:
        return STATES
    return STATES | {State.PUBLISHED: ("quiet", STEPS[Step.PUBLISHED])}

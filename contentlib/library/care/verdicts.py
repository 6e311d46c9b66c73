"""What a virus scanner may have said of a file, and who gets the file then; knows no database."""

from enum import StrEnum

from contentlib.core.errors import N_


class ScanState(StrEnum):
    """What is known of a file; each is shown to people."""

    # It came while no scanner was named, and no scan has reached it since.
    NONE = "none"
    WAITING = "waiting"
    CLEAN = "clean"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    # An admin said that what was found is none.
    RELEASED = "released"


# Only these bytes are sent, read and painted. A file without a verdict is not one of them.
HANDED_OUT = frozenset({ScanState.NONE, ScanState.CLEAN, ScanState.RELEASED})

WITHHELD = {
    ScanState.WAITING: N_("This file still waits for its virus scan; until then nobody gets it."),
    ScanState.QUARANTINED: N_("This file is in quarantine: nobody gets it."),
    ScanState.FAILED: N_("This file could not be scanned for viruses, so nobody gets it."),
}
"""Why a file is not handed out."""

IN_QUARANTINE = N_("“%(found)s” was found in the file of this version; it is in quarantine.")

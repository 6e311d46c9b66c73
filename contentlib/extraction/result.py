"""What came out of a file, as a person is told it."""

from dataclasses import dataclass, field
from enum import StrEnum

from contentlib.core.errors import N_


class State(StrEnum):
    """How reading ended; the file itself stays usable whatever it is."""

    DONE = "done"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    PASSWORD = "password"  # noqa: S105 - a state, not a secret
    UNSUPPORTED = "unsupported"
    FAILED = "failed"

    @property
    def retryable(self) -> bool:
        """Tell whether trying again, perhaps on a quieter machine, can change the outcome."""
        return self in (State.FAILED, State.TRUNCATED, State.UNSUPPORTED)


@dataclass(frozen=True, slots=True)
class PageText:
    """The words of one page; `label` is `page`, `slide` or `sheet`, `number` begins at 1."""

    number: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """The outcome of reading a file.

    `detail` is a sentence to translate and show, or empty; `page_count` counts the file's pages
    even where fewer were read; `meta` holds what else was learnt, and under `cause` the
    technical reason for the log; `scanned` are the pages that are pictures and can be read by OCR.
    """

    state: State
    detail: str = ""
    pages: tuple[PageText, ...] = ()
    page_count: int = 0
    meta: dict[str, str | int | float] = field(default_factory=dict)
    scanned: tuple[int, ...] = ()


def page_file(number: int, width: int | None = None) -> str:
    """Return the name of a page's picture, or of a smaller one, inside and outside the sandbox."""
    return f"page-{number:04d}{f'-{width}' if width else ''}.webp"


NO_WORDS = N_("No words were found in it; it may hold scanned pages.")
NO_WORDS_BY_OCR = N_("No words were found in it, not even by OCR.")
READING_SCANS = N_("Pages that are pictures are being read by OCR; this can take some minutes.")
READ_BY_OCR = N_("Pages that are pictures were read by OCR, which makes mistakes.")
SCANS_MISSED = N_("Not all of the pages that are pictures could be read by OCR.")
NO_OCR = N_(
    "Its pages seem to be scanned; to read them needs Tesseract, which is not installed here."
)
PICTURE = N_("A picture holds no words to search; people find it by its title and tags.")
VIDEO = N_("A video holds no words to search; people find it by its title and tags.")
TOO_LONG = N_("Only its beginning is searchable, because the text is very long.")
MORE_PAGES = N_("Only the first pages are shown, because there are very many.")
LOCKED = N_("It is protected by a password, so its words cannot be read.")
TOO_LARGE_A_PICTURE = N_("Unfolded, this picture has too many pixels, so it was not opened.")
UNREADABLE = N_("It could not be read; the file may be damaged.")
SUSPICIOUS = N_("Unpacked, it is far larger than it should be, so it was not opened.")
TOO_SLOW = N_("Reading it took too long and was stopped.")
TOO_MUCH_MEMORY = N_("Reading it needs more memory than is allowed and was stopped.")
CRASHED = N_("The reader broke off on this file.")
NO_SANDBOX = N_("The reader could not be started safely on this machine; ask an administrator.")
NO_OFFICE = N_("Previews of Office files need LibreOffice, which is not installed here.")
NOT_CUT_OFF = N_(
    "Previews of Office files are off, because this machine cannot keep LibreOffice "
    "off the network."
)
NO_PICTURES = N_("This kind of file has no page pictures.")

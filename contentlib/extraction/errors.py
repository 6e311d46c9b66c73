"""Why a file is not taken, in words its sender can act on."""

from contentlib.core.errors import N_, ContentlibError


class UnacceptableFile(ContentlibError):
    """The library does not take this file; the sentence says why and what would help."""

    status = 415

    @property
    def is_bomb(self) -> bool:
        """Tell whether the file was refused for what it would unpack to."""
        return self.message == BOMB


EMPTY = N_("This file is empty. Check it on your computer and send it again.")
PROGRAM = N_("This file is a program or a script, not content, so it was not taken.")
MACROS = N_("This Office file carries macros. Save it without macros and send it again.")
OLD_OFFICE = N_(
    "This is an old Office format. Save it as PPTX, DOCX, XLSX or PDF and send it again."
)
ARCHIVE = N_("This is an archive. Send the files inside it one by one.")
BOMB = N_("Unpacked, this file is far larger than it should be, so it was not opened.")
DAMAGED = N_("This file is damaged or incomplete. Save it again and send it once more.")
MISMATCH = N_(
    "The name ends in .%(extension)s, but the content is of another kind (%(found)s). "
    "Rename the file or save it again."
)
NOT_AS_NAMED = N_(
    "The name ends in .%(extension)s, but the content is not of that kind. Save the file again."
)
UNKNOWN = N_(
    "The library does not take this kind of file. It takes PDF, PPTX, DOCX, XLSX, OpenDocument, "
    "PNG, JPEG, WebP, GIF, SVG, MP4, WebM, SRT, VTT, TXT, Markdown and HTML."
)

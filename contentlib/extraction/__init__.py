"""Text and page pictures out of files that may be hostile, read in a sandboxed child process.

`sniff` tells what a file is, `extract` reads its words, `render_pages` paints its pages; for a
bad file each answers with a state and a sentence to show, and only `sniff` raises.
"""

from contentlib.extraction.errors import UnacceptableFile
from contentlib.extraction.extract import extract
from contentlib.extraction.filenames import clean_filename
from contentlib.extraction.isolation import Isolation, isolation
from contentlib.extraction.kinds import KINDS, Kind
from contentlib.extraction.ocr import (
    MOST_SCANS,
    PORTION,
    Ocr,
    ocr_program,
    read_scans,
    with_scans,
)
from contentlib.extraction.office import missing_fonts, office_program
from contentlib.extraction.pagination import repaginate
from contentlib.extraction.render import (
    SMALLER_WIDTHS,
    PageImage,
    Rendering,
    render_converted,
    render_first_page,
    render_pages,
)
from contentlib.extraction.result import Extraction, PageText, State
from contentlib.extraction.sandbox import Limits
from contentlib.extraction.sniff import refuse_by_name, sniff

__all__ = [
    "KINDS",
    "MOST_SCANS",
    "PORTION",
    "SMALLER_WIDTHS",
    "Extraction",
    "Isolation",
    "Kind",
    "Limits",
    "Ocr",
    "PageImage",
    "PageText",
    "Rendering",
    "State",
    "UnacceptableFile",
    "clean_filename",
    "extract",
    "isolation",
    "missing_fonts",
    "ocr_program",
    "office_program",
    "read_scans",
    "refuse_by_name",
    "render_converted",
    "render_first_page",
    "render_pages",
    "repaginate",
    "sniff",
    "with_scans",
]

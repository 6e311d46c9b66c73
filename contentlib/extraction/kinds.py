"""The kinds of file the library takes, each with the one content type it is ever served with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    `page_label` names what its pages are: `page`, `slide` or `sheet`. `inline` says whether a
    browser may show the original; everything else is only ever downloaded. A PDF is not, since what
    browsers read PDFs with runs the scripts inside; pictures of its pages are shown.
    """

    name: str
    content_type: str
    extensions: tuple[str, ...]
    family: str
    page_label: str = "page"
    inline: bool = False

    @property
    def extension(self) -> str:
        """Return the ending that names of this kind get."""
        return self.extensions[0]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), "pdf"),
        Kind("pptx", f"{_OOXML}.presentationml.presentation", ("pptx",), "office", "slide"),
        Kind("docx", f"{_OOXML}.wordprocessingml.document", ("docx",), "office"),
        Kind("xlsx", f"{_OOXML}.spreadsheetml.sheet", ("xlsx",), "office", "sheet"),
        Kind("odp", f"{_ODF}.presentation", ("odp",), "office", "slide"),
        Kind("odt", f"{_ODF}.text", ("odt",), "office"),
        Kind("ods", f"{_ODF}.spreadsheet", ("ods",), "office", "sheet"),
        Kind("png", "image/png", ("png",), "image", inline=True),
        Kind("jpg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "image", inline=True),
        Kind("webp", "image/webp", ("webp",), "image", inline=True),
        Kind("gif", "image/gif", ("gif",), "image", inline=True),
        Kind("svg", "image/svg+xml", ("svg",), "svg"),
        Kind("mp4", "video/mp4", ("mp4", "m4v"), "video", inline=True),
        Kind("webm", "video/webm", ("webm",), "video", inline=True),
        Kind("txt", "text/plain; charset=utf-8", ("txt", "text"), "text"),
        Kind("md", "text/markdown; charset=utf-8", ("md", "markdown"), "text"),
        Kind("srt", "application/x-subrip; charset=utf-8", ("srt",), "text"),
        Kind("vtt", "text/vtt; charset=utf-8", ("vtt",), "text"),
        Kind("html", "text/html; charset=utf-8", ("html", "htm"), "text"),
    )
}

BY_EXTENSION: dict[str, Kind] = {
    extension: kind for kind in KINDS.values() for extension in kind.extensions
}

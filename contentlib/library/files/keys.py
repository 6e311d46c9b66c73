"""Where the store keeps what was made of a file, beside the file itself."""


def preview_key(sha256: str, number: int, width: int | None = None) -> str:
    """Return where the picture of a page is kept, or one of its smaller pictures."""
    return f"previews/{sha256}/{number}{f'-{width}' if width else ''}.webp"


def converted_key(sha256: str) -> str:
    """Return where the PDF made of an Office file is kept, to be painted and to be read."""
    return f"previews/{sha256}/pages.pdf"

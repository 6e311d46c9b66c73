"""Which addresses news may lead to: paths of this site, nothing that a browser takes elsewhere."""

from urllib.parse import urlsplit

LONGEST = 300


def is_here(address: str) -> bool:
    """Tell whether an address is a path of this site.

    Browsers read `//host` and `/\\host` as another site, and first drop tabs and line ends.
    """
    if not address.startswith("/") or len(address) > LONGEST:
        return False
    if "\\" in address or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and not address.startswith("//")

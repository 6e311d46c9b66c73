"""Short lists as people type them into one field: `CFO, CEO, diretor financeiro`."""

import re

from contentlib.core.folding import fold
from contentlib.core.lines import one_line

# A comma inside brackets belongs to what stands there: `Script (call, e-mail)` is one item.
_BETWEEN = re.compile(r"[,;\n](?![^()\n]*\))")


def items(text: str) -> tuple[str, ...]:
    """Return the items of a list, each once whatever its case and accents, without empty ones."""
    once: dict[str, str] = {}
    for part in _BETWEEN.split(text.replace("\r", "\n")):
        once.setdefault(fold(part), one_line(part))
    once.pop("", None)
    return tuple(item for item in once.values() if item)

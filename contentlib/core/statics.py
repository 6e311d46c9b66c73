"""Static files under an address that changes with their content, so that browsers may keep them."""

import hashlib
from pathlib import Path

ONE_YEAR = 31_536_000


def digest(folder: Path) -> str:
    """Return a short name for the present content of a whole folder.

    The name is one part of the path for all files, not a suffix of each, so that relative
    references inside style sheets and modules lead to the same version.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]

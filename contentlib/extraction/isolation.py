"""How well this machine can fence the readers in, for the administrator's check."""

from dataclasses import dataclass
from functools import cache

from contentlib.core.errors import N_
from contentlib.extraction.sandbox import Ended, run, workspace

_FULL = N_("Files are read in a process without network, which sees no other files.")
_NO_NETWORK_FENCE = N_(
    "Readers cannot be kept wholly off the network, so previews of Office files are off: "
    "allow unprivileged user namespaces (kernel.unprivileged_userns_clone=1)."
)
_NO_FILE_FENCE = N_(
    "Readers could see other files of this user: use a kernel with Landlock (5.13 or later)."
)
_NO_CHILD = N_("Readers cannot be started at all, so no text will be found in files.")


@dataclass(frozen=True, slots=True)
class Isolation:
    """`level` is `full`, `partial`, `limits` or `none`; `details` say why, to be translated."""

    level: str
    details: tuple[str, ...]
    cause: str = ""

    @property
    def works(self) -> bool:
        """Tell whether files can be read at all."""
        return self.level != "none"


@cache
def isolation() -> Isolation:
    """Start a child that only fences itself in, once per process, and tell how far it came."""
    with workspace() as folder:
        outcome = run({"verb": "probe"}, folder=folder)
    if outcome.ended is not Ended.BY_ITSELF or outcome.last is None:
        return Isolation("none", (_NO_CHILD,), outcome.cause)
    confined = outcome.lines[0].get("confined", {})
    network, files = bool(confined.get("network")), bool(confined.get("files"))
    missing = [] if network else [_NO_NETWORK_FENCE]
    missing += [] if files else [_NO_FILE_FENCE]
    level = {0: "full", 1: "partial", 2: "limits"}[len(missing)]
    return Isolation(level, tuple(missing) or (_FULL,))

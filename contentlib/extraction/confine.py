"""What a child gives up before it opens a hostile file, in an order where each step still works."""

import ctypes
import os
import resource
import signal
from collections.abc import Mapping
from typing import Any

from contentlib.extraction import landlock

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_MS_BIND = 4096
OWN_TMP = "/tmp"  # noqa: S108 - where a child with `own_tmp` sees its workspace


def confine(request: Mapping[str, Any]) -> dict[str, bool]:
    """Give up time, memory, network and files beyond the request's; tell what was given up.

    The resource limits always hold. The network and the file system need a kernel that lets an
    ordinary process fence itself in, which some containers forbid.
    """
    limits = request["limits"]
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.alarm(limits["wall"] + 5)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits["cpu"])
    _limit(resource.RLIMIT_FSIZE, limits["file_size"])
    _limit(resource.RLIMIT_NOFILE, limits["open_files"])
    apart = _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWNS) == 0
    own_tmp = apart and bool(request.get("own_tmp")) and _mount_on_tmp(os.getcwd())
    _limit(resource.RLIMIT_AS, limits["memory"])
    files = landlock.restrict(readable=request["readable"], writable=[os.getcwd(), "/dev/null"])
    # Landlock alone stops TCP but neither UDP nor names being looked up, so it does not count.
    return {"network": apart, "files": files, "own_tmp": own_tmp}


def _mount_on_tmp(folder: str) -> bool:
    """Let this process see a folder as its /tmp, where some programs insist on putting things."""
    if _LIBC.mount(os.fsencode(folder), OWN_TMP.encode(), None, _MS_BIND, None) != 0:
        return False
    os.chdir(OWN_TMP)
    return True


def _limit(kind: int, amount: int) -> None:
    """Lower a limit; the soft one first, so that the process dies by a signal that names it."""
    _, hard = resource.getrlimit(kind)
    ceiling = amount + (1 if kind == resource.RLIMIT_CPU else 0)
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(kind, (min(amount, ceiling), ceiling))

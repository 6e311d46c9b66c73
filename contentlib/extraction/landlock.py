"""Linux's Landlock: a process shuts itself, for good, out of every file it does not name.

There is no binding in the standard library; the numbers are those of <linux/landlock.h>.
"""

import ctypes
import os
from collections.abc import Sequence
from functools import cache

_LIBC = ctypes.CDLL(None, use_errno=True)
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE = 1 << 14
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_ALL_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_ALL_NETWORK_RIGHTS = 0b11
ABI_NETWORK = 4


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64))


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


@cache
def version() -> int:
    """Return the version of Landlock this kernel offers, 0 for none."""
    return max(0, int(_LIBC.syscall(_CREATE_RULESET, None, 0, 1)))


def restrict(*, readable: Sequence[str], writable: Sequence[str]) -> bool:
    """Leave this process and its children only these paths; tell whether that worked.

    TCP is forbidden too where the kernel can, which is no full fence: UDP stays open.
    """
    if version() == 0:
        return False
    handled = _ALL_FILE_RIGHTS[min(version(), 3)]
    ruleset = _create(handled)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & handled)
        for path in writable:
            _allow(ruleset, path, handled)
        _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(_LIBC.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _create(handled: int) -> int:
    attr = _RulesetAttr(fs=handled, net=_ALL_NETWORK_RIGHTS)
    size = ctypes.sizeof(attr) if version() >= ABI_NETWORK else 8
    ruleset = int(_LIBC.syscall(_CREATE_RULESET, ctypes.byref(attr), size, 0))
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add a path that exists; one that does not needs no permission."""
    if not os.path.exists(path):
        return
    if not os.path.isdir(path):
        rights &= _FILE_RIGHTS
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        attr = _PathBeneathAttr(allowed=rights, folder=descriptor)
        added = _LIBC.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(attr), 0)
        if added != 0:
            raise OSError(ctypes.get_errno(), "landlock_add_rule", path)
    finally:
        os.close(descriptor)

"""Runs the child that reads a file, and outlives whatever the file does to it."""

import json
import mimetypes
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from select import poll
from typing import IO, Any

_MB = 1024 * 1024
_ROOT = Path(__file__).resolve().parents[2]
_MOST_OUTPUT = 32 * _MB
_MOST_STDERR = 2_000

# With -I and -S the interpreter sees no environment, no current folder and no start-up hooks,
# and therefore not this package either: the parent tells it where to import from, which holds
# for a checkout and for an installed wheel alike.
_BOOT = (
    "import json, sys; request = json.loads(sys.argv[1]); sys.path[:] = request['path']; "
    "from contentlib.extraction.child import main; main(request)"
)
# The table of media types is read by openpyxl as soon as it is imported.
SYSTEM = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/dev/urandom", *mimetypes.knownfiles)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of address space and of one file, seconds, open files."""

    memory: int = 1536 * _MB
    cpu: int = 20
    wall: int = 60
    file_size: int = 64 * _MB
    open_files: int = 64


class Ended(StrEnum):
    """How a child came to its end."""

    BY_ITSELF = "by itself"
    TOO_SLOW = "too slow"
    CRASHED = "crashed"
    NEVER_STARTED = "never started"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a child said, line by line, and how it ended; `cause` is for the log."""

    ended: Ended
    lines: list[dict[str, Any]]
    cause: str = ""

    @property
    def last(self) -> dict[str, Any] | None:
        """Return how the child itself says it ended, if it came that far."""
        found = self.lines[-1].get("end") if self.lines else None
        return found if isinstance(found, dict) else None


@contextmanager
def workspace() -> Iterator[Path]:
    """Lend the folder that is all a child may write to."""
    with tempfile.TemporaryDirectory(prefix="contentlib-", ignore_cleanup_errors=True) as name:
        yield Path(name).resolve()


def run(
    request: Mapping[str, Any],
    *,
    folder: Path,
    limits: Limits | None = None,
    readable: tuple[str, ...] = (),
) -> Outcome:
    """Have a child serve a request in `folder`; never raises for what a file does to it."""
    limits = limits or Limits()
    path = import_path()
    full = {
        **request,
        "limits": asdict(limits),
        "path": path,
        "readable": [*SYSTEM, *code_of(path), *readable, str(request.get("source", ""))],
    }
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _BOOT, json.dumps(full)]
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as noise:
        try:
            status, late = _run(command, folder, answer, noise, limits.wall)
        except OSError as error:
            return Outcome(Ended.NEVER_STARTED, [], f"{type(error).__name__}: {error}")
        return _outcome(status, late, _lines(answer), _tail(noise))


def _run(
    command: list[str], folder: Path, answer: IO[bytes], noise: IO[bytes], wall: int
) -> tuple[int, bool]:
    """Return the exit status, and whether the time had to be cut short."""
    # The child leads its own session, so its id is also the id of all it starts.
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
        command,
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=noise,
        cwd=folder,
        env=environment(folder),
        start_new_session=True,
    )
    try:
        late = not _ended_within(child.pid, wall)
    finally:
        # It is dead or about to be, but not reaped yet: its id cannot belong to anyone else.
        os.killpg(child.pid, signal.SIGKILL)
        status = child.wait()
    return status, late


def environment(folder: Path) -> dict[str, str]:
    """Return all the environment a child gets: nothing of ours."""
    return {"HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}


def _ended_within(pid: int, seconds: int) -> bool:
    descriptor = os.pidfd_open(pid)
    try:
        waiting = poll()
        waiting.register(descriptor)
        return bool(waiting.poll(seconds * 1000))
    finally:
        os.close(descriptor)


def _outcome(status: int, late: bool, lines: list[dict[str, Any]], noise: str) -> Outcome:
    if status == -signal.SIGXCPU or late:
        ended = Ended.TOO_SLOW
    elif not lines:
        ended = Ended.NEVER_STARTED
    else:
        ended = Ended.BY_ITSELF if status == 0 else Ended.CRASHED
    cause = "" if ended is Ended.BY_ITSELF else f"{ended}, status {status}: {noise}"
    return Outcome(ended, lines, cause)


def _lines(answer: IO[bytes]) -> list[dict[str, Any]]:
    """Return the whole lines of an answer; the last may have been cut off in the middle."""
    answer.seek(0)
    lines = []
    for raw in answer.read(_MOST_OUTPUT).split(b"\n"):
        try:
            line = json.loads(raw)
        except ValueError:
            continue
        if isinstance(line, dict):
            lines.append(line)
    return lines


def _tail(noise: IO[bytes]) -> str:
    noise.seek(0, os.SEEK_END)
    noise.seek(max(0, noise.tell() - _MOST_STDERR))
    return noise.read(_MOST_STDERR).decode("utf-8", "replace").strip()


def import_path() -> list[str]:
    """Return where this process imports from, without the entries a current folder decides."""
    entries = [entry for entry in sys.path if Path(entry).is_absolute()]
    return list(dict.fromkeys([str(_ROOT), *entries]))


def code_of(path: list[str]) -> list[str]:
    """Return what must be readable to import; of a checkout the package, not its data beside."""
    code = [sys.prefix, sys.base_prefix, str(_ROOT / "contentlib")]
    libraries = [entry for entry in path if Path(entry).name.endswith("-packages")]
    return [*code, *libraries]

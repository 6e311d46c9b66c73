"""A real ClamAV daemon, in a folder of its own, that knows two things: the test file and a word.

Nothing is fetched: its database is two lines written here.
"""

import os
import pwd
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contentlib.antivirus import ScannerDown, open_scanner
from tests.real.s3_server import free_port

# The file that every scanner calls a virus, so that one can try it. Its parts stand apart, so
# that no scanner stumbles over this one.
EICAR = "".join(
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*"]
).encode()
WORD = b"contentlib-" + b"harmful-word"
PROGRAM = "/usr/sbin/clamd"
STARTS_WITHIN = 60.0
LARGEST = 4 * 2**20

SETTINGS = """
Foreground yes
LogTime no
LocalSocket {folder}/clamd.sock
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/db
TemporaryDirectory {folder}
User {user}
StreamMaxLength {largest}
MaxFileSize {largest}
MaxScanSize {largest}
AlertExceedsMax yes
MaxThreads 4
SelfCheck 0
"""


@dataclass
class Clamd:
    """A daemon that answers, and how it is stopped and started."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def socket(self) -> str:
        return f"clamd:{self.folder}/clamd.sock"

    @property
    def tcp(self) -> str:
        return f"clamd://127.0.0.1:{self.port}"

    def know(self, *signatures: tuple[str, bytes]) -> None:
        """Give it its signatures: a name and the bytes it is found by."""
        lines = (f"{name}:0:*:{what.hex()}\n" for name, what in signatures)
        (self.folder / "db" / "own.ndb").write_text("".join(lines))

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            words = [PROGRAM, f"--config-file={self.folder}/clamd.conf"]
            self.process = subprocess.Popen(words, stdout=log, stderr=log)
        until = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                open_scanner(self.socket).ready()
                open_scanner(self.tcp).ready()
            except ScannerDown:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Stop it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        (self.folder / "clamd.sock").unlink(missing_ok=True)


KNOWN = (("Test.Eicar", EICAR), ("Test.Word", WORD))


@contextmanager
def clamd(folder: Path) -> Iterator[Clamd]:
    """Start a daemon that knows the test file and a word."""
    (folder / "db").mkdir()
    user = pwd.getpwuid(os.getuid()).pw_name
    daemon = Clamd(folder, free_port())
    text = SETTINGS.format(folder=folder, port=daemon.port, user=user, largest=LARGEST)
    (folder / "clamd.conf").write_text(text)
    daemon.know(*KNOWN)
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()

"""Chromium as a person has it: told what to do by a pipe, and nobody listens to what it sends.

Playwright is told of every request with its body, which makes a large upload take three times as
long. Speaks the DevTools protocol, each message ended by a zero byte.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import REAL_PARTS

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-pipe",
)

LONGEST = 600
"""Seconds after which nothing is waited for any more."""


class QuietChromium:
    """One page of one browser; ``ask`` sends a command of the protocol and gives its result."""

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write = read, write
        self._asked, self._rest = 0, b""
        self._page: dict[str, str] = {}

    def open(self, url: str, cookies: dict[str, str]) -> None:
        """Open an address, with the cookies of somebody who has signed in."""
        known = [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        self.ask("Storage.setCookies", cookies=known)
        target = self.ask("Target.createTarget", url=url)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._page = {"sessionId": session}
        self.wait_for(f"location.href == '{url}' && document.readyState == 'complete'")

    def choose(self, selector: str, files: list[Path]) -> None:
        """Choose files in a field."""
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        field = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.ask("DOM.setFileInputFiles", nodeId=field, files=list(map(str, files)))

    def wait_for(self, expression: str) -> None:
        """Look every tenth of a second until an expression of the page is true."""
        began = time.monotonic()
        while not self.value(expression):
            if time.monotonic() - began > LONGEST:
                raise SystemExit(f"never true: {expression}")
            time.sleep(0.1)

    def value(self, expression: str) -> Any:
        """Return the value of an expression of the page; None between two pages."""
        told = self._answer("Runtime.evaluate", expression=expression, returnByValue=True)
        return told.get("result", {}).get("result", {}).get("value")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        answer = self._answer(method, **params)
        if "error" in answer:
            raise SystemExit(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _answer(self, method: str, **params: Any) -> dict[str, Any]:
        self._asked += 1
        message = {"id": self._asked, "method": method, "params": params, **self._page}
        os.write(self._write, json.dumps(message).encode() + b"\0")
        # What else it tells meanwhile does not matter here.
        while (answer := self._message()).get("id") != self._asked:
            pass
        return answer

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            came = os.read(self._read, 2**16)
            if not came:
                raise SystemExit("Chromium has ended")
            self._rest += came
        whole, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(whole)
        return message


@contextmanager
def quiet_chromium(profile: Path) -> Iterator[QuietChromium]:
    """Start Debian's browser with an empty profile, and end it."""
    program = REAL_PARTS["chromium"]()
    if program is None:
        raise SystemExit("Chromium is not installed")
    its_read, write = os.pipe()
    read, its_write = os.pipe()
    # The browser reads from 3 and writes to 4.
    shell = f'exec "$0" "$@" 3<&{its_read} 4>&{its_write}'
    process = subprocess.Popen(
        ["/bin/sh", "-c", shell, program, *FLAGS, f"--user-data-dir={profile}"],
        pass_fds=(its_read, its_write),
        stderr=subprocess.DEVNULL,
    )
    os.close(its_read)
    os.close(its_write)
    try:
        yield QuietChromium(read, write)
    finally:
        os.close(write)
        os.close(read)
        # Without its pipe it ends by itself.
        process.wait(timeout=30)

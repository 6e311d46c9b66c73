"""Measures every page and search of a large firm over HTTP: `make bench`, or SCALE=10 make bench.

Builds an installation under var/bench once, serves it as users get it, asks each page again and
again with one client and prints p50 and p95 in milliseconds beside the promise.
"""

import contextlib
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.bench.firm import richest_rows
from tests.browser.pages import PAGES, filled

SCALE = int(os.environ.get("SCALE", "100"))
ROUNDS = int(os.environ.get("ROUNDS", "30"))
HOME = Path("var/bench").absolute() / f"scale-{SCALE}"
PAGE_PROMISE, SEARCH_PROMISE, PREP_PROMISE = 300, 150, 400

# What of the large firm's lists and reports is heavier than their plain pages.
HEAVIER = {
    "seller": [
        "/deals?view=table",
        "/palette?q=est%C3%A1+caro",
        "/prep?stage=negotiation&persona=economic_buyer&industry=Log%C3%ADstica&heard=caro",
    ],
    "marketer": [
        "/reports/use?period=last365",
        "/reports/use?period=last365&order=deals",
        "/reports/use?period=last365&order=sellers",
        "/reports/use?period=last365&order=last",
        "/reports/use?period=last365&grade=1",
        "/reports/use?period=last365&grade=1&order=deals",
        "/reports/use?period=last365&grade=1&team=$team",
        "/reports/use?period=last365&list=unused&order=events",
    ],
    "manager": [
        "/deals?view=table&text=log&order=amount",
        "/reports/use",
        "/reports/revenue?period=last365",
        "/reports/revenue/deals?content=without",
    ],
}
QUERIES = [
    "preço",
    "objeção preço cfo",
    "manutencao",
    "integração com erp",
    "proposal",
    "case study logistics",
    "retorno em sete meses",
    "está caro",
    "negociaçao",
    "segurança da informação",
]


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(port: int, home: Path = HOME) -> dict[str, str]:
    """Return what the installation under measurement is set to."""
    return os.environ | {
        "CONTENTLIB_DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{home}/db"),
        "CONTENTLIB_STORAGE_URL": f"file:{home}/files",
        "CONTENTLIB_SEARCH_URL": f"whoosh:{home}/index",
        "CONTENTLIB_SECRET_KEY": "bench-only-0123456789-abcdefghijklmnop",
        "CONTENTLIB_BASE_URL": f"http://127.0.0.1:{port}",
        "CONTENTLIB_DEMO": "true",
    }


def contentlib(*words: str, env: dict[str, str]) -> None:
    """Run a command of the product and stop the measurement when it fails."""
    command = [sys.executable, "-m", "contentlib", *words]
    subprocess.run(command, env=env, check=True, stderr=subprocess.DEVNULL)


def prepare(env: dict[str, str]) -> None:
    """Build the installation once; a finished one is used again."""
    done = HOME / "ready"
    if done.exists():
        contentlib("db", "upgrade", env=env)
        return
    HOME.mkdir(parents=True, exist_ok=True)
    contentlib("demo", "--scale", str(SCALE), env=env)
    contentlib("search", "rebuild", env=env)
    done.touch()


@contextlib.contextmanager
def server(env: dict[str, str], port: int) -> Iterator[int]:
    """Serve the installation as users get it; gives the process id."""
    command = [sys.executable, "-m", "contentlib", "serve", "--port", str(port)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet)
    try:
        for _attempt in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        time.sleep(1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


class Browser:
    """One person at one browser."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.jar = CookieJar()
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))
        self.opener.addheaders = [("Accept-Language", "en")]

    def get(self, path: str) -> str:
        """Return a page's text."""
        with self.opener.open(self.base + path, timeout=60) as answer:
            return str(answer.read().decode())

    @property
    def cookies(self) -> dict[str, str]:
        """Return what proves who this is."""
        return {one.name: one.value or "" for one in self.jar}

    @property
    def cookie(self) -> str:
        """Return what proves who this is, as a header has it."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def sign_in(self, role: str) -> str:
        """Enter as the first demo person of a role; gives the person's id."""
        page = self.get("/sign-in")
        button = re.search(rf'id="as-{role}".*?action="(/demo/sign-in/(\d+))"', page, re.DOTALL)
        if button is None:
            raise SystemExit(f"the sign-in page offers no {role}")
        self.press(page, button[1])
        return button[2]

    def press(self, page: str, action: str) -> None:
        """Press a button of a page that does something."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        form = urlencode({"csrf_token": token[1] if token else ""}).encode()
        self.opener.open(self.base + action, data=form, timeout=60).read()

    def time(self, path: str) -> list[float]:
        """Return the milliseconds of each of several asks, after two that do not count."""
        taken = []
        for number in range(ROUNDS + 2):
            began = time.perf_counter()
            self.get(path)
            if number >= 2:
                taken.append((time.perf_counter() - began) * 1000)
        return taken


def row(name: str, taken: list[float], promise: int) -> bool:
    """Print one line of the table and tell whether the promise was kept."""
    p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[18]
    kept = p95 <= promise
    print(f"{name:58} {p50:8.1f} {p95:8.1f} {promise:8}  {'' if kept else 'OVER'}")
    return kept


def addresses_of(role: str, firm: dict[str, int]) -> tuple[dict[str, str], list[str]]:
    """Return the addresses to ask as a role by their pattern, and those the firm has no row for."""
    asked, left = {}, []
    for pattern in [*PAGES[role], *HEAVIER.get(role, [])]:
        try:
            asked[pattern] = filled(pattern, firm)
        except KeyError:
            left.append(pattern)
    asked.pop("/nowhere", None)
    return asked, left


def main() -> None:
    """Measure and print; ends with status 1 when a promise was broken."""
    port = free_port()
    env = environment(port)
    prepare(env)
    base, kept, not_asked = f"http://127.0.0.1:{port}", [], []
    print(
        f"scale {SCALE}, {ROUNDS} asks each, one client, {platform.python_version()}, "
        f"{os.cpu_count()} cores\n{'':58} {'p50 ms':>8} {'p95 ms':>8} {'promise':>8}"
    )
    with server(env, port):
        firm = richest_rows(env, Browser(base).sign_in("seller"))
        for role in ("seller", "marketer", "manager", "admin"):
            browser = Browser(base)
            browser.sign_in(role)
            asked, left = addresses_of(role, firm)
            for pattern, path in asked.items():
                promise = PREP_PROMISE if "prep" in pattern else PAGE_PROMISE
                kept.append(row(f"{role} {pattern}", browser.time(path), promise))
            not_asked += left
        browser = Browser(base)
        browser.sign_in("seller")
        for query in QUERIES:
            address = "/search?" + urlencode({"q": query})
            kept.append(row(f"search “{query}”", browser.time(address), SEARCH_PROMISE))
    print("not asked, as the demo firm has no row for them:", *not_asked)
    print(f"{sum(kept)} of {len(kept)} promises kept")
    sys.exit(not all(kept))


if __name__ == "__main__":
    main()

"""Measures buyers reading, all at once: make bench-buyers, or SECONDS=20 make bench-buyers.

Serves the demo firm as users get it, opens 50 pages of links a second and reports 1,000 events a
second from them, ten in a report, for two minutes. A request is late from the moment it was due,
not from when a sender had time for it. Afterwards the database is counted: each page opened is one
visit, each report that was answered is there once, with every event. Ends with status 1 where the
promise was broken, or something was lost or doubled.
"""

import json
import os
import platform
import queue
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.app import create_app
from contentlib.core.db import db
from contentlib.deals.models import Deal
from contentlib.library.models import Asset, Audience, Status
from contentlib.sharing.visits.models import Beacon, Visit
from tests.bench import pages

SECONDS = float(os.environ.get("SECONDS", "120"))
PAGES_A_SECOND, REPORTS_A_SECOND, EVENTS = 50, 100, 10
LINKS, SENDERS = 50, 24
P99_PROMISE = 250
"""What is promised, in milliseconds."""


@dataclass
class Opened:
    """A page of a link as a buyer has it open."""

    token: str
    key: str
    since: float
    load: int
    reports: int = 0
    told_ms: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Taken:
    """What came of many requests: how long each took from when it was due, and its status."""

    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __str__(self) -> str:
        taken = self.milliseconds
        p50, p99 = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
        statuses = ", ".join(f"{count} × {status}" for status, count in self.statuses.items())
        return f"p50 {p50:6.1f}  p99 {p99:6.1f}  max {max(taken):6.1f} ms   {statuses}"

    @property
    def p99(self) -> float:
        """Return what 99 of 100 were faster than."""
        return statistics.quantiles(self.milliseconds, n=100)[98]


class Buyers:
    """All buyers together: what they have open and what they were answered."""

    def __init__(self, base: str, tokens: list[str]) -> None:
        self.netloc, self.tokens = urlsplit(base).netloc, tokens
        self.opened: list[Opened] = []
        self.pages, self.reports = Taken(), Taken()
        self.chance = random.Random(3)

    def open_page(self, line: HTTPConnection, number: int) -> int:
        """Open a link's page as somebody who was never there."""
        token = self.tokens[number % len(self.tokens)]
        agent = f"Mozilla/5.0 (Buyer {number}) AppleWebKit/537.36 Chrome/140.0.0.0"
        headers = {"User-Agent": agent, "Accept-Language": "pt-BR"}
        since = time.monotonic()
        line.request("GET", f"/s/{token}", headers=headers)
        answer = line.getresponse()
        found = re.search(r'data-visit="([^"]+)"', answer.read().decode())
        if found:
            load = self.chance.getrandbits(21)
            self.opened.append(Opened(token, found[1], since, load))
        return answer.status

    def report(self, line: HTTPConnection, number: int) -> int:
        """Report ten events from one of the pages opened lately."""
        page = self.opened[-1 - number % min(len(self.opened), 500)]
        with page.lock:
            now, place = int((time.monotonic() - page.since) * 1000), page.reports
            page.reports += 1
            events: list[list[Any]] = [["s", 1, 1, page.told_ms, now]]
            events += [["i", now, "wheel", 1] for _ in range(EVENTS - 1)]
            page.told_ms = now
        body = {
            "visit": page.key,
            "number": page.load * 1024 + place,
            "now": now,
            "events": events,
        }
        line.request("POST", f"/s/{page.token}/seen", body=json.dumps(body))
        answer = line.getresponse()
        answer.read()
        return answer.status

    def work(self, due: "queue.Queue[tuple[float, str, int] | None]") -> None:
        """Do what is due, one thing after the other, on a connection of one's own."""
        line = HTTPConnection(self.netloc, timeout=30)
        acts: dict[str, tuple[Callable[[HTTPConnection, int], int], Taken]] = {
            "page": (self.open_page, self.pages),
            "report": (self.report, self.reports),
        }
        while (task := due.get()) is not None:
            at, what, number = task
            act, taken = acts[what]
            try:
                status = act(line, number)
            except (HTTPException, OSError):
                line.close()
                status = 599
            taken.milliseconds.append((time.monotonic() - at) * 1000)
            taken.statuses[status] += 1
        line.close()


def run(base: str, tokens: list[str], seconds: float) -> Buyers:
    """Let buyers come and read for some time, each at the moment that is theirs."""
    buyers = Buyers(base, tokens)
    due: queue.Queue[tuple[float, str, int] | None] = queue.Queue()
    senders = [threading.Thread(target=buyers.work, args=(due,)) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    began = time.monotonic()
    plan = [(n / PAGES_A_SECOND, "page", n) for n in range(int(seconds * PAGES_A_SECOND))]
    reports = int((seconds - 1) * REPORTS_A_SECOND)
    plan += [(1 + n / REPORTS_A_SECOND, "report", n) for n in range(reports)]
    for at, what, number in sorted(plan):
        time.sleep(max(0.0, began + at - time.monotonic()))
        due.put((began + at, what, number))
    for _ in senders:
        due.put(None)
    for sender in senders:
        sender.join()
    return buyers


def links(env: dict[str, str]) -> list[str]:
    """Make links by the product's own command and return their tokens."""
    with mock.patch.dict(os.environ, env):
        app = create_app()
    with app.app_context():
        deal = db.session.scalars(select(Deal).where(Deal.owner_id.is_not(None)).limit(1)).one()
        email = db.session.get_one(User, deal.owner_id).email
        shareable = select(Asset.id).where(
            Asset.audience == Audience.SHAREABLE, Asset.status == Status.PUBLISHED
        )
        asset_id, deal_id = db.session.scalars(shareable.limit(1)).one(), deal.id
        db.session.remove()
        db.engine.dispose()
    words = ["share", "create", "--deal", str(deal_id), "--assets", str(asset_id), "--by", email]
    command = [sys.executable, "-m", "contentlib", *words, "--count", str(LINKS), "--json"]
    made = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    return [link["token"] for link in json.loads(made.stdout)]


def kept(env: dict[str, str]) -> tuple[int, int, int]:
    """Count the visits, the reports and their events that the database has."""
    with mock.patch.dict(os.environ, env):
        app = create_app()
    with app.app_context():
        visits = db.session.scalar(select(func.count()).select_from(Visit)) or 0
        rows = db.session.scalars(select(Beacon.events)).all()
        return visits, len(rows), sum(len(events) - 1 for events in rows)


def main() -> None:
    """Measure, count and print; ends with status 1 when something was not as promised."""
    with tempfile.TemporaryDirectory() as folder:
        port = pages.free_port()
        # As a machine of so many cores is set up.
        env = {"CONTENTLIB_PROCESSES": str(os.cpu_count()), **pages.environment(port, Path(folder))}
        pages.contentlib("demo", env=env)
        before, tokens = kept(env), links(env)
        with pages.server(env, port):
            buyers = run(f"http://127.0.0.1:{port}", tokens, SECONDS)
        found = tuple(now - then for now, then in zip(kept(env), before, strict=True))
    opened, reported = buyers.pages.statuses[200], buyers.reports.statuses[204]
    wanted = (opened, reported, reported * EVENTS)
    print(f"{SECONDS:.0f} s, {platform.python_version()}, {os.cpu_count()} cores")
    print(f"buyer pages, {PAGES_A_SECOND}/s         {buyers.pages}")
    print(f"reports of {EVENTS}, {REPORTS_A_SECOND}/s       {buyers.reports}")
    print(f"visits, reports, events    {found}, answered {wanted}")
    answered = opened + reported == len(buyers.pages.milliseconds + buyers.reports.milliseconds)
    fast = max(buyers.pages.p99, buyers.reports.p99) <= P99_PROMISE
    sys.exit(0 if found == wanted and answered and fast else 1)


if __name__ == "__main__":
    main()

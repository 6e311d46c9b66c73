"""What traces are made of: agents, headers, pages loaded and looked at, hands and timers."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

_LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
_CHROME = _LIKE + " Chrome/{v}.0.0.0 Safari/537.36"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.{w}"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME}"
EDGE = CHROME + " Edg/{v}.0.0.0"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_APPLE} Safari/605.1.15"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{w} like Mac OS X) "
    f"{_APPLE} Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 1{w}; SM-A546E) "
    f"{_LIKE} Chrome/" + "{v}.0.0.0 Mobile Safari/537.36"
)
IN_TELEGRAM = ANDROID + " Telegram-Android/11.{w}.0 (Samsung SM-A546E; Android 14; SDK 34; HIGH)"
HEADLESS = f"Mozilla/5.0 (X11; Linux x86_64) {_LIKE} Headless" + "Chrome/{v}.0.0.0 Safari/537.36"
OLD_CHROME = f"Mozilla/5.0 (Windows NT 6.1; WOW64) {_CHROME}"
DESKTOPS, PHONES = (CHROME, EDGE, MAC, FIREFOX), (IPHONE, ANDROID, IN_TELEGRAM)
NAVIGATED = {"mode": "navigate", "site": "none", "dest": "document", "by_hand": "?1"}


@dataclass
class Trace:
    """One visit as it is kept: what was asked for, what was reported, and what is known besides."""

    random: Random
    asked: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    since_sent: float | None = None
    networks: int = 1
    who: str = ""
    verified: bool = False

    def agent(self, patterns: tuple[str, ...]) -> str:
        """Choose an agent of a likely version."""
        pattern = self.random.choice(patterns)
        return pattern.format(v=self.random.randint(118, 142), w=self.random.randint(1, 6))

    def ask(self, at: float, what: str, page: int | None = None, **facts: Any) -> None:
        """Note a request; facts that are empty are left out, as where they are kept."""
        told = {name: value for name, value in facts.items() if value}
        row = {"at": round(at, 3), "what": what, "page": page, "facts": told}
        self.asked.append(row)

    def browse(
        self, agent: str, *, at: float = 0.0, language: str = "", **facts: Any
    ) -> dict[str, Any]:
        """Ask for the page as a browser does, and return the facts of its requests."""
        chosen = language or self.random.choice(
            ("pt-BR,pt;q=0.9,en-US;q=0.8", "pt-BR", "en-US,en;q=0.9")
        )
        told = {"method": "GET", "agent": agent, "secure": True, "network": "198.51.100.0/24"}
        told |= {"language": chosen.strip(), **NAVIGATED} | facts
        self.ask(at, "page", **told)
        return told | {"mode": "no-cors", "site": "same-origin", "dest": "image", "by_hand": ""}

    def images(self, facts: dict[str, Any], times: dict[int, float]) -> None:
        """Ask for pictures of pages."""
        for page, at in sorted(times.items(), key=lambda pair: pair[1]):
            self.ask(at, "image", page, **facts)

    def look(
        self, spans: list[tuple[int, float, float]], inputs: list[tuple[float, str, bool]], *,
        latency: float = 0.1, ended: bool = True, load: int | None = None,
    ) -> None:  # fmt: skip
        """Report looking as the page's own script does, given (page, from, to) and inputs."""
        load = self.random.getrandbits(21) if load is None else load
        end = max([s[2] for s in spans] + [i[0] for i in inputs])
        cuts, cut = [], 3.0
        while cut < end:
            cuts.append(cut)
            cut += 10.0
        for place, (start, stop) in enumerate(zip([0.0, *cuts], [*cuts, end], strict=True)):
            events: list[list[Any]] = [
                ["s", 1, page, _ms(max(a, start)), _ms(min(b, stop))]
                for page, a, b in spans if a < stop and b > start
            ]  # fmt: skip
            events += [
                ["i", _ms(at), kind, int(hand)]
                for at, kind, hand in inputs
                if start <= at < stop or (at == stop == end)
            ]
            if ended and stop == end:
                events.append(["e", _ms(stop)])
            late = latency + self.random.uniform(0, 0.05)
            report = {"number": load * 1024 + place, "arrived": _ms(stop + late), "now": _ms(stop)}
            self.reports.append(report | {"events": events})

    def by_hand(
        self, until: float, kinds: tuple[str, ...], *, start: float = 0.8, mean: float = 2.0
    ) -> list[tuple[float, str, bool]]:
        """Move as hands do: bursts and pauses, whose lengths have a long tail."""
        at, moves = start + self.random.uniform(0, 1), []
        while at < until:
            moves.append((at, self.random.choice(kinds), True))
            at += max(0.26, self.random.lognormvariate(0, 0.9) * mean)
        return moves or [(min(start, until), kinds[0], True)]

    def by_timer(
        self, until: float, kind: str, every: float, *, start: float = 0.6, trusted: bool = True
    ) -> list[tuple[float, str, bool]]:
        """Move as a loop with a fixed wait does; timers differ by a few milliseconds."""
        at, moves = start, []
        while at < until:
            moves.append((at, kind, trusted))
            at += every + self.random.uniform(0, 0.012)
        return moves

    def leafing(self, pages: int, mean: float) -> list[tuple[int, float, float]]:
        """Look at pages one after the other, for as long as each is worth to somebody."""
        at, spans = 0.3, []
        for page in range(1, pages + 1):
            stay = max(0.5, self.random.lognormvariate(0, 0.7) * mean)
            spans.append((page, at, at + stay))
            at += stay
        return spans

    def evenly(self, pages: int, each: float) -> list[tuple[int, float, float]]:
        """Look at pages one after the other, each for the same time."""
        starts = [0.3 + n * each for n in range(pages)]
        return [
            (n + 1, at, at + each + self.random.uniform(-0.01, 0.01)) for n, at in enumerate(starts)
        ]


def _ms(seconds: float) -> int:
    return max(0, round(seconds * 1000))

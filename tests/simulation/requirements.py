"""What is required of the reports before their numbers may be shown, and whether they meet it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.simulation.scores import Score

# A judgement of fewer worlds would be one of luck.
FEWEST_WORLDS = 8
# The scenarios of one size by name, and all of them pooled.
Scores = Mapping[str, Score]


@dataclass(frozen=True)
class Finding:
    """A requirement, what was seen, and whether that is enough; none where it was not judged."""

    deals: int
    requirement: str
    seen: str
    met: bool | None

    def __str__(self) -> str:
        word = {True: "met", False: "NOT MET", None: "not judged"}[self.met]
        return f"{self.deals:,} deals: {self.requirement}: {self.seen}: {word}"


def findings(deals: int, scores: Scores, pooled: Score, scenarios: int) -> Iterator[Finding]:
    """Judge what ran of one size, of so many scenarios that there are.

    What is asked of every scenario is judged by the worst of them. What is asked of all together
    needs all of them; nothing is judged by fewer than eight worlds a scenario.
    """
    enough = all(one.worlds >= FEWEST_WORLDS for one in scores.values())
    complete = len(scores) == scenarios
    for requirement, seen, met, needs_all in _asked(deals, scores, pooled):
        judge = enough and (complete or not needs_all)
        yield Finding(deals, requirement, seen, met if judge else None)


# A requirement, what was seen, whether it is met, and whether it takes all scenarios to tell.
Asked = tuple[str, str, bool, bool]


def _asked(deals: int, scores: Scores, pooled: Score) -> Iterator[Asked]:
    if deals == 600:
        yield _each("not enough data for at least .90", scores, lambda _, one: one.silent - 0.90)
    if deals == 4_000:
        yield _each("coverage at least .94 (.92 with quality)", scores, _coverage_at_4000)
        yield _each("mean bias within ±1.2 points", scores, lambda _, one: 0.012 - abs(one.bias))
        yield _each("RMSE at most 5.5 points", scores, lambda _, one: 0.055 - one.rmse)
        share = pooled.false / pooled.flags if pooled.flags else 0.0
        seen = f"{pooled.false} of {pooled.flags}"
        yield "false share of all flags at most .10", seen, share <= 0.10, True
        if "null" in scores:
            quiet = scores["null"].quiet
            yield "no flag in 9 of 10 null worlds", f"{quiet:.0%} of them", quiet >= 0.9, False
    if deals == 40_000:
        yield _each("coverage at least .93", scores, lambda _, one: one.coverage - 0.93)
        yield _each("RMSE at most 2.5 points", scores, lambda _, one: 0.025 - one.rmse)
        yield "power at least .40", f"{pooled.power:.2f}", pooled.power >= 0.40, True


def _coverage_at_4000(scenario: str, one: Score) -> float:
    return one.coverage - (0.92 if scenario == "quality" else 0.94)


def _each(requirement: str, scores: Scores, margin: Callable[[str, Score], float]) -> Asked:
    """Judge every scenario: a margin below zero, or none since there is no number, is a failure."""
    failing = [name for name, one in scores.items() if not margin(name, one) >= 0]
    seen = "in every scenario" if not failing else f"not in {', '.join(failing)}"
    return requirement, seen, not failing, False

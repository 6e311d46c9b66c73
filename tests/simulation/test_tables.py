"""The tables say what was seen: scores by hand, the naive comparison, and the requirements."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from contentlib.reports.lift import Deals, Uses, Visits
from tests.simulation.__main__ import main, report
from tests.simulation.judging import judged
from tests.simulation.naive import naive
from tests.simulation.records import Records
from tests.simulation.requirements import FEWEST_WORLDS, Finding, findings
from tests.simulation.scenarios import SCENARIOS
from tests.simulation.scores import Said, Score, score

NOTHING = float("nan")


def said(truth: list[float], estimate: list[float], flag: list[int]) -> Said:
    values = np.array(estimate)
    return Said(np.array(truth), values, values - 0.02, values + 0.02, np.array(flag, np.bool_))


def test_a_score_is_what_one_counts_by_hand() -> None:
    first = said([0, 0.03, 0.05, 0], [0.01, 0.06, 0.05, NOTHING], [1, 1, 0, 0])
    second = said([0, 0.04], [NOTHING, NOTHING], [0, 0])
    one = score([first, second])
    assert (one.worlds, one.numbers, one.flags, one.false) == (2, 3, 2, 1)
    assert one.silent == 0.5
    assert one.coverage == pytest.approx(2 / 3)
    assert one.bias == pytest.approx(0.04 / 3)
    assert one.rmse == pytest.approx(math.sqrt((0.01**2 + 0.03**2) / 3))
    assert one.rank == pytest.approx(spearmanr([0, 3, 5], [1, 6, 5]).statistic)
    assert one.power == pytest.approx(1 / 3)
    assert one.quiet == 0.5


def test_a_score_of_silence_has_no_figures() -> None:
    one = score([said([0, 0.1], [NOTHING, NOTHING], [0, 0])])
    assert (one.silent, one.power, one.numbers) == (1, 0, 0)
    assert all(math.isnan(value) for value in (one.coverage, one.bias, one.rmse, one.rank))


def records(with_it: int, won_with: int, without: int, won_without: int) -> Records:
    """Give closed deals of which the first so many have asset 1, some of them twice."""
    won = np.repeat(
        [1, 0, 1, 0], [won_with, with_it - won_with, won_without, without - won_without]
    )
    count = len(won)
    zeros = np.zeros(count, np.int64)
    deal = np.r_[np.arange(with_it), np.arange(with_it // 2)]
    return Records(
        Deals(zeros, zeros + 2, won.astype(np.bool_), zeros),
        Visits(np.arange(count), zeros, zeros, zeros, zeros + 2),
        Uses(deal, deal * 0 + 1, deal * 0 + 1, np.zeros(len(deal), np.bool_)),
    )


def test_the_naive_comparison_counts_each_deal_once() -> None:
    one = naive(records(with_it=40, won_with=20, without=60, won_without=12), assets=3)
    error = math.sqrt(0.5 * 0.5 / 40 + 0.2 * 0.8 / 60)
    assert one.estimate[1] == pytest.approx(0.3)
    assert one.high[1] - one.low[1] == pytest.approx(2 * 1.96 * error)
    assert np.isnan(one.estimate[[0, 2]]).all()


def test_the_naive_comparison_is_silent_on_few_deals() -> None:
    assert np.isnan(naive(records(29, 20, 60, 12), assets=2).estimate).all()
    assert np.isnan(naive(records(60, 20, 29, 12), assets=2).estimate).all()


GOOD = Score(
    worlds=FEWEST_WORLDS,
    numbers=100,
    silent=0.95,
    coverage=0.95,
    bias=-0.005,
    rmse=0.02,
    rank=0.5,
    flags=10,
    false=1,
    power=0.5,
    quiet=1.0,
)


def found(deals: int, changed: dict[str, dict], pooled: Score = GOOD) -> list[Finding]:
    scores = {name: replace(GOOD, **changed.get(name, {})) for name in SCENARIOS}
    return list(findings(deals, scores, pooled, len(SCENARIOS)))


@pytest.mark.parametrize("deals", [600, 4_000, 40_000])
def test_good_figures_meet_every_requirement(deals: int) -> None:
    assert all(one.met for one in found(deals, {}))


@pytest.mark.parametrize(
    ("deals", "scenario", "figures"),
    [
        (600, "base", {"silent": 0.89}),
        (4_000, "base", {"coverage": 0.93}),
        (4_000, "quality", {"coverage": 0.91}),
        (4_000, "late", {"bias": -0.013}),
        (4_000, "late", {"bias": 0.013}),
        (4_000, "kits", {"rmse": 0.056}),
        (4_000, "null", {"quiet": 0.89}),
        (4_000, "base", {"coverage": NOTHING}),
        (40_000, "random", {"coverage": 0.92}),
        (40_000, "learning", {"rmse": 0.026}),
    ],
)
def test_one_bad_scenario_fails_one_requirement(deals: int, scenario: str, figures: dict) -> None:
    assert [one.met for one in found(deals, {scenario: figures})].count(False) == 1


def test_an_unobserved_quality_may_be_covered_less() -> None:
    assert all(one.met for one in found(4_000, {"quality": {"coverage": 0.925}}))


def test_false_flags_and_power_are_judged_over_all_scenarios() -> None:
    assert not all(one.met for one in found(4_000, {}, replace(GOOD, false=2)))
    assert not all(one.met for one in found(40_000, {}, replace(GOOD, power=0.39)))
    assert all(one.met for one in found(4_000, {}, replace(GOOD, false=0, flags=0)))


def test_nothing_is_judged_by_few_worlds_or_by_some_scenarios() -> None:
    few = found(4_000, {"base": {"worlds": FEWEST_WORLDS - 1, "coverage": 0.5}})
    assert {one.met for one in few} == {None}
    some = list(findings(40_000, {"base": GOOD}, replace(GOOD, power=0.1), len(SCENARIOS)))
    assert [one.met for one in some] == [True, True, None]


def test_a_small_firm_goes_through_to_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    worlds = [
        judged(SCENARIOS[name], 600, seed, sellers=8)
        for name in ("base", "null")
        for seed in (0, 1)
    ]
    seen = report(600, worlds)
    lines = capsys.readouterr().out.strip().splitlines()
    assert [line.split()[1] for line in lines] == [
        "600",
        lines[1].split()[1],
        "base",
        "null",
        "all",
    ]
    assert len({line.count("|") for line in lines}) == 1
    assert [line.split("|")[2].strip() for line in lines[2:]] == ["2", "2", "4"]
    assert [one.met for one in seen] == [None]
    for world in worlds:
        for one in (world.like_for_like, world.naive):
            given = ~np.isnan(one.estimate)
            assert (one.low[given] <= one.estimate[given]).all()
            assert (one.estimate[given] <= one.high[given]).all()
            assert not one.flag[~given].any()


def test_a_quick_run_prints_firms_figures_and_what_is_not_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--deals", "600", "--scenario", "base", "--worlds", "1", "--processes", "1"]) == 0
    firms, figures, judgement = capsys.readouterr().out.strip().split("\n\n")
    assert firms.startswith("| firm")
    assert figures.startswith("| 600 deals")
    assert judgement.endswith("not judged")

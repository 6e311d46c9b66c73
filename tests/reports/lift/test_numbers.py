"""Quantiles, calibration, shrinkage and false discoveries, beside those who know them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from contentlib.reports.lift.calibration import calibrate, weighted_median
from contentlib.reports.lift.judgement import discoveries
from contentlib.reports.lift.shrinkage import shrink
from contentlib.reports.lift.student import student_quantile
from contentlib.reports.lift.verdicts import needed


@pytest.mark.parametrize("level", [0.55, 0.9, 0.975, 0.9999])
def test_quantiles_of_student_are_those_of_scipy(level: float) -> None:
    freedom = np.concatenate((np.linspace(1, 50, 150), np.geomspace(50, 1e7, 50)))
    expected = stats.t.ppf(level, freedom)
    assert student_quantile(level, freedom) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("level", "freedom"), [(0.5, 3.0), (1.0, 3.0), (0.9, 0.5), (0.9, np.nan)])
def test_quantiles_of_nothing_are_refused(level: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="level"):
        student_quantile(level, np.array([freedom]))


def test_no_freedoms_have_no_quantiles() -> None:
    assert student_quantile(0.975, np.zeros(0)).tolist() == []


def test_the_median_by_weight() -> None:
    values = np.array([3.0, 1.0, 2.0, 9.0])
    assert weighted_median(values, np.array([1, 1, 1, 5])) == 9
    assert weighted_median(values, np.ones(4)) == 2.5
    assert weighted_median(values, np.array([1, 6, 1, 1])) == 1


@given(st.integers(0, 10**6))
def test_the_extra_spread_makes_the_middle_estimates_as_far_off_as_they_should(seed: int) -> None:
    draw = np.random.default_rng(seed)
    error = draw.uniform(0.01, 0.05, 60)
    estimate = draw.normal(0.03, np.hypot(error, draw.choice([0, 0.05])))
    usual = calibrate(estimate, error)
    assert usual.centre == weighted_median(estimate, error**-2)

    def beyond(extra: float) -> float:
        away = np.abs(estimate - usual.centre) / np.hypot(error, extra)
        return float(np.quantile(away, 0.6)) - 0.8416

    expected = optimize.brentq(beyond, 0, 10, xtol=1e-12) if beyond(0) > 0 else 0
    assert usual.extra == pytest.approx(expected, abs=1e-9)
    weight = error**-2 / (error**-2).sum()
    spread = error**2 + usual.extra**2
    assert usual.variance == pytest.approx(np.pi / 2 * (weight**2 * spread).sum())


def test_fourteen_assets_have_no_typical_one() -> None:
    fifteen = np.linspace(0.02, 0.04, 15)
    assert calibrate(fifteen, np.full(15, 0.02)).centre == pytest.approx(0.03)
    assert calibrate(fifteen[1:], np.full(14, 0.02)).centre == 0


def test_assets_that_are_all_alike_have_no_extra_spread() -> None:
    usual = calibrate(np.full(20, 0.03), np.full(20, 0.02))
    assert (usual.centre, usual.extra) == (pytest.approx(0.03), 0)


def test_shrinkage_is_the_integral_over_the_spread() -> None:
    draw = np.random.default_rng(4)
    error = draw.uniform(0.01, 0.06, 25)
    estimate = draw.normal(0.01, np.hypot(error, 0.04))

    def joint(spread: float) -> tuple[float, np.ndarray]:
        precision = 1 / (error**2 + spread**2)
        middle = (precision * estimate).sum() / precision.sum()
        density = stats.norm.pdf(estimate, middle, precision**-0.5).prod()
        density *= precision.sum() ** -0.5 * stats.halfnorm.pdf(spread, scale=0.1)
        return density, middle + spread**2 * precision * (estimate - middle)

    whole = integrate.quad(lambda spread: joint(spread)[0], 0, 1, epsabs=0)[0]
    means = integrate.quad_vec(lambda spread: np.multiply(*joint(spread)), 0, 1, epsabs=0)[0]
    assert shrink(estimate, error) == pytest.approx(means / whole, abs=1e-5)


def test_one_estimate_alone_is_its_own_centre() -> None:
    assert shrink(np.array([0.2]), np.array([0.05])) == pytest.approx([0.2])
    assert len(shrink(np.zeros(0), np.zeros(0))) == 0


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=30))
def test_false_discoveries_are_those_of_scipy(z: list[float]) -> None:
    p = 2 * stats.norm.sf(np.abs(z))
    assert discoveries(np.array(z)) == pytest.approx(stats.false_discovery_control(p))


def test_about_a_hundred_uses_show_thirteen_points() -> None:
    assert needed(0.3) == 98
    assert needed(0.5) == 117
    assert needed(1.0) == needed(0.0) == 30

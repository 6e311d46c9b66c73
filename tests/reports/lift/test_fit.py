"""The joint fit says what its definition says, and what others who fit such things say."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from contentlib.reports.lift.fit import equations, fit
from contentlib.reports.lift.sellers import sellers_of
from contentlib.reports.lift.variance import variance
from tests.reports.lift import reference
from tests.reports.lift.ledgers import Firm, counted, firm, one_day_stays

# Admitted and refused men, then women, of six departments of Berkeley in 1973.
# Bickel, Hammel and O'Connell, Sex Bias in Graduate Admissions, Science 1975.
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


def berkeley() -> Firm:
    """Every applicant is a deal, the department its stage, and men use the only asset."""
    department, won, man = [], [], []
    for number, counts in enumerate(BERKELEY):
        department += [number] * sum(counts)
        won += [True] * counts[0] + [False] * counts[1] + [True] * counts[2] + [False] * counts[3]
        man += [True] * (counts[0] + counts[1]) + [False] * (counts[2] + counts[3])
    men = np.flatnonzero(man)
    stages = np.array(department)[:, np.newaxis]
    sellers = np.ones(len(won), dtype=np.int64)
    return one_day_stays(stages, sellers, np.array(won), men, np.ones(len(men), dtype=np.int64))


def test_berkeley_did_not_prefer_men() -> None:
    admitted = counted(berkeley())
    cells = admitted.cells
    solved = fit(cells, admitted.first)
    sellers = sellers_of(admitted.rows, cells)
    error = np.sqrt(variance(admitted.rows, cells, admitted.first, solved, sellers))
    men = cells.treated_won.sum() / cells.treated.sum()
    others = cells.rows.sum() - cells.treated.sum()
    women = (cells.won.sum() - cells.treated_won.sum()) / others
    assert men - women == pytest.approx(0.142, abs=5e-4)
    assert solved.effects[0] == pytest.approx(-0.018, abs=5e-4)
    assert error[0] == pytest.approx(0.015, abs=5e-4)


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_alone_an_asset_has_the_risk_difference_of_mantel_and_haenszel(seed: int) -> None:
    alone = firm(seed, 40, assets=1, sellers=2, stages=2)
    rows = reference.long(alone)
    above, below = 0.0, 0.0
    part = rows.taking_part[:, 0]
    for stratum in np.unique(rows.stratum):
        here = part & (rows.stratum == stratum)
        used = here & (rows.first[:, 0] == 1)
        many, won = used.sum(), rows.won[used].sum()
        controls, controls_won = here.sum() - many, rows.won[here].sum() - won
        if here.any():
            above += (won * controls - controls_won * many) / here.sum()
            below += many * controls / here.sum()
    found = counted(alone)
    solved = fit(found.cells, found.first)
    assert solved.told[0] == (below > 0)
    assert solved.effects[0] == pytest.approx(above / below if below else 0)


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=15, deadline=None)
def test_the_equations_are_those_of_the_definition(seed: int, late: bool) -> None:
    any_firm = firm(seed, 30, assets=5 if seed % 2 else 30)
    found = counted(any_firm, late=late)
    matrix, right = equations(found.cells, found.first)
    expected = reference.equations(reference.long(any_firm, late=late))
    assert matrix == pytest.approx(expected[0], abs=1e-9)
    assert right == pytest.approx(expected[1], abs=1e-9)


def travelling(seed: int) -> Firm:
    """Deals with two stages and all uses, often several, in the second: no row ever leaves."""
    draw = np.random.default_rng(seed)
    count = 300
    used, asset = np.nonzero(draw.random((count, 4)) < 0.3)
    return one_day_stays(
        draw.integers(0, 2, (count, 2)),
        draw.integers(1, 9, count),
        draw.random(count) < 0.4,
        used,
        asset + 1,
    )


def ols(rows: reference.Long, cluster: reference.Table) -> object:
    dummies = (rows.stratum[:, np.newaxis] == np.unique(rows.stratum)).astype(float)
    return sm.OLS(rows.won, np.hstack((rows.first, dummies))).fit(
        cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}
    )


@pytest.mark.parametrize("seed", range(4))
def test_where_no_row_leaves_it_is_least_squares_with_a_dummy_for_each_stratum(seed: int) -> None:
    whole = travelling(seed)
    found = counted(whole)
    rows = reference.long(whole)
    solved = fit(found.cells, found.first)
    sellers = sellers_of(found.rows, found.cells)
    assert solved.effects == pytest.approx(ols(rows, rows.deal).params[:4])
    variances = []
    for cluster, many in ((rows.seller, sellers.weighty), (rows.deal, len(found.rows.won))):
        errors = ols(rows, cluster).bse[:4]
        variances.append(errors**2 * many / (many - 1))
    computed = variance(found.rows, found.cells, found.first, solved, sellers)
    assert computed == pytest.approx(np.maximum(*variances))


@pytest.mark.parametrize("seed", range(4))
def test_alone_an_asset_has_the_clustered_error_of_least_squares(seed: int) -> None:
    alone = firm(seed, 80, assets=1, uses=1, sellers=3, stages=2)
    rows = reference.long(alone)
    part = rows.taking_part[:, 0]
    taking = reference.Long(*[getattr(rows, name)[part] for name in rows.__annotations__])
    found = counted(alone)
    solved = fit(found.cells, found.first)
    sellers = sellers_of(found.rows, found.cells)
    by_seller, by_deal = (ols(taking, one).bse[0] for one in (taking.seller, taking.deal))
    many, deals = sellers.weighty[0], len(found.rows.won)
    expected = max(by_seller**2 * many / (many - 1), by_deal**2 * deals / (deals - 1))
    computed = variance(found.rows, found.cells, found.first, solved, sellers)
    assert solved.effects[0] == pytest.approx(ols(taking, taking.deal).params[0])
    assert computed[0] == pytest.approx(expected)


def test_assets_that_always_go_together_are_not_told_and_harm_no_other() -> None:
    whole = travelling(1)
    used = np.flatnonzero(whole.uses.asset == 1)
    deal, at = whole.uses.deal[used], whole.uses.at[used]
    twin = type(whole.uses)(
        np.concatenate((whole.uses.deal, deal)),
        np.concatenate((whole.uses.asset, np.full(len(used), 9))),
        np.concatenate((whole.uses.at, at)),
        np.zeros(len(whole.uses.at) + len(used), dtype=np.bool_),
    )
    found, single = counted(Firm(whole.deals, whole.visits, twin)), counted(whole)
    both, one = fit(found.cells, found.first), fit(single.cells, single.first)
    assert both.told.tolist() == [False, True, True, True, False]
    assert both.effects[1:4] == pytest.approx(one.effects[1:4])
    assert both.effects[[0, 4]] == pytest.approx(one.effects[0] / 2)


def test_an_asset_without_any_control_says_nothing() -> None:
    stages, sellers = np.zeros((6, 1), dtype=np.int64), np.ones(6, dtype=np.int64)
    won = np.arange(6) < 3
    found = counted(one_day_stays(stages, sellers, won, np.arange(6), np.ones(6, dtype=np.int64)))
    solved = fit(found.cells, found.first)
    assert solved.effects.tolist() == [0]
    assert not solved.told[0]

"""Adjusted probabilities, against their authors' example and another program's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from contentlib.reports.rates.discovery import adjusted

probabilities = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.01, 0.04, 0.05, 1.0])), max_size=60
)
# Benjamini and Hochberg (1995), section 3: fifteen comparisons of two treatments.
THEIRS = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
THEIRS += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]


def test_their_example_has_four_findings() -> None:
    q = adjusted(THEIRS)
    assert (q <= 0.05).tolist() == [True] * 4 + [False] * 11
    assert q[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])


@given(probabilities)
def test_they_are_what_statsmodels_gives(given_ones: list[float]) -> None:
    if given_ones:
        theirs = multipletests(given_ones, method="fdr_bh")[1]
        assert adjusted(given_ones) == pytest.approx(theirs)


@given(probabilities)
def test_they_are_no_smaller_and_in_the_same_order(given_ones: list[float]) -> None:
    p, q = np.array(given_ones), adjusted(given_ones)
    assert (q >= p * (1 - 1e-12)).all()
    assert (np.diff(q[np.argsort(p)]) >= 0).all()
    assert (adjusted(p[::-1])[::-1] == q).all()


@pytest.mark.parametrize("wrong", [[0.5, np.nan], [-0.1], [1.1], [[0.5]]])
def test_what_is_no_probability_is_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        adjusted(wrong)

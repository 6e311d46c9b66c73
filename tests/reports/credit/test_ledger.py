"""Every table of credit adds up to booked revenue, whatever its lines are."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.credit import (
    Model,
    Span,
    credit,
    ledger,
    spans,
    without_content,
)
from tests.reports.credit.oracle import Touch, Won, won

models = st.sampled_from(list(Model))


@given(models, won, st.integers(1, 4))
def test_a_table_by_anything_adds_up_to_booked_revenue(
    model: Model, deals: Won, kinds: int
) -> None:
    amounts, touches = deals.columns()
    table = ledger(model, amounts, touches, by=touches.id % kinds)
    assert sum(table.credit.values()) + table.uncredited == table.booked == sum(deals.amounts)
    assert table.credited == sum(table.credit.values())
    assert table.booked_deals == len(deals.amounts)
    assert table.uncredited_deals == without_content(model, len(amounts), touches).sum()


@given(models, won)
def test_each_line_has_its_credit_its_deals_and_what_it_touched(model: Model, deals: Won) -> None:
    amounts, touches = deals.columns()
    shares = credit(model, amounts, touches)
    table = ledger(model, amounts, touches, touches.asset, shares)
    for line in {touch.asset for touch in deals.touches}:
        on = {touch.deal for touch in deals.touches if touch.asset == line}
        assert table.deals.pop(line) == len(on)
        assert table.touched.pop(line) == sum(deals.amounts[deal] for deal in on)
        assert table.credit.pop(line) == shares[touches.asset == line].sum()
    assert table.deals == table.touched == table.credit == {}


@given(models, won)
def test_no_line_gets_more_than_it_touched(model: Model, deals: Won) -> None:
    deals = Won([abs(amount) for amount in deals.amounts], deals.touches)
    amounts, touches = deals.columns()
    table = ledger(model, amounts, touches, by=touches.asset)
    assert all(0 <= table.credit[line] <= touched for line, touched in table.touched.items())


def test_the_overlap_factor_is_touched_over_booked_revenue() -> None:
    two = [Touch(0, 1, 0, 1, 0), Touch(0, 2, 0, 2, 0), Touch(0, 2, 0, 3, 0)]
    amounts, touches = Won([600, 200], two).columns()
    assert ledger(Model.LINEAR, amounts, touches, by=touches.asset).overlap == Fraction(3, 2)
    assert ledger(Model.LINEAR, amounts * 0, touches, by=touches.asset).overlap is None
    assert ledger(Model.LINEAR, *Won([], []).columns(), by=amounts[:0]).overlap is None


def test_the_range_over_models_counts_a_line_that_a_table_lacks_as_nothing() -> None:
    found = spans([{1: 10, 2: 7}, {1: 30}, {1: 20, 3: -5}])
    assert found == {1: Span(10, 30), 2: Span(0, 7), 3: Span(-5, 0)}
    assert spans([]) == {}

"""The won revenue of a scope, shared by each model and added up for the lines of a table."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from contentlib.core.db import db
from contentlib.deals.models import Outcome
from contentlib.library.models import Asset
from contentlib.reports.credit import ByPaths, Ledger, Model, credits_by, ledger, ledgers, markov
from contentlib.reports.revenue_scope import Axis, Scope
from contentlib.reports.revenue_touches import Touched, touched_in

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Credited:
    """The won deals of a scope and their touches, which are read once for all tables."""

    scope: Scope
    won: Touched

    @classmethod
    def of(cls, scope: Scope) -> "Credited":
        """Read what a scope is about."""
        return cls(scope, touched_in(scope, Outcome.WON))

    def table(self, axis: Axis) -> Ledger:
        """Return the table by the model of the scope."""
        model, won = self.scope.model, self.won
        if isinstance(model, ByPaths):
            return self._by_paths(axis)
        return ledger(model, won.amounts, won.shared_among, lines_of(won, axis))

    def tables(self, axis: Axis) -> dict[Model, Ledger]:
        """Return the tables by all models that share each deal by itself."""
        won = self.won
        shares = credits_by(list(Model), won.amounts, won.shared_among)
        return ledgers(shares, won.amounts, won.shared_among, lines_of(won, axis))

    def _by_paths(self, axis: Axis) -> Ledger:
        """Return the table by the removal effect on the value of all closed deals.

        What has a touch on lost deals alone is on no path to a win, so that it has no line.
        """
        won = self.won
        table = ledger(Model.LINEAR, won.amounts, won.shared_among, lines_of(won, axis))
        closed = touched_in(self.scope, Outcome.WON, Outcome.LOST)
        ids, codes = np.unique(lines_of(closed, axis), return_inverse=True)
        paths = markov.paths_of(closed.amounts, closed.deals["won"], closed.shared_among, codes)
        effects = markov.removal_effects(paths, len(ids))
        credit = markov.credit(effects.value, table.credited)
        told = dict(zip(ids.tolist(), credit.tolist(), strict=True))
        return replace(table, credit={line: told[line] for line in table.credit})


def lines_of(touched: Touched, axis: Axis) -> Whole:
    """Return the line that each touch belongs to."""
    if axis is Axis.TYPE:
        rows = db.session.execute(select(Asset.id, Asset.type_id))
        types = {row[0]: row[1] for row in rows}
        ids, places = np.unique(touched.touches["asset"], return_inverse=True)
        return np.array([types[asset] for asset in ids.tolist()], dtype=np.int64)[places]
    return touched.touches[axis.value].astype(np.int64)

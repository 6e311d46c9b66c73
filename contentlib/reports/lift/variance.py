"""How uncertain an effect is where rows of one seller, or of one deal, are no independent rows."""

import numpy as np

from contentlib.reports.lift.cells import Cells
from contentlib.reports.lift.deal_scores import deal_scores
from contentlib.reports.lift.first_uses import FirstUses
from contentlib.reports.lift.fit import Fit
from contentlib.reports.lift.residuals import residuals
from contentlib.reports.lift.rows import Rows
from contentlib.reports.lift.runs import Reals
from contentlib.reports.lift.sellers import Sellers, by_seller


def variance(rows: Rows, cells: Cells, first: FirstUses, solved: Fit, sellers: Sellers) -> Reals:
    """Return the variance of each effect, clustered by seller and by deal, the larger of the two.

    With A the matrix of the equations and u_j the sum of the scores of cluster j it is the diagonal
    of J/(J-1) inv(A) (sum over j of u_j u_j') inv(A)'. J counts the sellers with a weight for the
    asset, or all deals. Source: Liang and Zeger, Longitudinal Data Analysis Using Generalized
    Linear Models, Biometrika 1986; Cameron and Miller, A Practitioner's Guide to Cluster-Robust
    Inference, Journal of Human Resources 2015.
    """
    left = residuals(cells, first, solved.effects)
    squares = np.zeros(cells.assets)
    for score in by_seller(rows, cells, left.score):
        squares += ((score @ solved.inverse.T) ** 2).sum(axis=0)
    scores = deal_scores(rows, cells, first, solved.effects, left.mean)
    by_deal = ((solved.inverse @ scores) * solved.inverse).sum(axis=1)
    weighty, deals = np.maximum(2, sellers.weighty), max(2, len(rows.won))
    return np.maximum(squares * weighty / (weighty - 1), by_deal * deals / (deals - 1))

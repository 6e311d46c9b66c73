"""How the revenue of won deals is shared among the content used on them; pure arithmetic.

Credit is bookkeeping, not an effect: it says how booked revenue is divided by a rule, and its sum
is booked revenue, to the cent.
"""

from contentlib.reports.credit.journeys import Touches
from contentlib.reports.credit.ledger import Ledger, Span, ledger, ledgers, spans
from contentlib.reports.credit.markov import ByPaths
from contentlib.reports.credit.sharing import credit, credits_by, without_content
from contentlib.reports.credit.weights import Model

__all__ = [
    "ByPaths",
    "Ledger",
    "Model",
    "Span",
    "Touches",
    "credit",
    "credits_by",
    "ledger",
    "ledgers",
    "spans",
    "without_content",
]

"""Closed deals with their touches and stays, as columns of numbers; kept by month, never behind."""

from contentlib.reports.facts.columns import Facts
from contentlib.reports.facts.months import closed_between

__all__ = ["Facts", "closed_between"]

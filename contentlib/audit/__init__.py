"""What was decided, by whom and when: entries that nobody can change without its being seen.

Write one with ``record`` where the fact is decided, in the transaction of the fact.
"""

from contentlib.audit.actions import Action
from contentlib.audit.service import differences, plain, record

__all__ = ["Action", "differences", "plain", "record"]

"""What is said rather than sent, and what therefore counts as its use; pure."""

from contentlib.usage.models import Grade

# Types of materials, by their keys.
SPOKEN = frozenset({"objection", "script", "battlecard"})


def counts_from(type_key: str, grade: int) -> int:
    """Return the grade of evidence, 1 to 5, from which on something is use of a material.

    That is the firm's own grade; but words are copied and spoken, and nobody sends them, so that
    of them a copy (E2) says it.
    """
    return int(Grade.TAKEN) if type_key in SPOKEN else grade

"""Whether a search only carries on the one before: letters added, taken away or put right.

People type with answers coming in, so that one wish leaves a trail of searches. Only the last of a
trail is kept. What is no trail is a second thought: other words, or the same with a word left out,
of which the first search tells marketing most, since it found nothing.

Both texts are folded words with single spaces. Everything here is pure.
"""

SHORT, LONG = 3, 8
"""So many letters make a word in which one slip is likely, and one in which two are."""


def carries_on(before: str, now: str) -> bool:
    """Tell whether somebody who typed one thing and then the other meant the same by both."""
    return _adds(before, now) or _erases(before, now) or _puts_right(before, now)


def _adds(before: str, now: str) -> bool:
    """Letters at the end, or words anywhere."""
    return now.startswith(before) or set(before.split()) <= set(now.split())


def _erases(before: str, now: str) -> bool:
    """Letters of the last word only: `valorr` to `valor`, but not a whole word."""
    return bool(now) and before.startswith(now) and " " not in before[len(now) :]


def _puts_right(before: str, now: str) -> bool:
    """The same words but for slips of the finger; of the last one perhaps only its beginning."""
    typed, meant = before.split(), now.split()
    if len(typed) > len(meant):
        return False
    *earlier, last = zip(typed, meant, strict=False)
    alike = all(slips(one, other)[-1] <= _allowed(one) for one, other in earlier)
    return alike and min(slips(*last)) <= _allowed(last[0])


def _allowed(word: str) -> int:
    return (len(word) >= SHORT) + (len(word) >= LONG)


def slips(typed: str, meant: str) -> list[int]:
    """Return how many slips turn each beginning of a word, the whole one last, into what was typed.

    A slip is a letter too many, too few or wrong, or two that changed places (optimal string
    alignment).
    """
    earlier: list[int] = []
    row = list(range(len(meant) + 1))
    for place, letter in enumerate(typed, start=1):
        following = [place]
        for column, wanted in enumerate(meant, start=1):
            best = min(following[-1] + 1, row[column] + 1, row[column - 1] + (letter != wanted))
            if place > 1 < column and (letter, typed[place - 2]) == (meant[column - 2], wanted):
                best = min(best, earlier[column - 2] + 1)
            following.append(best)
        earlier, row = row, following
    return row

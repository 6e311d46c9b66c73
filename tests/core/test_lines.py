"""Names and texts hold what a person sees, and nothing else."""

import pytest

from contentlib.core.lines import one_line, visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana\t Lima \n", "Ana Lima"),
        ("Ana\x0bLima\x85Souza\u2028Reis", "Ana Lima Souza Reis"),
        ("A\0n\x1b\x07a", "Ana"),
        ("Ana \u202eamiL\u202c", "Ana amiL"),
        ("\u2066Ana\u2069\u200f\u061c", "Ana"),
        ("A\u200bn\ufeffa\u00ad\u2060", "Ana"),
        ("Ana\ud800", "Ana"),
        ("Jose\u0301", "José"),
        ("\u202e\u200b", ""),
    ],
)
def test_a_name_is_one_line_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize("text", ["Time 👩\u200d💻", "❤\ufe0f\u200d🔥", "می\u200cخواهم", "🫩"])
def test_what_holds_emoji_and_letters_together_stays(text: str) -> None:
    assert one_line(text) == text
    assert visible(text) == text


@pytest.mark.parametrize("typed", ["An\u200da", "Ana\u200d", "\u200dAna", "A\u200c\u200dna"])
def test_a_joiner_that_joins_nothing_goes(typed: str) -> None:
    assert one_line(typed) == "Ana"


def test_a_text_keeps_its_lines_and_tabs() -> None:
    assert visible("Oi,\r\n\r\n\tum\u202e dois\rtrês\n") == "Oi,\n\n\tum dois\ntrês\n"

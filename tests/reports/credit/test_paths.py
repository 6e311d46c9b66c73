"""The command that credits a file of paths by every model, and what it says of a bad one."""

import csv
import io
import json
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from contentlib.reports.cli import report
from contentlib.reports.credit import Model
from contentlib.reports.credit.journeys import Journeys
from contentlib.reports.credit.markov import Paths
from contentlib.reports.credit.path_file import UnreadableError, read_paths
from contentlib.reports.credit.paths import credit_paths
from contentlib.reports.credit.weights import BY_PLACE
from tests.reports.credit.oracle import Touch, weights

HEADER = "path;conversions;value;nulls"
MODELS = ["first", "last", "linear", "linear_unique", "u", "j", "inverse_j", "markov"]
Row = tuple[list[str], float, float, float]
row = st.tuples(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=6),
    st.integers(0, 80).map(lambda eighths: eighths / 8),
    st.integers(-99, 999).map(lambda cents: cents / 100),
    st.integers(0, 20).map(float),
)


def text_of(rows: list[Row]) -> str:
    lines = [f"{' > '.join(path)};{';'.join(map(str, numbers))}" for path, *numbers in rows]
    return "\n".join([HEADER, *lines, ""])


def credited(text: str | bytes) -> dict[str, dict[str, tuple[float, float]]]:
    raw = text.encode() if isinstance(text, str) else text
    named = read_paths(io.BytesIO(raw))
    return {
        model: dict(
            zip(
                named.names,
                zip(credit.conversions.tolist(), credit.value.tolist(), strict=True),
                strict=True,
            )
        )
        for model, credit in credit_paths(named.paths, len(named.names)).items()
    }


def command(tmp_path: Path, text: str | bytes, *options: str) -> Result:
    file = tmp_path / "paths.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return CliRunner().invoke(report, ["paths", str(file), *options])


@given(st.lists(row, min_size=1, max_size=9))
def test_models_by_place_are_what_their_definitions_say(rows: list[Row]) -> None:
    found = credited(text_of(rows))
    for model in BY_PLACE:
        sums = {name: [0.0, 0.0] for path, *_numbers in rows for name in path}
        for path, conversions, value, _nulls in rows:
            by_model = weights(model, [Touch(0, ord(n), k, k, 0) for k, n in enumerate(path)])
            for name, weight in zip(path, by_model, strict=True):
                sums[name][0] += conversions * weight / sum(by_model)
                sums[name][1] += value * weight / sum(by_model)
        for name, (conversions, value) in sums.items():
            assert found[model.value].pop(name) == pytest.approx((conversions, value), abs=1e-9)
        assert found[model.value] == {}


@given(st.lists(row, min_size=1, max_size=9))
def test_every_model_adds_up_to_the_file(rows: list[Row]) -> None:
    found = credited(text_of(rows))
    assert list(found) == MODELS
    conversions, value = (sum(row[place] for row in rows) for place in (1, 2))
    for model, names in found.items():
        sums = [sum(column) for column in zip(*names.values(), strict=True)]
        nothing = model == "markov" and not any(row[1] for row in rows)
        assert sums[0] == pytest.approx(0 if nothing else conversions, abs=1e-9)
        if not nothing:
            assert sums[1] == pytest.approx(value, abs=1e-9)


@given(st.lists(row, min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(rows: list[Row], chance: random.Random) -> None:
    found, shuffled = (credited(text_of(order)) for order in (rows, chance.sample(rows, len(rows))))
    for model, names in found.items():
        assert list(shuffled[model]) == list(names)
        for name, pair in names.items():
            assert shuffled[model][name] == pytest.approx(pair, abs=1e-9)


def test_the_command_prints_every_model_as_json(tmp_path: Path) -> None:
    text = f"{HEADER}\na > b > c;1;60;0\na;0;0;1\nb > c;0;0;1\n"
    result = command(tmp_path, text, "--format", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)["models"]
    assert list(found) == MODELS
    assert found["first"] == {
        "a": {"conversions": 1, "value": 60},
        "b": {"conversions": 0, "value": 0},
        "c": {"conversions": 0, "value": 0},
    }
    assert found["markov"]["b"] == pytest.approx({"conversions": 0.4, "value": 24})


def test_the_command_prints_every_model_as_csv(tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(command(tmp_path, f"{HEADER}\na > b;3;10.5;1\n").stdout)))
    assert rows[:3] == [
        ["model", "name", "conversions", "value"],
        ["first", "a", "3.0", "10.5"],
        ["first", "b", "0.0", "0.0"],
    ]
    assert [line[0] for line in rows[1::2]] == MODELS


def test_a_repeated_touch_counts_as_one_but_for_linear_unique() -> None:
    found = credited(f"{HEADER}\na > a > a > b;4;8;0\n")
    assert found["linear"]["a"] == (3, 6)
    assert found["linear_unique"]["a"] == (2, 4)
    assert found["u"]["a"] == pytest.approx((2.4, 4.8))
    assert found["markov"]["a"] == (2, 4)


def test_markov_shares_conversions_and_value_by_effects_of_their_own() -> None:
    found = credited(f"{HEADER}\na;1;90;0\nb;1;10;0\n")["markov"]
    assert found["a"] == pytest.approx((1, 90))
    assert found["b"] == pytest.approx((1, 10))


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEADER}\r\nação > b;1;2.5;0\r\n\r\n",
        f"{HEADER}\nação>b;1;2.5;0",
        f'{HEADER}\n"ação > b"; 1 ;2.5e0; 0.0\n',
        "Path; Conversions; Value; Nulls\n ação  >  b ;1;2.5;0\n",
    ],
)
def test_files_are_read_as_people_and_spreadsheets_write_them(text: str) -> None:
    assert credited(text)["first"] == {"ação": (1, 2.5), "b": (0, 0)}


def test_a_name_may_hold_what_separates_the_numbers() -> None:
    assert list(credited(f'{HEADER}\n"a;b > say ""c""";1;2;0\n')["last"]) == ["a;b", 'say "c"']


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the file is empty"),
        ("\ufeff\r\n\n", "the file is empty"),
        (f"{HEADER}\n", "the file has a header and no paths"),
        ("a > b;1;2;3\n", "line 1: the header must be path;conversions;value;nulls"),
        (f"{HEADER}\na;1;1;0\n\na > b;1;2\n", "line 4: there must be four fields"),
        (f"{HEADER}\n;1;1;0\n", "line 2: the path is empty"),
        (f"{HEADER}\na > > b;1;1;0\n", "line 2: a name in the path is empty"),
        (f"{HEADER}\na;one;1;0\n", "line 2: conversions must be a number such as 12.5, not 'one'"),
        (f"{HEADER}\na;1;1,5;0\n", "line 2: value must be a number such as 12.5, not '1,5'"),
        (f"{HEADER}\na;1;nan;0\n", "line 2: value must be a number"),
        (f"{HEADER}\na;1;1_000;0\n", "line 2: value must be a number"),
        (f"{HEADER}\na;1;1e400;0\n", "line 2: value must be a number"),
        (f"{HEADER}\na;1;1e16;0\n", "line 2: value must be at most 1,000,000,000,000,000"),
        (f"{HEADER}\na;1;;0\n", "line 2: value must be a number"),
        (f"{HEADER}\na;-1;1;0\n", "line 2: conversions must not be negative"),
        (f"{HEADER}\na;1;1;-1\n", "line 2: nulls must not be negative"),
        (f"{HEADER}\na;1;1;0\n".encode() + b"\xe7;1;1;0\n", "line 3: this is not UTF-8"),
        (f"{HEADER}\n{' > '.join(map(str, range(5001)))};1;1;0", "line 2: there are more than"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence_and_nothing_is_printed(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    result = command(tmp_path, text)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in result.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(report, ["paths", str(tmp_path / "none.csv")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such file" in result.stderr


def test_lines_are_read_one_by_one() -> None:
    def lines():
        yield HEADER.encode()
        yield b"a;1;1;-1"
        pytest.fail("what comes after a bad line is read")

    with pytest.raises(UnreadableError):
        read_paths(lines())


def test_an_empty_path_has_nobody_to_credit() -> None:
    nothing = Journeys(np.zeros(0, dtype=np.int64), np.array([0, 0]))
    paths = Paths(nothing, np.ones(1), np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="empty"):
        credit_paths(paths, 1)


def test_every_model_that_needs_no_more_than_a_path_is_offered() -> None:
    assert set(Model) - set(BY_PLACE) == {Model.DECAY, Model.CONFIRMED}

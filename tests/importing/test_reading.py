"""Files as people send them: any encoding and delimiter, broken rows, hostile cells."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contentlib.core.errors import Invalid
from contentlib.importing.delimited import LONGEST_LINE, Record, open_table, records
from contentlib.importing.survey import oddities


def read(content: bytes) -> list[Record]:
    stream = io.BytesIO(content)
    table = open_table(stream)
    stream.seek(table.body.byte)
    return list(records(stream, table))


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [record.cells for record in read(content)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_found_out(
    encoding: str, delimiter: str, end: str
) -> None:
    lines = ["título", "ação"], ["Negócio", "São Paulo"], ["x", "y"]
    content = end.join(delimiter.join(line) for line in lines).encode(encoding)
    table = open_table(io.BytesIO(content))
    assert table.header == ("título", "ação")
    assert cells(content) == [("Negócio", "São Paulo"), ("x", "y")]


def test_one_bad_byte_in_a_modern_file_costs_one_row() -> None:
    content = "a,b\nação,1\n".encode() + b"\xe7,2\n" + "éé,3\n".encode()
    assert [record.problem is None for record in read(content)] == [True, False, True]


def test_the_delimiter_that_excel_names_is_believed() -> None:
    assert cells(b"sep=;\na;b\n1,5;2\n") == [("1,5", "2")]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends() -> None:
    assert cells(b'a,b\n"1,""2""\n3",4\n5,6\n') == [('1,"2"\n3', "4"), ("5", "6")]


def test_a_row_knows_its_line_and_where_it_ends() -> None:
    content = b'a,b\n"1\n2",3\n\n4,5\n'
    found = read(content)
    assert [record.line for record in found] == [2, 5]
    stream = io.BytesIO(content)
    table = open_table(stream)
    stream.seek(found[0].end.byte)
    assert [row.cells for row in records(stream, table, found[0].end)] == [("4", "5")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"1", "more or fewer"),
        (b"1,2,3", "more or fewer"),
        (b"1,\x002", "NUL"),
        (b'"1,2\n3,4', "quotation"),
        (b"x" * 200_000 + b",2", "too long"),
    ],
)
def test_a_broken_row_is_named_and_the_others_are_read(row: bytes, words: str) -> None:
    content = b"a,b\n1,2\n" + row + (b"" if row.startswith(b'"') else b"\n3,4\n")
    found = read(content)
    broken = [record for record in found if record.problem]
    assert len(broken) == 1
    assert broken[0].line == 3
    assert words in str(broken[0].problem)
    assert found[0].cells == ("1", "2")


def test_a_line_of_many_megabytes_is_not_held_in_memory() -> None:
    content = b"a,b\n" + b"y" * (3 * LONGEST_LINE) + b",1\n5,6\n"
    found = read(content)
    assert [record.problem is None for record in found] == [False, True]
    assert found[-1].end.byte == len(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b";;\n1;2;3\n", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"%PDF-1.7", "table"),
        (b"a,B ,b\n1,2,3\n", "twice"),
        (",".join(f"c{n}" for n in range(201)).encode(), "201"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        open_table(io.BytesIO(content))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    content = b"a,b\n" + noise
    try:
        found = read(content)
    except Invalid:
        return
    assert all(record.problem or len(record.cells) == 2 for record in found)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=12))
def test_reading_by_portions_gives_the_same_rows(rows: list[tuple[str, str]]) -> None:
    body = "".join('"{}";"{}"\n'.format(*(c.replace('"', '""') for c in row)) for row in rows)
    content = ("a;b\n" + body).encode("utf-8", "replace")
    whole = read(content)
    stream = io.BytesIO(content)
    table = open_table(stream)
    place, parts = table.body, []
    while True:
        stream.seek(place.byte)
        record = next(records(stream, table, place), None)
        if record is None:
            break
        parts.append(record)
        place = record.end
    assert parts == whole


def test_values_written_in_two_ways_are_noticed() -> None:
    values = {"GTX Basic": 9, "GTX Plus Pro": 5, "GTXPro": 7, "MG Special": 1, "GTK 500": 1}
    assert oddities(values) == [("GTXPro", "GTX Pro", 7)]
    assert oddities({"Acme Ltda": 9, "ACME LTDA.": 1, "2024-01-01": 1, "20240101": 1}) == [
        ("ACME LTDA.", "Acme Ltda", 1)
    ]

"""What every virus scanner does, shown by the real daemon on both of its sockets."""

import io
import resource
from collections.abc import Iterator

import pytest

from contentlib.antivirus import NotScanned, Scanner, ScannerDown, ScannerError, open_scanner
from contentlib.antivirus import clamd as client
from contentlib.antivirus.errors import TOO_LARGE
from tests.real.clamd import EICAR, LARGEST, WORD, Clamd
from tests.real.faulty_clamd import Ways, faulty_clamd

REAL = pytest.mark.real_part("clamd")


@pytest.fixture(params=["socket", "tcp"])
def scanner(request: pytest.FixtureRequest, clamd: Clamd) -> Scanner:
    return open_scanner(getattr(clamd, request.param))


class Growing:
    """Zeros, as many as are wanted, never two blocks of them at once."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int, /) -> bytes:
        block = bytes(min(size, self.left))
        self.left -= len(block)
        return block


@REAL
def test_what_harms_is_found_by_its_name(scanner: Scanner) -> None:
    assert scanner.scan(io.BytesIO(EICAR)).found == "Test.Eicar.UNOFFICIAL"
    text = b"An offer. " * 100_000 + WORD + b" And its end."
    assert scanner.scan(io.BytesIO(text)).found == "Test.Word.UNOFFICIAL"


@REAL
@pytest.mark.parametrize("content", [b"", b"a", b"An offer. " * 100_000], ids=["none", "one", "1M"])
def test_what_does_not_harm_is_clean(scanner: Scanner, content: bytes) -> None:
    assert scanner.scan(io.BytesIO(content)).found == ""


@REAL
@pytest.mark.parametrize("size", [LARGEST + 1, 20 * LARGEST])
def test_what_is_too_large_is_not_called_clean(scanner: Scanner, size: int) -> None:
    with pytest.raises(NotScanned, match=TOO_LARGE):
        scanner.scan(Growing(size))


@REAL
def test_a_scanner_says_that_it_is_there_and_what_it_knows(scanner: Scanner) -> None:
    scanner.ready()
    assert scanner.signatures().label.startswith("ClamAV 1.")


@REAL
def test_a_large_file_is_passed_on_by_the_block(scanner: Scanner) -> None:
    scanner.scan(Growing(2**20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotScanned):
        scanner.scan(Growing(2**30))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 16 * 1024


@pytest.mark.parametrize("url", ["clamd:/nowhere/clamd.sock", "clamd://127.0.0.1:1"])
def test_a_scanner_that_is_not_there_is_an_error(url: str) -> None:
    scanner = open_scanner(url)
    for question in (scanner.ready, scanner.signatures, lambda: scanner.scan(io.BytesIO(b"a"))):
        with pytest.raises(ScannerDown):
            question()


@pytest.mark.parametrize(
    "url",
    ["", "clamd", "clamd:", "clamd:here", "clamd://", "clamd://host", "clamd://h:x", "x:/"],
)
def test_an_address_that_names_no_scanner_is_refused(url: str) -> None:
    with pytest.raises(ScannerError, match="CONTENTLIB_SCAN_URL"):
        open_scanner(url)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Scanner, Ways]]:
    monkeypatch.setattr(client, "ANSWERS_WITHIN", 0.5)
    monkeypatch.setattr(client, "SCANS_WITHIN", 0.5)
    with faulty_clamd() as (url, ways):
        yield open_scanner(url), ways


ANSWERS = {
    "hangs": None,
    "closes": b"",
    "garbage": b"\xff\xfe<html>\0",
    "error": b"stream: Can't allocate memory ERROR\0",
    "no zero": b"stream: OK",
    "endless": b"stream: OK" * 1000,
    "name without words": b"stream:  FOUND\0",
    "OK of another kind": b"stream: OK maybe\0",
    "empty": b"\0",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("reads", [None, 1], ids=["at the end", "in the middle"])
def test_nothing_but_a_verdict_is_a_verdict(
    faulty: tuple[Scanner, Ways], answer: bytes | None, reads: int | None
) -> None:
    scanner, ways = faulty
    ways.stream, ways.reads = answer, reads
    with pytest.raises(NotScanned):
        scanner.scan(Growing(3 * 2**20))


def test_an_answer_by_drops_ends_like_none(faulty: tuple[Scanner, Ways]) -> None:
    scanner, ways = faulty
    ways.stream = b"stream: "
    with pytest.raises(NotScanned):
        scanner.scan(io.BytesIO(b"a"))


def test_a_size_limit_is_told_as_one(faulty: tuple[Scanner, Ways]) -> None:
    scanner, ways = faulty
    ways.stream, ways.reads = b"INSTREAM size limit exceeded. ERROR\0", 1
    with pytest.raises(NotScanned, match=TOO_LARGE):
        scanner.scan(Growing(2**20))


@pytest.mark.parametrize("answer", [None, b"", b"PANG\0"], ids=["hangs", "closes", "garbage"])
def test_a_daemon_that_answers_no_question_is_down(
    faulty: tuple[Scanner, Ways], answer: bytes | None
) -> None:
    scanner, ways = faulty
    ways.asked = {"PING": answer, "VERSION": answer}
    for question in (scanner.ready, scanner.signatures):
        with pytest.raises(ScannerDown):
            question()


def test_signatures_tell_when_they_were_made(faulty: tuple[Scanner, Ways]) -> None:
    scanner, ways = faulty
    ways.asked["VERSION"] = b"ClamAV 1.4.3/27500/Thu Nov 26 08:12:00 2026\0"
    told = scanner.signatures()
    assert told.label == "ClamAV 1.4.3/27500"
    assert told.made_at is not None
    assert told.made_at.isoformat() == "2026-11-26T08:12:00+00:00"


def test_the_name_of_what_was_found_is_a_plain_line(faulty: tuple[Scanner, Ways]) -> None:
    scanner, ways = faulty
    ways.stream = b"stream: Bad\x1b[31m\r\nName" + b"x" * 1000 + b" FOUND\0"
    found = scanner.scan(io.BytesIO(b"a")).found
    assert found.startswith("Bad[31mNamex")
    assert len(found) <= client.LONGEST_NAME

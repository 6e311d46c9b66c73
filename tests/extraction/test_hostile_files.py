"""What a file may try against the machine; the outcome is always a state a person sees."""

import re
import socket
import threading
import time
from pathlib import Path

import docx
import pytest

from contentlib.extraction import KINDS, Extraction, Limits, State, extract, isolation, sandbox
from contentlib.extraction.result import LOCKED, SUSPICIOUS, TOO_MUCH_MEMORY, TOO_SLOW, UNREADABLE
from tests.extraction import files

LOL = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9))
    + b"]>"
)
SECRET_DTD = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///%s">]>'


def read(path: Path, limits: Limits | None = None) -> Extraction:
    return extract(path, KINDS[path.suffix[1:]], limits=limits)


RUBBISH = {
    "pdf": b"%PDF-1.7\n%",
    "pptx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0",
    "gif": b"GIF89a",
    "svg": b"<svg",
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_behind_a_good_beginning_fails_with_a_sentence(tmp_path: Path, kind: str):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(RUBBISH[kind] + b"\x00" * 20_000)
    extraction = read(path)
    assert extraction.state is State.FAILED
    assert extraction.detail
    assert extraction.pages == ()


def test_an_empty_file_never_raises(tmp_path: Path):
    for kind in ("pdf", "docx", "png"):
        path = tmp_path / f"a.{kind}"
        path.write_bytes(b"")
        assert read(path).state is State.FAILED


def test_a_truncated_pdf_fails_or_gives_what_is_left(tmp_path: Path):
    whole = files.pdf(tmp_path / "a.pdf", *["página"] * 50).read_bytes()
    for part in (10, 3, 2):
        (tmp_path / "a.pdf").write_bytes(whole[: len(whole) // part])
        assert read(tmp_path / "a.pdf").state in (State.FAILED, State.EMPTY, State.DONE)


def test_a_truncated_office_file_fails(tmp_path: Path):
    for path in (files.pptx(tmp_path / "a.pptx"), files.workbook(tmp_path / "a.xlsx")):
        path.write_bytes(path.read_bytes()[:-900])
        assert read(path).state is State.FAILED


def test_a_locked_pdf_is_said_to_be_locked(tmp_path: Path):
    extraction = read(files.pdf(tmp_path / "a.pdf", "segredo", password="abre-te"))
    assert (extraction.state, extraction.detail) == (State.PASSWORD, LOCKED)


def test_a_locked_office_file_is_said_to_be_locked(tmp_path: Path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    assert read(path).state is State.PASSWORD


def test_a_zip_bomb_is_not_opened(tmp_path: Path):
    extraction = read(files.zip_bomb(tmp_path / "a.pptx"))
    assert (extraction.state, extraction.detail) == (State.FAILED, SUSPICIOUS)


def test_a_bomb_that_lies_about_its_size_hits_the_limits(tmp_path: Path):
    assert read(files.lying_zip_bomb(tmp_path / "a.pptx")).state is State.FAILED


def test_a_pdf_bomb_hits_the_limits(tmp_path: Path):
    started = time.monotonic()
    extraction = read(files.pdf_bomb(tmp_path / "a.pdf"))
    assert extraction.state in (State.FAILED, State.EMPTY)
    assert time.monotonic() - started < 30


def test_a_pdf_that_claims_a_billion_pages_ends_soon(tmp_path: Path):
    started = time.monotonic()
    extraction = read(files.pdf_claiming_a_billion_pages(tmp_path / "a.pdf"))
    assert extraction.state is not State.DONE
    assert len(extraction.pages) <= 2_000
    assert time.monotonic() - started < 30


def test_a_reader_that_needs_too_long_is_stopped(tmp_path: Path):
    path = files.pdf_with_a_heavy_last_page(tmp_path / "a.pdf", [], 24_000_000)
    extraction = read(path, Limits(cpu=1))
    assert (extraction.state, extraction.detail) == (State.FAILED, TOO_SLOW)
    assert extraction.state.retryable
    assert "too slow" in str(extraction.meta["cause"])


def test_a_reader_that_needs_too_much_memory_is_stopped(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text("😀" * 3_000_000)
    extraction = read(path, Limits(memory=64 * 2**20))
    assert (extraction.state, extraction.detail) == (State.FAILED, TOO_MUCH_MEMORY)


def test_the_pages_read_before_a_stop_are_kept(tmp_path: Path):
    pages = [f"página {number}" for number in range(3)]
    heavy = files.pdf_with_a_heavy_last_page(tmp_path / "a.pdf", pages, 24_000_000)
    extraction = read(heavy, Limits(cpu=1))
    assert extraction.state is State.TRUNCATED
    assert extraction.detail == TOO_SLOW
    assert [page.text for page in extraction.pages] == pages


@pytest.mark.parametrize("prologue", [LOL, SECRET_DTD], ids=["a billion laughs", "another file"])
def test_entities_neither_multiply_nor_fetch(tmp_path: Path, prologue: bytes):
    (tmp_path / "secret").write_text("the secret of this machine")
    secret = str(tmp_path / "secret").lstrip("/").encode()
    prologue = prologue.replace(b"%s", secret)
    laugh = b"j" if prologue.startswith(LOL[:60]) else b"a"
    drawing = tmp_path / "a.svg"
    drawing.write_bytes(prologue + b"<svg><text>&%s;</text></svg>" % laugh)
    documents = [drawing]
    for path, part, old in (
        (files.word(tmp_path / "a.docx"), "word/document.xml", b"Caso Aurora"),
        (files.pptx(tmp_path / "a.pptx"), "ppt/slides/slide2.xml", b"Dentro do grupo"),
        (files.workbook(tmp_path / "a.xlsx"), "xl/worksheets/sheet1.xml", b"1900"),
    ):
        xml = files.part(path, part).partition(b"?>")[2] or files.part(path, part)
        changed = prologue + xml.replace(old, b"&%s;" % laugh)
        documents.append(files.with_parts(path, {part: changed}))
    for path in documents:
        words = " ".join(page.text for page in read(path).pages)
        assert "secret of" not in words
        assert len(words) < 10_000


def test_groups_in_groups_without_end_fail_with_a_sentence(tmp_path: Path):
    path, part = files.pptx(tmp_path / "a.pptx"), "ppt/slides/slide2.xml"
    xml = files.part(path, part)
    start, end = xml.index(b"<p:grpSp>"), xml.rindex(b"</p:grpSp>") + len(b"</p:grpSp>")
    group = b"<p:grpSp>" * 5_000 + xml[start:end] + b"</p:grpSp>" * 5_000
    extraction = read(files.with_parts(path, {part: xml[:start] + group + xml[end:]}))
    assert (extraction.state, extraction.detail) == (State.FAILED, UNREADABLE)


class Listener:
    """A server on this machine that a file would like to have called."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.2)
        self.called = False
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.running = True
        self.thread.start()

    def _listen(self) -> None:
        while self.running:
            try:
                self.server.accept()[0].close()
                self.called = True
            except TimeoutError:
                continue

    def stop(self) -> None:
        self.running = False
        self.thread.join()
        self.server.close()


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.stop()


def external_picture(path: Path, port: int) -> Path:
    """A document whose picture lies elsewhere; LibreOffice fetches it if it can."""
    document = docx.Document()
    document.add_picture(str(files.picture(path.with_suffix(".png"), 64, 64)))
    document.add_paragraph("Texto")
    document.save(path)
    name = "word/_rels/document.xml.rels"
    link = (
        b'<Relationship Id="rId99" TargetMode="External" Target="http://127.0.0.1:%d/x.png" Type='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>' % port
    )
    relations = files.part(path, name).replace(b"</Relationships>", link + b"</Relationships>")
    body = re.sub(rb'r:embed="rId\d+"', b'r:link="rId99"', files.part(path, "word/document.xml"))
    assert b"r:link" in body
    return files.with_parts(path, {name: relations, "word/document.xml": body})


def test_a_document_calls_nobody(tmp_path: Path, listener: Listener):
    port = listener.server.getsockname()[1]
    extraction = read(external_picture(tmp_path / "a.docx", port))
    assert extraction.state is State.DONE
    assert not listener.called


PROBE = """
import json, os, socket, sys
from contentlib.extraction.confine import confine
tried = {"confined": confine(json.loads(sys.argv[1]))}
for name, attempt in {
    "read": lambda: open(sys.argv[2]).read(),
    "list": lambda: os.listdir(os.path.dirname(sys.argv[2])),
    "write": lambda: open(sys.argv[2] + ".new", "w"),
    "call": lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 1),
    "fill": lambda: open("big", "wb").write(b"0" * 2_000_000),
    "swell": lambda: bytearray(2_000_000_000),
    "work": lambda: open("small", "w").write("allowed"),
}.items():
    try:
        attempt()
        tried[name] = "done"
    except (OSError, MemoryError) as error:
        tried[name] = type(error).__name__
print(json.dumps(tried))
"""


def test_a_reader_taken_over_by_its_file_can_do_no_harm(tmp_path: Path, listener: Listener):
    """What code inside the sandbox may still do, tried by code inside the sandbox."""
    secret = tmp_path / "beside" / "secret"
    secret.parent.mkdir()
    secret.write_text("the key of this installation")
    port = listener.server.getsockname()[1]
    tried = files.run_confined(PROBE, [str(secret), str(port)], Limits(file_size=1_000_000))
    assert tried.pop("confined") == {"network": True, "files": True, "own_tmp": False}
    assert tried.pop("work") == "done"
    assert tried.pop("fill") == "OSError"
    assert tried.pop("swell") == "MemoryError"
    assert tried.pop("call") in ("OSError", "PermissionError", "ConnectionRefusedError")
    assert tried == dict.fromkeys(("read", "list", "write"), "PermissionError")
    assert not listener.called


def test_a_machine_that_refuses_namespaces_is_not_called_cut_off():
    """The kernel refuses because the request is senseless, as it does where it is forbidden."""
    refused = files.run_confined(
        "import json, sys; from contentlib.extraction import confine; confine._CLONE_NEWNET = 3;"
        "print(json.dumps(confine.confine(json.loads(sys.argv[1]) | {'own_tmp': True})))",
        [],
        Limits(),
    )
    assert refused == {"network": False, "files": True, "own_tmp": False}


def test_a_child_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CONTENTLIB_SECRET_KEY", "not for children")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    seen = files.run_confined("import json, os; print(json.dumps(dict(os.environ)))", [], Limits())
    assert set(seen) == {"HOME", "TMPDIR", "LANG", "LC_CTYPE"} & set(seen)
    assert "HOME" in seen


def test_a_child_loads_neither_the_web_nor_the_database():
    loaded = files.run_confined(
        "import contentlib.extraction.child, contentlib.extraction, sys, json;"
        "print(json.dumps(sorted(sys.modules)))",
        [],
        Limits(),
    )
    assert not {"flask", "sqlalchemy", "pydantic", "numpy"} & set(loaded)


def test_nothing_a_child_started_outlives_it(tmp_path: Path):
    with sandbox.workspace() as folder:
        outcome = sandbox.run({"verb": "probe"}, folder=folder)
        inside = folder
    assert outcome.ended is sandbox.Ended.BY_ITSELF
    assert not inside.exists()


def test_a_machine_where_no_child_starts_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sandbox.sys, "executable", "/nowhere/python")
    extraction = read(files.pdf(tmp_path / "a.pdf", "texto"))
    assert extraction.state is State.FAILED
    assert "administrator" in extraction.detail
    isolation.cache_clear()
    assert isolation().level == "none"
    assert not isolation().works
    isolation.cache_clear()


def test_the_administrator_is_told_how_well_readers_are_fenced_in():
    found = isolation()
    assert found.works
    assert found.level in ("full", "partial", "limits")
    assert found.details

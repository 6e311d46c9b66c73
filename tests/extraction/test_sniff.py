from collections.abc import Callable
from pathlib import Path

import pytest

from contentlib.extraction import KINDS, UnacceptableFile, clean_filename, sniff
from contentlib.extraction import errors as why
from tests.extraction import files


def written(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 64
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\x00" * 64
QUICKTIME = b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + b"\x00" * 64
SRT = "1\r\n00:00:01,000 --> 00:00:04,000\r\nOlá, objeção\r\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: files.pdf(path, "texto"), "pdf"),
        (files.pptx, "pptx"),
        (files.word, "docx"),
        (files.workbook, "xlsx"),
        (lambda path: files.opendocument(path, "text", "<office:text/>"), "odt"),
    ],
)
@pytest.mark.parametrize("named", [True, False], ids=["named", "without an ending"])
def test_documents_are_known_by_their_content(
    tmp_path: Path, make: Callable[[Path], Path], kind: str, named: bool
):
    path = make(tmp_path / f"file.{kind}")
    assert sniff(path, f"Material.{kind.upper()}" if named else "Material") is KINDS[kind]


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "gif"])
def test_pictures_are_known_by_their_content(tmp_path: Path, kind: str):
    path = files.picture(tmp_path / f"file.{kind}")
    assert sniff(path, f"foto.{kind}") is KINDS[kind]
    assert sniff(path, "foto") is KINDS[kind]


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (MP4, "vídeo.mp4", "mp4"),
        (MP4, "vídeo.m4v", "mp4"),
        (WEBM, "vídeo.webm", "webm"),
        ("Olá, objeção".encode(), "roteiro.txt", "txt"),
        ("Olá, objeção".encode("latin-1"), "roteiro.txt", "txt"),
        ("Olá, objeção".encode("utf-16"), "roteiro.txt", "txt"),
        (b"MZ Consultoria: proposta", "roteiro.txt", "txt"),
        (b"# Um roteiro", "roteiro.md", "md"),
        (b"Sem nome que diga algo", "LEIAME", "txt"),
        (b"<p>Um trecho de p\xc3\xa1gina</p>", "pagina.html", "html"),
        (b"\xef\xbb\xbf<!-- feita em casa -->\n<!DOCTYPE html><html></html>", "pagina", "html"),
        (b"<?xml version='1.0'?><!-- x --><svg xmlns='a'/>", "desenho.svg", "svg"),
        (b"<?xml version='1.0'?><svg xmlns='a'/>", "desenho", "svg"),
        (SRT, "fala.srt", "srt"),
        (SRT, "fala", "srt"),
        (b"\xef\xbb\xbf" + SRT, "fala.srt", "srt"),
        (SRT.decode().encode("utf-16"), "fala.srt", "srt"),
        (SRT, "fala.txt", "txt"),
        (b"WEBVTT - Fala\n\n00:01.000 --> 00:02.000\nOi", "fala.vtt", "vtt"),
        (b"WEBVTT", "fala", "vtt"),
        (b"%PDF-1.7\nresto", "Proposta v2.final", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.7\nresto", "proposta.pdf", "pdf"),
    ],
)
def test_other_kinds_are_known_too(tmp_path: Path, content: bytes, name: str, kind: str):
    assert sniff(written(tmp_path, content), name) is KINDS[kind]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "vazio.pdf", why.EMPTY),
        (b"MZ\x90\x00\x03\x00\x00\x00", "fatura.pdf", why.PROGRAM),
        (b"\x7fELF\x02\x01\x01\x00", "apresentacao", why.PROGRAM),
        (b"#!/bin/sh\nrm -rf /", "roteiro.txt", why.PROGRAM),
        (b"%PDF-1.7\n", "fatura.pdf.exe", why.PROGRAM),
        (b"%PDF-1.7\n", "fatura.pdf.\u202eexe", why.PROGRAM),
        (b"WScript.Echo 1", "macro.vbs", why.PROGRAM),
        (b"alert(1)", "codigo.js", why.PROGRAM),
        (b"%PDF-1.7\n", "deck.pptx", why.MISMATCH),
        (MP4, "foto.png", why.MISMATCH),
        (b"so text", "proposta.pdf", why.NOT_AS_NAMED),
        (b"so text", "fala.srt", why.NOT_AS_NAMED),
        (b"WEBVTTX", "fala.vtt", why.NOT_AS_NAMED),
        (SRT, "fala.vtt", why.MISMATCH),
        (b"<script>alert(1)</script>\n" + SRT, "fala.srt", why.MISMATCH),
        (SRT + b"\0" * 9, "fala.srt", why.NOT_AS_NAMED),
        (b"", "fala.srt", why.EMPTY),
        (b"<html></html>", "desenho.svg", why.MISMATCH),
        (b"Rar!\x1a\x07\x00" + b"\0" * 99, "tudo.rar", why.ARCHIVE),
        (b"\x1f\x8b\x08\x00\0\0", "desenho.svgz", why.ARCHIVE),
        (QUICKTIME, "filme.mov", why.UNKNOWN),
        (b"a;b;c", "lista.csv", why.UNKNOWN),
        (b"\x00\x01\x02\x03", "dados", why.UNKNOWN),
        (b"\x00\x01\x02\x03", "notas.txt", why.NOT_AS_NAMED),
        (OLE, "velho.doc", why.OLD_OFFICE),
        (OLE, "velho.docx", why.OLD_OFFICE),
        (b"PK\x03\x04 cut off", "deck.pptx", why.DAMAGED),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, name: str, reason: str
):
    with pytest.raises(UnacceptableFile) as refused:
        sniff(written(tmp_path, content), name)
    assert refused.value.message == reason
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"a.txt": b"x"}, why.ARCHIVE),
        ({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}, why.PROGRAM),
        ({"[Content_Types].xml": b"<Types>something else</Types>"}, why.UNKNOWN),
        ({"mimetype": b"application/pdf", "content.xml": b"<a/>"}, why.UNKNOWN),
        (
            {
                "[Content_Types].xml": b"ms-powerpoint.presentation.macroEnabled.main+xml"
                b" presentationml.presentation.main+xml"
            },
            why.MACROS,
        ),
    ],
)
def test_a_zip_is_only_taken_for_what_its_parts_make_it(
    tmp_path: Path, parts: dict[str, bytes], reason: str
):
    path = files.zipped(tmp_path / "deck.pptx", parts)
    with pytest.raises(UnacceptableFile) as refused:
        sniff(path, "deck.pptx")
    assert refused.value.message == reason


@pytest.mark.parametrize("make", [files.zip_bomb, files.overlapping_zip])
def test_a_zip_bomb_is_refused_before_anything_opens_it(
    tmp_path: Path, make: Callable[[Path], Path]
):
    with pytest.raises(UnacceptableFile) as refused:
        sniff(make(tmp_path / "deck.pptx"), "deck.pptx")
    assert refused.value.message == why.BOMB


def test_too_many_entries_are_a_bomb(tmp_path: Path):
    path = files.zipped(tmp_path / "deck.pptx", {f"{number}": b"" for number in range(20_001)})
    with pytest.raises(UnacceptableFile) as refused:
        sniff(path, "deck.pptx")
    assert refused.value.message == why.BOMB


def test_a_locked_office_file_is_taken_for_what_it_is_named(tmp_path: Path):
    content = OLE + "EncryptedPackage".encode("utf-16-le")
    assert sniff(written(tmp_path, content), "deck.pptx") is KINDS["pptx"]


def test_a_polyglot_is_what_it_begins_as(tmp_path: Path):
    hidden = files.zipped(tmp_path / "inner.zip", {"evil.html": b"<script>"}).read_bytes()
    both = files.pdf(tmp_path / "a.pdf", "texto").read_bytes() + hidden
    assert sniff(written(tmp_path, both), "a.pdf") is KINDS["pdf"]
    with pytest.raises(UnacceptableFile):
        sniff(written(tmp_path, both), "a.html.pptx")
    page_in_picture = files.picture(tmp_path / "a.gif").read_bytes() + b"<script>alert(1)</script>"
    assert sniff(written(tmp_path, page_in_picture), "a.gif") is KINDS["gif"]


def test_only_harmless_kinds_are_shown_by_the_browser_itself():
    assert {name for name, kind in KINDS.items() if kind.inline} == {
        "png",
        "jpg",
        "webp",
        "gif",
        "mp4",
        "webm",
    }


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Proposta Ação.pdf", "Proposta Ação.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("C:\\Users\\ana\\caso.pdf", "caso.pdf"),
        ("/absolute/caso.pdf", "caso.pdf"),
        ("caso\0.pdf", "caso.pdf"),
        ("fatura\u202efdp.exe", "faturafdp.exe"),
        ("a\u200fb\u2066c\u2069.pdf", "abc.pdf"),
        ("linha\r\nSet-Cookie: x.pdf", "linha Set-Cookie_ x.pdf"),
        ('aspas"<b>.pdf', "aspas__b_.pdf"),
        ("  . muitos   espaços .pdf", "muitos espaços.pdf"),
        ("Ac\u0327a\u0303o.pdf", "Ação.pdf"),
        ("", "file"),
        ("..", "file"),
        ("\u202e", "file"),
        (".htaccess", "htaccess"),
    ],
)
def test_file_names_become_harmless(sent: str, kept: str):
    assert clean_filename(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("caso.pdf", "caso.pdf"),
        ("CASO.PDF", "CASO.PDF"),
        ("caso", "caso.pdf"),
        ("caso.pptx", "caso.pdf"),
        ("Proposta v2.final", "Proposta v2.final.pdf"),
        ("", "file.pdf"),
    ],
)
def test_a_name_gets_the_ending_of_its_kind(sent: str, kept: str):
    assert clean_filename(sent, KINDS["pdf"]) == kept


def test_a_very_long_name_keeps_its_ending_and_fits_any_disk():
    kept = clean_filename("ç" * 4_000 + ".pdf")
    assert kept.endswith("ç.pdf")
    assert len(kept.encode()) <= 200

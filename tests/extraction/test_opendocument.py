"""OpenDocument: where its pages end, what is words in it, and what it may not do."""

from pathlib import Path

import pytest

from contentlib.extraction import KINDS, Extraction, State, extract, sniff
from contentlib.extraction.errors import BOMB, UnacceptableFile
from contentlib.extraction.result import LOCKED, SUSPICIOUS, UNREADABLE
from tests.extraction import files


def read(path: Path) -> Extraction:
    return extract(path, KINDS[path.suffix[1:]])


def texts(extraction: Extraction) -> list[str]:
    return [page.text for page in extraction.pages]


BREAK = (
    '<style:style style:name="P9"><style:paragraph-properties fo:break-before="page"/>'
    "</style:style>"
)


def test_a_text_is_split_where_its_pages_are_known_to_end(tmp_path: Path):
    body = (
        "<office:text><text:h>Título</text:h><text:p>Uma <text:span>linha</text:span>"
        '<text:s text:c="2"/>só</text:p><text:p>Até aqui <text:soft-page-break/>e daqui</text:p>'
        '<text:p text:style-name="P9">Terceira</text:p></office:text>'
    )
    extraction = read(files.opendocument(tmp_path / "a.odt", "text", body, styles=BREAK))
    assert (extraction.state, extraction.page_count) == (State.DONE, 3)
    assert texts(extraction) == [
        "Papel timbrado\nTítulo\nUma linha  só\nAté aqui",
        "e daqui",
        "Terceira",
    ]


def test_notes_are_words_but_comments_and_what_was_deleted_are_not(tmp_path: Path):
    body = (
        "<office:text><text:tracked-changes><text:p>Apagado</text:p></text:tracked-changes>"
        "<text:p>Receita<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Fonte: IBGE</text:p></text:note-body></text:note> subiu"
        "<office:annotation><text:p>Confirmar?</text:p></office:annotation></text:p></office:text>"
    )
    (page,) = texts(read(files.opendocument(tmp_path / "a.odt", "text", body)))
    assert page == "Papel timbrado\nReceita\nFonte: IBGE\nsubiu"


def test_each_slide_is_a_page_with_its_notes_and_hidden_ones_are_told(tmp_path: Path):
    styles = (
        '<style:style style:name="dp2" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    body = (
        "<office:presentation><draw:page><draw:g><draw:g><text:p>Um</text:p></draw:g></draw:g>"
        "<presentation:notes><text:p>Pausa aqui</text:p></presentation:notes></draw:page>"
        '<draw:page draw:style-name="dp2"><text:p>Dois</text:p></draw:page></office:presentation>'
    )
    path = files.opendocument(tmp_path / "a.odp", "presentation", body, styles=styles)
    extraction = read(path)
    assert texts(extraction) == ["Um\nPausa aqui", "Dois"]
    assert extraction.meta["hidden_slides"] == "2"


def test_each_sheet_is_a_page_with_its_name_and_its_rows(tmp_path: Path):
    cell = (
        '<table:table-cell table:number-columns-repeated="16384"><text:p>{}</text:p>'
        "</table:table-cell>"
    )
    row = f"<table:table-row>{cell.format('Ouro')}{cell.format('1.900')}</table:table-row>"
    body = (
        f'<office:spreadsheet><table:table table:name="Preços">{row}</table:table>'
        '<table:table table:name="Prazos"/></office:spreadsheet>'
    )
    extraction = read(files.opendocument(tmp_path / "a.ods", "spreadsheet", body))
    assert texts(extraction) == ["Preços\nOuro\t1.900", "Prazos"]
    assert {page.label for page in extraction.pages} == {"sheet"}


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE l [<!ENTITY b SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE l SYSTEM "http://127.0.0.1/x.dtd">',
    ],
    ids=["expansion", "another file", "another machine"],
)
def test_entities_are_refused_outright(tmp_path: Path, prologue: str):
    body = "<office:text><text:p>&b;</text:p></office:text>"
    extraction = read(files.opendocument(tmp_path / "a.odt", "text", body, prologue=prologue))
    assert (extraction.state, extraction.detail) == (State.FAILED, UNREADABLE)
    assert extraction.pages == ()


def test_the_deepest_nesting_is_only_text(tmp_path: Path):
    deep = "<text:span>" * 20_000 + "fundo" + "</text:span>" * 20_000
    body = f"<office:text><text:p>{deep}</text:p></office:text>"
    assert texts(read(files.opendocument(tmp_path / "a.odt", "text", body))) == [
        "Papel timbrado\nfundo"
    ]


def test_what_came_before_the_damage_is_kept(tmp_path: Path):
    slides = "".join(f"<draw:page><text:p>Slide {n}</text:p></draw:page>" for n in range(3_000))
    body = f"<office:presentation>{slides}<draw:page></office:presentation>"
    extraction = read(files.opendocument(tmp_path / "a.odp", "presentation", body))
    assert extraction.state is State.TRUNCATED
    assert texts(extraction)[:2] == ["Slide 0", "Slide 1"]


def test_a_truncated_file_fails(tmp_path: Path):
    path = files.opendocument(tmp_path / "a.odt", "text", "<office:text/>")
    path.write_bytes(path.read_bytes()[:-60])
    assert (read(path).state, read(path).detail) == (State.FAILED, UNREADABLE)


def test_a_locked_file_is_said_to_be_locked(tmp_path: Path):
    manifest = b"<manifest><encryption-data/></manifest>"
    body = "<office:text><text:p>segredo</text:p></office:text>"
    extraction = read(files.opendocument(tmp_path / "a.odt", "text", body, manifest=manifest))
    assert (extraction.state, extraction.detail) == (State.PASSWORD, LOCKED)


def test_a_bomb_is_neither_taken_nor_opened(tmp_path: Path):
    body = "<office:text>" + "<text:p> </text:p>" * 2_000_000 + "</office:text>"
    path = files.opendocument(tmp_path / "a.odt", "text", body)
    assert (read(path).state, read(path).detail) == (State.FAILED, SUSPICIOUS)
    with pytest.raises(UnacceptableFile) as refused:
        sniff(path, "a.odt")
    assert refused.value.message == BOMB


def test_a_very_long_sheet_is_cut_and_says_so(tmp_path: Path):
    row = "".join(
        f"<table:table-row><table:table-cell><text:p>{number} palavra</text:p></table:table-cell>"
        "</table:table-row>"
        for number in range(300_000)
    )
    body = f"<office:spreadsheet><table:table>{row}</table:table></office:spreadsheet>"
    extraction = read(files.opendocument(tmp_path / "a.ods", "spreadsheet", body))
    assert extraction.state is State.TRUNCATED
    assert len(extraction.pages[0].text) == pytest.approx(3_000_000, abs=10)

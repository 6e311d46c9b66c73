from collections.abc import Callable
from pathlib import Path

import pytest

from contentlib.extraction import KINDS, Extraction, State, extract
from contentlib.extraction.result import PICTURE
from tests.extraction import files


def read(path: Path) -> Extraction:
    return extract(path, KINDS[path.suffix[1:]])


def texts(extraction: Extraction) -> list[str]:
    return [page.text for page in extraction.pages]


def test_a_pdf_is_read_page_by_page(tmp_path: Path):
    extraction = read(files.pdf(tmp_path / "a.pdf", "Objeção de preço", "", "Próximos passos"))
    assert extraction.state is State.DONE
    assert texts(extraction) == ["Objeção de preço", "", "Próximos passos"]
    assert [(page.number, page.label) for page in extraction.pages] == [
        (1, "page"),
        (2, "page"),
        (3, "page"),
    ]
    assert extraction.page_count == 3


def test_a_pdf_without_words_is_empty(tmp_path: Path):
    extraction = read(files.pdf(tmp_path / "a.pdf", "", ""))
    assert (extraction.state, extraction.page_count) == (State.EMPTY, 2)
    assert "scanned" in extraction.detail


def test_slides_bring_their_tables_groups_and_notes(tmp_path: Path):
    extraction = read(files.pptx(tmp_path / "a.pptx"))
    assert extraction.state is State.DONE
    assert texts(extraction) == [
        "Objeções de preço\nPlano Ouro\nR$ 1.900\nPausa antes do preço",
        "Dentro do grupo",
    ]
    assert {page.label for page in extraction.pages} == {"slide"}


def test_a_deck_brings_its_charts_and_tells_which_slides_are_hidden(tmp_path: Path):
    extraction = read(files.deck(tmp_path / "a.pptx"))
    assert texts(extraction) == [
        f"Slide {number}\nGanhos por região {number}\nReceita\nSudeste\nNordeste"
        for number in (1, 2, 3)
    ]
    assert extraction.meta["hidden_slides"] == "2"


def test_a_slide_show_is_read_like_a_presentation(tmp_path: Path):
    path = files.pptx(tmp_path / "a.pptx")
    types = files.part(path, "[Content_Types].xml")
    show = types.replace(b"presentationml.presentation.main", b"presentationml.slideshow.main")
    assert "Dentro do grupo" in texts(read(files.with_parts(path, {"[Content_Types].xml": show})))


def test_a_document_brings_header_table_and_page_breaks(tmp_path: Path):
    extraction = read(files.word(tmp_path / "a.docx"))
    assert extraction.state is State.DONE
    first, second = texts(extraction)
    for words in ("Proposta confidencial", "Caso Aurora", "Retorno", "3,2 vezes"):
        assert words in first
    assert second == "Segunda página"


def test_a_document_brings_boxes_notes_and_every_margin_but_no_comments(tmp_path: Path):
    first, second = texts(read(files.letter(tmp_path / "a.docx")))
    for words in ("Cabeçalho da capa", "Rodapé da capa", "Rodapé em tabela", "Numa caixa"):
        assert words in first
    middle = [first.index(words) for words in ("Antes da", "Na tabela", "Depois da", "Fonte: IBGE")]
    assert middle == sorted(middle)
    assert "Riscado" not in first
    assert "Só para autores" not in first + second
    assert second == "Segunda página"


def test_each_sheet_is_a_page(tmp_path: Path):
    extraction = read(files.workbook(tmp_path / "a.xlsx"))
    assert texts(extraction) == [
        "Preços\nPlano\tMensal\nOuro\t1900",
        "Listas\nSudeste",
        "Prazos\nImplantação\t12.5\tdias",
    ]
    assert {page.label for page in extraction.pages} == {"sheet"}


@pytest.mark.parametrize(
    ("make", "kind"),
    [(files.workbook, "xlsx"), (files.pptx, "pptx"), (files.word, "docx")],
)
def test_a_stored_file_needs_no_ending_to_be_read(
    make: Callable[[Path], Path], kind: str, tmp_path: Path
):
    stored = make(tmp_path / f"a.{kind}").rename(tmp_path / "0f3a")
    assert extract(stored, KINDS[kind]).state is State.DONE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_people_have(tmp_path: Path, encoding: str):
    path = tmp_path / "a.txt"
    path.write_bytes("Ação “já”\r\nR$ 10".encode(encoding))
    assert texts(read(path)) == ["Ação “já”\nR$ 10"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("São Paulo, ação, coração, não, às três".encode() + b" \xff fim", "São Paulo, ação"),
        ("Não há ação".encode("cp1252") + b"\xc3\xa3", "Não há ação"),
        (("é" * 6_000_002).encode("utf-8"), "é" * 100),
    ],
    ids=["one damaged byte", "Latin-1 that holds two bytes like UTF-8", "cut inside a letter"],
)
def test_an_encoding_is_not_given_up_for_one_odd_byte(tmp_path: Path, content: bytes, text: str):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert texts(read(path))[0].startswith(text)


SPOKEN = """WEBVTT

STYLE
::cue { color: red }

NOTE só para quem edita

entrada
00:01.000 --> 00:04.000 align:start
<v Ana>Bom dia</v> &amp; <b>obrigada</b>

00:03.500 --> 00:06.000
Bom dia & obrigada

11:00.000 --> 11:02.000
{\\an8}Até logo
"""


def test_subtitles_give_what_is_said_in_pages_of_five_minutes(tmp_path: Path):
    path = tmp_path / "a.vtt"
    path.write_text(SPOKEN)
    extraction = read(path)
    assert (extraction.state, extraction.page_count) == (State.DONE, 3)
    assert texts(extraction) == ["Bom dia & obrigada", "", "Até logo"]
    path = tmp_path / "a.srt"
    path.write_bytes("1\r\n00:00:01,000 --> 00:00:02,000\r\nAção\r\n\r\n2\r\n".encode("cp1252"))
    assert texts(read(path)) == ["Ação"]


def test_subtitles_that_lie_about_their_time_stay_small(tmp_path: Path):
    path = tmp_path / "a.srt"
    cues = (f"{n}\n{999 - n}:59:59,999 --> 0:0:0,0\nfala {n}\n\n" for n in range(900))
    path.write_text("".join(cues))
    extraction = read(path)
    assert extraction.page_count <= 300
    assert sum(len(page.text.split("\n")) for page in extraction.pages if page.text) == 900


def test_subtitles_in_which_nobody_speaks_are_empty(tmp_path: Path):
    path = tmp_path / "a.vtt"
    path.write_text("WEBVTT\n\nNOTE nada\n" + "<" * 200_000 + "\n\n" + "0" * 200_000)
    assert read(path).state is State.EMPTY


def test_an_accent_is_one_character_however_it_was_written(tmp_path: Path):
    path = tmp_path / "a.md"
    path.write_text("Ac\u0327a\u0303o")
    assert texts(read(path)) == ["Ação"]


def test_what_databases_refuse_is_left_out(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\x00b\x0bc\td")
    assert texts(read(path)) == ["abc\td"]


def test_html_gives_its_words_and_never_its_scripts(tmp_path: Path):
    path = tmp_path / "a.html"
    path.write_text(
        "<!doctype html><title>Caso</title><style>p{}</style><h1>Caso</h1>"
        "<p>Um <b>bom</b>\n resultado<script>alert('x')</script><p>Fim<br>mesmo"
        "<svg><script>alert(2)</script></svg><img src=x onerror=alert(3)>"
    )
    assert texts(read(path)) == ["Caso\nCaso\nUm bom resultado\nFim\nmesmo"]
    assert read(path).meta["title"] == "Caso"


def test_svg_gives_its_words_and_never_its_scripts(tmp_path: Path):
    path = tmp_path / "a.svg"
    path.write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script>"
        "<title>Funil</title><text>Etapa <tspan>um</tspan></text></svg>"
    )
    assert texts(read(path)) == ["Funil\nEtapa um"]


def test_a_picture_is_measured(tmp_path: Path):
    extraction = read(files.picture(tmp_path / "a.png", 320, 200))
    assert (extraction.state, extraction.detail) == (State.EMPTY, PICTURE)
    assert (extraction.meta["width"], extraction.meta["height"]) == (320, 200)


def test_a_very_long_text_is_cut_and_says_so(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_text("palavra " * 500_000)
    extraction = read(path)
    assert extraction.state is State.TRUNCATED
    assert len(extraction.pages[0].text) == pytest.approx(3_000_000, abs=10)

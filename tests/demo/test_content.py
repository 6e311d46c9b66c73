"""The demo library is what everyone sees first: it must be whole, varied and consistent."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from contentlib.demo.files import make_file
from contentlib.demo.files.formulas import results
from contentlib.demo.sources import Source, all_sources
from contentlib.extraction import sniff
from contentlib.library.taxonomy import PERSONAS, STAGES, TYPES

SOURCES = all_sources()
BY_ID = {source.external_id: source for source in SOURCES}
FILES = [source for source in SOURCES if source.is_file]


made = cache(make_file)


def pages_of(source: Source) -> list[str]:
    document = pypdfium2.PdfDocument(made(source).data, password=source.password or None)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_there_are_sixty_assets_in_two_languages() -> None:
    languages = [source.language for source in SOURCES]
    assert len(SOURCES) == 60
    assert languages.count("pt") >= 40
    assert languages.count("en") >= 15


def test_every_word_of_the_seed_taxonomy_is_used() -> None:
    assert {source.type for source in SOURCES} == {row[0] for row in TYPES}
    assert {stage for source in SOURCES for stage in source.stages} == {row[0] for row in STAGES}
    personas = {persona for source in SOURCES for persona in source.personas}
    assert personas == {row[0] for row in PERSONAS}


def test_enough_of_them_are_real_office_files() -> None:
    formats = [source.format for source in FILES]
    assert sum(formats.count(kind) for kind in ("pdf", "scan", "pptx", "docx")) >= 24


ONE_OF_EACH = list({source.format: source for source in FILES}.values())


@pytest.mark.parametrize("source", ONE_OF_EACH, ids=lambda source: source.format)
def test_a_file_has_the_same_bytes_each_time(source: Source) -> None:
    assert make_file(source) == make_file(source)


@pytest.mark.parametrize("source", FILES, ids=lambda source: source.external_id)
def test_a_file_is_what_its_name_says(source: Source, tmp_path: Path) -> None:
    file = made(source)
    path = tmp_path / file.name
    path.write_bytes(file.data)
    assert sniff(path, file.name).extensions[0] == path.suffix.lstrip(".")


def test_answers_to_objections_fit_into_one_breath() -> None:
    cards = [source.objection for source in SOURCES if source.objection]
    assert len(cards) >= 10
    assert [card.answer for card in cards if len(card.answer.split()) > 35] == []
    assert [card.proof for card in cards if card.proof not in BY_ID] == []


def test_a_proof_leads_to_a_page_that_exists() -> None:
    cards = [source.objection for source in SOURCES if source.objection]
    for card in cards:
        if card.proof_page:
            assert card.proof_page <= len(pages_of(BY_ID[card.proof])), card


def test_scripts_have_merge_fields() -> None:
    scripts = [source for source in SOURCES if source.format == "script"]
    assert len(scripts) >= 8
    assert all("{{contato.nome}}" in f"{source.subject}{source.body}" for source in scripts)


def test_the_price_fall_that_sellers_quote_is_on_page_four() -> None:
    pages = pages_of(BY_ID["caso-vertice"])
    assert len(pages) == 9
    assert "18 % no primeiro trimestre" in " ".join(pages[3].split())
    assert "R$ 212 mil" in pages[3]


def test_slides_carry_their_speaker_notes() -> None:
    deck = Presentation(BytesIO(made(BY_ID["deck-preco-por-valor"]).data))
    assert len(deck.slides) == 14
    assert all(slide.has_notes_slide for slide in list(deck.slides)[1:])
    assert deck.slides[5].shapes.title.text == "Três perguntas antes de falar em preço"


def test_a_calculator_shows_its_results_before_it_is_opened() -> None:
    book = load_workbook(BytesIO(made(BY_ID["calc-roi"]).data), data_only=True)
    values = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}
    assert values["Custo dos atrasos por ano, hoje"] == pytest.approx(211_550.40)


def test_formulas_are_computed_in_order() -> None:
    assert results({4: 2.0, 5: 3.0, 6: "=SUM(B4:B5)*2", 7: "=(B6-B4)/4"}) == {6: 10.0, 7: 2.0}
    with pytest.raises(ValueError, match="knows no"):
        results({4: "=B3**2"} | {3: 1.0})


def test_some_files_have_the_faults_of_real_life() -> None:
    assert pages_of(BY_ID["carta-porto-seco"])[0].strip() == ""
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(made(BY_ID["radar-precos-reservado"]).data)
    assert any(source.review_in_days < 0 for source in SOURCES)
    assert any(source.valid_in_days and source.valid_in_days < 0 for source in SOURCES)
    assert {source.status for source in SOURCES} == {"draft", "published", "archived"}

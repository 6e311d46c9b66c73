"""The worker's part: words and pictures out of files, repeated without harm."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from contentlib.accounts.models import User
from contentlib.core.db import db
from contentlib.extraction import KINDS, extract, render
from contentlib.jobs.models import Job
from contentlib.jobs.registry import handler_of
from contentlib.library import taxonomy
from contentlib.library.care import quarantine
from contentlib.library.files.facts import facts_of
from contentlib.library.files.keys import converted_key, preview_key
from contentlib.library.models import Asset, Blob, BlobPage, ExtractionState
from contentlib.library.uploads import service as uploads
from contentlib.library.uploads.detected import guess_language, usable_title
from contentlib.storage import as_file, object_key, put_stream
from contentlib.storage.current import current_storage
from tests import factories
from tests.extraction import files, videos

PORTUGUESE = "A entrega atrasada custa caro para quem não mede o que perde em cada viagem."


def pdf(*pages: str, title: str = "") -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=True)
    canvas.setTitle(title or "untitled")
    for words in pages:
        canvas.drawString(72, 720, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def upload(content: bytes, name: str, by: User) -> Asset:
    taxonomy.seed()
    arrived = uploads.take_in(current_storage(), BytesIO(content), name, limit=10**8)
    asset = uploads.new_draft(arrived, by=by)
    db.session.commit()
    return asset


def work(kind: str, sha256: str) -> None:
    handler = handler_of(kind)
    assert handler is not None
    apply = handler.work([{"sha256": sha256}])
    if apply is not None:
        apply()
    db.session.commit()


def blob_of(asset: Asset) -> Blob:
    assert asset.latest_version is not None
    assert asset.latest_version.blob is not None
    return asset.latest_version.blob


@pytest.fixture
def case(app: Flask, marketer: User) -> Asset:
    return upload(pdf(PORTUGUESE, "Segunda folha", title="Caso Vértice"), "arquivo.pdf", marketer)


def test_words_are_kept_by_page_and_the_index_is_asked_to_follow(case: Asset) -> None:
    blob, before = blob_of(case), case.revision
    work("library.extract", blob.sha256)
    assert (blob.extraction, blob.page_count) == (ExtractionState.DONE, 2)
    assert [page.text for page in blob.pages] == [PORTUGUESE, "Segunda folha"]
    db.session.refresh(case)
    assert case.revision == before + 1


def test_what_a_file_tells_of_itself_is_on_its_page(
    app: Flask, marketer: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    duration = videos.mvhd(length=3_725_000)
    content = videos.film(duration, videos.box(b"trak", videos.tkhd(1920, 1080)))
    asset = upload(content, "demo.mp4", marketer)
    work("library.extract", blob_of(asset).sha256)
    page = sign_in(marketer).get(f"/assets/{asset.id}").text
    assert "1.920\xa0×\xa01.080 pixels" in page
    assert "1:02:05" in page
    work("library.preview", blob_of(asset).sha256)
    assert "Ler de novo" not in sign_in(marketer).get(f"/assets/{asset.id}").text


def test_a_reader_tells_no_more_facts_than_it_is_asked_for() -> None:
    told = {"width": "<b>", "height": 2, "seconds": [1], "hidden_slides": "3" * 999, "x": "y"}
    assert facts_of(told) == {"height": 2, "hidden_slides": "3" * 200}
    assert facts_of({"title": "Caso"}) is None


def test_a_repetition_changes_nothing(case: Asset) -> None:
    blob = blob_of(case)
    for _ in range(2):
        work("library.extract", blob.sha256)
        work("library.preview", blob.sha256)
        work("library.pages", blob.sha256)
    assert db.session.scalar(select(func.count(BlobPage.number))) == 2
    assert blob.preview_count == 2


def test_the_first_page_is_shown_before_the_others_are_painted(
    case: Asset, marketer: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    blob, browser = blob_of(case), sign_in(marketer)
    work("library.extract", blob.sha256)
    assert "HX-Refresh" not in browser.get(f"/assets/{case.id}/state?seen=0").headers
    work("library.preview", blob.sha256)
    assert (blob.preview_state, blob.preview_count) == (ExtractionState.PENDING, 1)
    assert "HX-Refresh" in browser.get(f"/assets/{case.id}/state?seen=0").headers
    assert "HX-Refresh" not in browser.get(f"/assets/{case.id}/state?seen=1").headers
    page = browser.get(f"/assets/{case.id}").text
    assert f"/assets/{case.id}/pages/1.webp?width=320 320w" in page
    assert "data-pages-left-out" not in page
    work("library.pages", blob.sha256)
    assert (blob.preview_state, blob.preview_count) == (ExtractionState.DONE, 2)
    assert "HX-Refresh" in browser.get(f"/assets/{case.id}/state?seen=1").headers


def test_pages_are_painted_beside_the_file_in_several_widths(case: Asset) -> None:
    blob = blob_of(case)
    work("library.preview", blob.sha256)
    work("library.pages", blob.sha256)
    for number in (1, 2):
        for width in (None, 320, 640):
            with current_storage().open(preview_key(blob.sha256, number, width)) as stream:
                picture = Image.open(stream)
                assert (picture.format, picture.width) == ("WEBP", width or 1200)


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_a_document_is_converted_once_for_all_its_pages(
    app: Flask, marketer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = blob_of(upload(files.word(tmp_path / "a.docx").read_bytes(), "caso.docx", marketer))
    work("library.preview", blob.sha256)
    kept = current_storage().stat(converted_key(blob.sha256))
    assert (blob.preview_count, blob.page_count) == (1, 2)
    assert kept is not None
    assert blob.pdf_size == kept.size
    with monkeypatch.context() as patch:
        patch.setattr(render, "convert_to_pdf", None)
        work("library.pages", blob.sha256)
    assert (blob.preview_state, blob.preview_count) == (ExtractionState.DONE, 2)
    work("library.pages", blob.sha256)
    assert (blob.preview_state, blob.preview_count) == (ExtractionState.DONE, 2)
    # It stays, to be read in the viewer.
    assert current_storage().stat(converted_key(blob.sha256)) == kept


@pytest.mark.slow
@pytest.mark.real_part("soffice")
@pytest.mark.parametrize("slides", [1, 3])
def test_a_deck_shows_its_first_slide_before_the_others(
    app: Flask, marketer: User, tmp_path: Path, slides: int
) -> None:
    deck = files.deck(tmp_path / "a.pptx", slides).read_bytes()
    blob = blob_of(upload(deck, "deck.pptx", marketer))
    work("library.preview", blob.sha256)
    assert (blob.preview_state, blob.preview_count) == (ExtractionState.PENDING, 1)
    assert blob.pdf_size is None
    work("library.pages", blob.sha256)
    assert (blob.preview_state, blob.preview_count) == (ExtractionState.DONE, slides)
    assert (blob.page_count, blob.pdf_size is not None) == (slides, True)


def test_a_new_draft_learns_language_and_title_from_its_file(app: Flask, marketer: User) -> None:
    asset = upload(
        pdf(
            "What we have learnt is that the cost of delay is for all of us to bear.",
            title="The cost of delay",
        ),
        "x.pdf",
        marketer,
    )
    work("library.extract", blob_of(asset).sha256)
    db.session.refresh(asset)
    assert (asset.language, asset.title) == ("en", "The cost of delay")


def test_what_a_person_has_touched_stays_theirs(case: Asset) -> None:
    factories.change(case, title="Meu título", language="en")
    work("library.extract", blob_of(case).sha256)
    db.session.refresh(case)
    assert (case.title, case.language) == ("Meu título", "en")


def test_a_broken_file_ends_in_a_state_that_people_see(app: Flask, marketer: User) -> None:
    asset = upload(b"%PDF-1.7\nnothing of a PDF follows", "quebrado.pdf", marketer)
    blob = blob_of(asset)
    work("library.extract", blob.sha256)
    work("library.preview", blob.sha256)
    assert blob.extraction is ExtractionState.FAILED
    assert blob.extraction_detail
    assert blob.preview_state is ExtractionState.FAILED


def test_a_file_gone_from_the_store_is_said_to_be_gone(case: Asset) -> None:
    blob = blob_of(case)
    current_storage().delete(object_key(blob.sha256))
    work("library.extract", blob.sha256)
    assert blob.extraction is ExtractionState.FAILED


def test_a_job_for_bytes_nobody_knows_is_done(app: Flask) -> None:
    work("library.extract", "0" * 64)
    work("library.preview", "0" * 64)
    work("library.pages", "0" * 64)


def test_trying_again_asks_for_both(case: Asset) -> None:
    blob = blob_of(case)
    quarantine.read(blob)
    asked = select(func.count(Job.id)).where(Job.key == blob.sha256)
    assert db.session.scalar(asked) == 4
    assert blob.extraction is ExtractionState.PENDING


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (PORTUGUESE * 2, "pt"),
        ("The cost of the delay is for you and for us to bear.", "en"),
        ("R$ 212 mil", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_small_words_or_not_at_all(
    text: str, language: str | None
) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    "title",
    [
        "untitled",
        "Microsoft Word - proposta",
        "Apresentação do PowerPoint",
        "a.pdf",
        " ",
        "x" * 300,
    ],
)
def test_a_title_that_a_program_wrote_is_none(title: str) -> None:
    assert usable_title(title, "") is None


@pytest.mark.parametrize(
    ("beginning", "believed"),
    [
        ("NEGOCIACAO de preço: o guia do vendedor", True),
        ("Novidades do produto em 2026, por nosso time", False),
        ("Preço e prazo", False),
        ("", True),
    ],
    ids=["says so itself", "was copied from another", "shares a word", "says nothing"],
)
def test_a_files_title_is_believed_when_the_file_says_it_too(
    beginning: str, believed: bool
) -> None:
    title = "Negociação de preço"
    assert usable_title(title, beginning) == (title if believed else None)


def test_a_file_that_changed_in_the_store_is_not_read(case: Asset) -> None:
    blob = blob_of(case)
    put_stream(current_storage(), object_key(blob.sha256), BytesIO(b"%PDF-1.4 something else"))
    work("library.extract", blob.sha256)
    work("library.preview", blob.sha256)
    assert (blob.extraction, blob.preview_state) == (ExtractionState.FAILED,) * 2
    assert "fsck" in (blob.extraction_detail or "")


@pytest.mark.slow
@pytest.mark.real_part("soffice")
@pytest.mark.parametrize("first", ["words", "pictures"])
def test_words_of_a_document_stand_on_the_page_that_shows_them(
    app: Flask, marketer: User, tmp_path: Path, first: str
) -> None:
    words = [[f"palavra{number}x{place}" for place in range(90)] for number in range(24)]
    paragraphs = [f"Parágrafo {number} " + " ".join(row) for number, row in enumerate(words)]
    content = files.prose(tmp_path / "a.docx", paragraphs).read_bytes()
    blob = blob_of(upload(content, "carta.docx", marketer))
    order = ["library.extract", "library.preview", "library.pages"]
    for kind in order if first == "words" else [*order[1:], order[0]]:
        work(kind, blob.sha256)
    work("library.page_ends", blob.sha256)
    with as_file(current_storage(), converted_key(blob.sha256)) as pdf:
        shown = extract(pdf, KINDS["pdf"]).pages
    assert len(shown) > 2
    assert [page.text.split() for page in blob.pages] == [page.text.split() for page in shown]
    assert blob.page_count == blob.preview_count == len(shown)
    before = [page.text for page in blob.pages]
    work("library.page_ends", blob.sha256)
    assert [page.text for page in blob.pages] == before


def test_words_wait_for_pages_that_are_not_there(case: Asset) -> None:
    work("library.page_ends", "0" * 64)
    work("library.extract", blob_of(case).sha256)
    before = [page.text for page in blob_of(case).pages]
    work("library.page_ends", blob_of(case).sha256)
    assert [page.text for page in blob_of(case).pages] == before

import re
import struct
import zlib
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest
from PIL import Image
from pptx import Presentation

from contentlib.extraction import (
    KINDS,
    Rendering,
    State,
    extract,
    office,
    render,
    render_converted,
    render_first_page,
    render_pages,
    sandbox,
)
from contentlib.extraction.first_slide import keep_first_slide
from contentlib.extraction.paint import MOST_PIXELS, _shown, fit
from contentlib.extraction.result import LOCKED, NO_OFFICE, NO_PICTURES, TOO_LARGE_A_PICTURE
from tests.extraction import files
from tests.extraction.test_hostile_files import Listener, external_picture


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.stop()


def paint(path: Path, **wish: int) -> Rendering:
    return render_pages(path, KINDS[path.suffix[1:]], path.parent / "pictures", **wish)


def test_each_page_of_a_pdf_becomes_a_picture_of_the_wanted_width(tmp_path: Path):
    rendering = paint(files.pdf(tmp_path / "a.pdf", "um", "dois"), width=600)
    assert (rendering.state, rendering.page_count) == (State.DONE, 2)
    assert [image.number for image in rendering.images] == [1, 2]
    for image in rendering.images:
        with Image.open(image.path) as picture:
            assert picture.format == "WEBP"
            assert picture.size == (600, image.height) == (image.width, 849)
            assert len(picture.getcolors(2**24) or []) > 1, "there is nothing on the page"


def test_only_so_many_pages_are_painted_and_it_says_so(tmp_path: Path):
    rendering = paint(files.pdf(tmp_path / "a.pdf", *"abcde"), most=2, width=100)
    assert (rendering.state, rendering.page_count) == (State.TRUNCATED, 5)
    assert len(rendering.images) == 2
    assert rendering.detail


def test_a_first_page_is_complete_though_others_follow(tmp_path: Path):
    path = files.pdf(tmp_path / "a.pdf", "um", "dois")
    rendering = render_first_page(path, KINDS["pdf"], tmp_path / "first", width=120)
    assert (rendering.state, rendering.detail, rendering.page_count) == (State.DONE, "", 2)
    assert [image.width for image in rendering.images] == [120]


def test_smaller_pictures_come_beside_a_large_one(tmp_path: Path):
    (image,) = paint(files.pdf(tmp_path / "a.pdf", "um")).images
    assert list(image.smaller) == [320, 640]
    for width, path in image.smaller.items():
        with Image.open(path) as picture:
            assert (picture.format, picture.width) == ("WEBP", width)
    (narrow,) = paint(files.picture(tmp_path / "a.png", 400, 300)).images
    assert list(narrow.smaller) == [320]


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "webp"])
def test_a_picture_is_made_smaller_but_never_larger(tmp_path: Path, kind: str):
    path = files.picture(tmp_path / f"a.{kind}", 640, 480)
    assert [(image.width, image.height) for image in paint(path, width=320).images] == [(320, 240)]
    assert [image.width for image in paint(path, width=9_000).images] == [640]


def test_a_photo_is_turned_upright_and_loses_what_the_camera_noted(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of a person"
    Image.new("RGB", (400, 200)).save(tmp_path / "a.jpg", exif=exif)
    (image,) = paint(tmp_path / "a.jpg", width=100).images
    assert (image.width, image.height) == (100, 200)
    found = extract(tmp_path / "a.jpg", KINDS["jpg"]).meta
    assert (found["width"], found["height"]) == (200, 400)
    assert b"Camera" not in image.path.read_bytes()


@pytest.mark.parametrize("size", [(612, 792), (14_400, 14_400), (20, 14_400), (14_400, 3), (0, 0)])
def test_no_page_becomes_larger_than_the_limits(size: tuple[float, float]):
    for width in (1, 1_200, 100_000):
        wide, high = fit(*size, width)
        assert 1 <= wide * high <= MOST_PIXELS
        assert max(wide, high) <= 16_383


def test_a_huge_page_is_painted_within_the_limit(tmp_path: Path):
    path = files.raw_pdf(
        tmp_path / "a.pdf",
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]/UserUnit 100>>",
    )
    (image,) = paint(path, width=50_000).images
    assert image.width * image.height <= MOST_PIXELS


def test_a_picture_that_claims_billions_of_pixels_fails(tmp_path: Path):
    path = files.picture(tmp_path / "a.png", 8, 8)
    honest = path.read_bytes()
    header = b"IHDR" + struct.pack(">2I", 60_000, 60_000) + honest[24:29]
    checksum = struct.pack(">I", zlib.crc32(header))
    path.write_bytes(honest[:12] + header + checksum + honest[33:])
    assert (paint(path).state, paint(path).detail) == (State.FAILED, TOO_LARGE_A_PICTURE)
    read = extract(path, KINDS["png"])
    assert (read.state, read.detail) == (State.FAILED, TOO_LARGE_A_PICTURE)


def test_what_cannot_be_painted_says_why(tmp_path: Path):
    locked = files.pdf(tmp_path / "a.pdf", "segredo", password="abre-te")
    assert (paint(locked).state, paint(locked).detail) == (State.PASSWORD, LOCKED)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    assert paint(tmp_path / "broken.pdf").state is State.FAILED
    assert paint(files.zip_bomb(tmp_path / "a.pptx")).state is State.FAILED
    (tmp_path / "a.svg").write_text("<svg/>")
    assert (paint(tmp_path / "a.svg").state, paint(tmp_path / "a.svg").detail) == (
        State.EMPTY,
        NO_PICTURES,
    )


def test_only_real_pictures_leave_the_workspace(tmp_path: Path):
    """A reader taken over by its file may leave anything under the name of a picture."""
    good, bad, link = (tmp_path / f"page-000{number}.webp" for number in (1, 2, 3))
    Image.new("RGB", (8, 8)).save(good)
    bad.write_text("<script>alert(1)</script>")
    link.symlink_to("/etc/passwd")
    lines = [{"image": number, "width": 8, "height": 8} for number in (1, 2, 3, 4)]
    lines.append({"image": "../../etc/passwd", "width": 8, "height": 8})
    outcome = sandbox.Outcome(sandbox.Ended.BY_ITSELF, lines)
    images = render._collect(outcome, tmp_path, tmp_path / "out")
    assert [image.number for image in images] == [1]


def test_without_libreoffice_an_office_preview_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "/nowhere")
    office.office_program.cache_clear()
    rendering = paint(files.pptx(tmp_path / "a.pptx"))
    office.office_program.cache_clear()
    assert (rendering.state, rendering.detail) == (State.UNSUPPORTED, NO_OFFICE)


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_office_files_become_pictures(tmp_path: Path):
    for make, pages in ((files.pptx, 2), (files.word, 2), (files.workbook, 3)):
        kind = {files.pptx: "pptx", files.word: "docx", files.workbook: "xlsx"}[make]
        rendering = paint(make(tmp_path / f"a.{kind}"), width=300)
        assert (rendering.state, len(rendering.images)) == (State.DONE, pages), rendering


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_pictures_are_numbered_as_the_words_are(tmp_path: Path):
    """A hidden slide is a page of its own; a sheet is one page, of which its beginning is shown."""
    assert len(paint(files.deck(tmp_path / "a.pptx"), width=300).images) == 3
    book = openpyxl.Workbook()
    for number in range(400):
        book.active.append([number, "linha"])
    book.create_sheet("Segunda").append(["fim"])
    book.save(tmp_path / "a.xlsx")
    first, _ = paint(tmp_path / "a.xlsx", width=300).images
    assert (first.width, first.height) == (300, 450)


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_a_first_slide_does_not_wait_for_the_others(tmp_path: Path):
    first = render_first_page(files.deck(tmp_path / "a.pptx"), KINDS["pptx"], tmp_path / "first")
    assert (first.state, len(first.images), first.page_count) == (State.DONE, 1, 0)
    assert first.pdf is None


def test_a_deck_is_shortened_to_its_first_slide(tmp_path: Path):
    path = files.deck(tmp_path / "a.pptx", 5)
    keep_first_slide(path)
    (slide,) = Presentation(str(path)).slides
    assert slide.shapes.title.text == "Slide 1"
    keep_first_slide(path)
    assert len(Presentation(str(path)).slides) == 1


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_the_other_pages_are_painted_without_converting_again(tmp_path: Path):
    kind, into = KINDS["docx"], tmp_path / "first"
    first = render_first_page(files.word(tmp_path / "a.docx"), kind, into)
    assert (first.state, len(first.images), first.page_count) == (State.DONE, 1, 2)
    assert first.pdf is not None
    rest = render_converted(first.pdf, kind, tmp_path / "all")
    assert (rest.state, len(rest.images)) == (State.DONE, 2)


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_a_font_that_is_not_here_is_replaced_by_one_as_wide(tmp_path: Path):
    document = docx.Document()
    for name in ("Calibri", "Cambria", "Segoe UI", "A font that nobody knows"):
        document.add_paragraph().add_run("Negociação").font.name = name
    document.save(str(tmp_path / "a.docx"))
    painted = render_first_page(tmp_path / "a.docx", KINDS["docx"], tmp_path / "pictures")
    assert painted.pdf is not None
    used = set(re.findall(rb"/FontName/[A-Z]+\+([A-Za-z]+)", painted.pdf.read_bytes()))
    assert used == {b"Carlito", b"Caladea", b"OpenSans"}


@pytest.mark.slow
@pytest.mark.real_part("soffice")
@pytest.mark.parametrize(
    ("locale", "day", "amount"),
    [("pt-BR", "31/12/2026", "1.234,50"), ("en-US", "12/31/2026", "1,234.50")],
)
def test_days_and_numbers_are_written_as_people_here_do(
    tmp_path: Path, locale: str, day: str, amount: str
):
    book = openpyxl.Workbook()
    book.active.append([date(2026, 12, 31), 1234.5])
    book.active["A1"].number_format, book.active["B1"].number_format = "mm-dd-yy", "#,##0.00"
    book.active.column_dimensions["A"].width = 20
    book.save(tmp_path / "a.xlsx")
    painted = render_first_page(tmp_path / "a.xlsx", KINDS["xlsx"], tmp_path / "p", locale=locale)
    assert painted.pdf is not None
    (page,) = extract(painted.pdf, KINDS["pdf"]).pages
    assert page.text.split() == [day, amount]


def test_a_sheet_is_shown_as_far_as_it_can_be_read():
    assert _shown(842, 595, None) == (842, 595)
    assert _shown(300, 200, render.SHEET) == (600, 200)
    assert _shown(5000, 90_000, render.SHEET) == (1100, 1650)


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_libreoffice_calls_nobody(tmp_path: Path, listener: Listener):
    port = listener.server.getsockname()[1]
    picture = (
        '<office:text><text:p>Texto<draw:frame><draw:image xlink:type="simple" '
        f'xlink:href="http://127.0.0.1:{port}/x.png"/></draw:frame></text:p></office:text>'
    )
    parts = {"/": "application/vnd.oasis.opendocument.text", "content.xml": "text/xml"}
    entries = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="{media}"/>'
        for name, media in parts.items()
    )
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f"{entries}</m:manifest>"
    ).encode()
    for path in (
        external_picture(tmp_path / "a.docx", port),
        files.opendocument(tmp_path / "a.odt", "text", picture, manifest=manifest),
    ):
        assert paint(path, width=300).state is State.DONE
    assert not listener.called


@pytest.mark.slow
@pytest.mark.real_part("soffice")
def test_libreoffice_stops_at_its_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(office, "_LIMITS", office.Limits(memory=4 * 2**30, wall=1, cpu=1))
    rendering = paint(files.pptx(tmp_path / "a.pptx"))
    assert rendering.state is State.FAILED
    assert rendering.state.retryable

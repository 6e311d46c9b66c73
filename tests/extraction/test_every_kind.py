"""What holds for each kind of file, whichever is added: whole, cut, empty or another's bytes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from contentlib.extraction import KINDS, State, extract, render_pages, sniff
from contentlib.extraction.errors import EMPTY, UnacceptableFile
from contentlib.extraction.result import UNREADABLE
from tests.extraction import files
from tests.extraction.videos import box, element, film, mvhd, tkhd, web_film

SLIDE = "<office:presentation><draw:page><text:p>Caso</text:p></draw:page></office:presentation>"
SHEET = "<office:spreadsheet><table:table table:name='Caso'/></office:spreadsheet>"
TEXT = "<office:text><text:p>Caso</text:p></office:text>"
BYTES = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><text>Caso</text></svg>",
    "mp4": film(mvhd(), box(b"trak", tkhd(640, 360))).replace(b"isom", b"mp42", 1),
    "webm": web_film(element(0x4489, b"\x47\x74\x24\x00")),
    "txt": b"Caso",
    "md": b"# Caso",
    "srt": b"1\n00:00:01,000 --> 00:00:02,000\nCaso\n",
    "vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nCaso\n",
    "html": b"<!doctype html><p>Caso",
}
MAKERS: dict[str, Callable[[Path], object]] = {
    "pdf": lambda path: files.pdf(path, "Caso"),
    "pptx": files.pptx,
    "docx": files.word,
    "xlsx": files.workbook,
    "odp": lambda path: files.opendocument(path, "presentation", SLIDE),
    "ods": lambda path: files.opendocument(path, "spreadsheet", SHEET),
    "odt": lambda path: files.opendocument(path, "text", TEXT),
    **dict.fromkeys(("png", "jpg", "webp", "gif"), files.picture),
}
SOUND = (State.DONE, State.EMPTY)


def made(kind: str, folder: Path) -> Path:
    path = folder / f"a.{kind}"
    if kind in BYTES:
        path.write_bytes(BYTES[kind])
    else:
        MAKERS[kind](path)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_known_by_its_content_and_read(tmp_path: Path, kind: str):
    """A name that says nothing must do, except for Markdown, which is text by any other name."""
    path = made(kind, tmp_path)
    assert sniff(path, "caso" if kind != "md" else "caso.md") is KINDS[kind]
    found = extract(path, KINDS[kind])
    assert found.state in SOUND
    assert found.detail or found.state is State.DONE


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_file_is_not_taken_and_harms_nobody_who_has_it(tmp_path: Path, kind: str):
    path = tmp_path / f"a.{kind}"
    path.touch()
    with pytest.raises(UnacceptableFile) as refused:
        sniff(path, path.name)
    assert refused.value.message == EMPTY
    found = extract(path, KINDS[kind])
    assert found.state in (State.FAILED, State.EMPTY)
    assert found.detail


@pytest.mark.parametrize("foreign", ["gif", "docx", "webm", "svg"])
def test_bytes_of_another_kind_are_taken_under_no_other_name(tmp_path: Path, foreign: str):
    path = made(foreign, tmp_path)
    # Text is what it is named: an SVG called a TXT is sent as text and never shown as a picture.
    text = {"txt", "md", "html"} if foreign == "svg" else set()
    for kind in set(KINDS) - {foreign} - text:
        with pytest.raises(UnacceptableFile):
            sniff(path, f"caso.{kind}")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"txt", "md", "srt", "vtt", "html", "webm"}))
def test_half_a_file_says_that_it_is_damaged_or_gives_what_is_left(tmp_path: Path, kind: str):
    path = made(kind, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    found = extract(path, KINDS[kind])
    painted = render_pages(path, KINDS[kind], tmp_path / "pictures")
    if KINDS[kind].family in ("office", "video", "svg"):
        assert (found.state, found.detail) == (State.FAILED, UNREADABLE)
    assert found.state in (*SOUND, State.FAILED)
    assert painted.state in (*SOUND, State.FAILED, State.UNSUPPORTED)
    assert painted.detail or painted.images

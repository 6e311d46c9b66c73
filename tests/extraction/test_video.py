"""Facts about a video from its headers, honest ones and those that lie."""

import struct
from pathlib import Path

import pytest

from contentlib.extraction import KINDS, Extraction, State, extract
from contentlib.extraction.readers import mp4, webm
from contentlib.extraction.result import UNREADABLE, VIDEO
from tests.extraction.videos import TURNED, UPRIGHT, box, element, film, mvhd, tkhd, web_film


def read(path: Path, content: bytes) -> Extraction:
    path.write_bytes(content)
    return extract(path, KINDS[path.suffix[1:]])


def test_an_mp4_tells_its_length_and_size(tmp_path: Path):
    sound = box(b"trak", tkhd(0, 0))
    for track, size in ((tkhd(1920, 1080), (1920, 1080)), (tkhd(1920, 1080, TURNED), (1080, 1920))):
        found = read(tmp_path / "a.mp4", film(mvhd(), sound, box(b"trak", track), sound))
        assert (found.state, found.detail) == (State.EMPTY, VIDEO)
        assert found.meta == {"width": size[0], "height": size[1], "seconds": 155.0}


def test_a_longer_header_is_read_as_well(tmp_path: Path):
    times = struct.pack(">IQ", 600, 6_000)
    moov = box(b"mvhd", b"\1" + bytes(19), times, bytes(80))
    track = box(b"tkhd", b"\1" + bytes(51), UPRIGHT, struct.pack(">4H", 640, 0, 360, 0))
    found = read(tmp_path / "a.mp4", film(moov, box(b"trak", track)))
    assert found.meta == {"width": 640, "height": 360, "seconds": 10.0}


@pytest.mark.parametrize("live", [False, True], ids=["of known size", "recorded live"])
def test_a_webm_tells_its_length_and_size(tmp_path: Path, live: bool):
    length = element(0x4489, struct.pack(">d", 62_500.0))
    content = web_film(element(0x2AD7B1, b"\x0f\x42\x40"), length, live=live)
    found = read(tmp_path / "a.webm", content)
    assert (found.state, found.detail) == (State.EMPTY, VIDEO)
    assert found.meta == {"width": 1920, "height": 1080, "seconds": 62.5}
    assert "seconds" not in read(tmp_path / "a.webm", web_film(live=live)).meta


LIES = {
    "empty.mp4": b"",
    "cut.mp4": film(mvhd(), box(b"trak", tkhd(640, 360)))[:-100],
    "no headers.mp4": box(b"ftyp", b"isom") + box(b"mdat", bytes(900)),
    "longer than the file.mp4": box(b"moov", mvhd(), size=2**31),
    "shorter than itself.mp4": box(b"moov", mvhd(), size=4),
    "no time at all.mp4": film(mvhd(scale=0)),
    "impossible.mp4": film(mvhd(scale=1, length=2**32 - 2), box(b"trak", tkhd(0, 7))),
    "nothing.webm": b"\x1a\x45\xdf\xa3",
    "zeros.webm": b"\x1a\x45\xdf\xa3" + bytes(5_000),
    "endless.webm": element(0x1A45DFA3, b"") + b"\x18\x53\x80\x67\x01" + b"\xff" * 5_000,
    "not a number.webm": web_film(element(0x4489, struct.pack(">d", float("nan"))))[:60],
}


@pytest.mark.parametrize("name", LIES)
def test_headers_that_lie_are_said_to_be_damaged(tmp_path: Path, name: str):
    found = read(tmp_path / name, LIES[name])
    assert (found.state, found.detail) == (State.FAILED, UNREADABLE)


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        (mp4, b"".join(box(b"free") for _ in range(mp4.MOST_BOXES)) + film(mvhd())),
        (webm, b"\xec\x80" * webm.MOST_ELEMENTS + web_film()),
    ],
)
def test_only_so_many_headers_are_looked_at(tmp_path: Path, reader: object, content: bytes):
    name = "a.mp4" if reader is mp4 else "a.webm"
    assert read(tmp_path / name, content).state is State.FAILED


def test_the_deepest_nesting_of_boxes_ends_with_a_sentence(tmp_path: Path):
    content = b""
    for _ in range(4_000):
        content = box(b"moov", content)
    assert read(tmp_path / "a.mp4", content).state is State.FAILED

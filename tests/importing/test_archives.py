"""Archives as nobody honest packs them: a bad entry has a sentence, and the rest is there."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from contentlib.core.errors import Invalid
from contentlib.extraction.errors import BOMB, DAMAGED, UnacceptableFile
from contentlib.importing.bundles import archive as archives
from contentlib.importing.bundles import paths
from contentlib.importing.bundles.archive import Archive
from contentlib.importing.bundles.sources import Entry, stored_file
from contentlib.storage import open_storage

Build = Callable[[zipfile.ZipFile], None]
GOOD = "bom.txt"


def packed(build: Build) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(GOOD, "palavras")
        build(archive)
    return stream.getvalue()


def opened(content: bytes, most: int = 10**9) -> Archive:
    return Archive(io.BytesIO(content), most_bytes=most)


def entries(content: bytes) -> dict[str, Entry]:
    found = {entry.path: entry for entry in opened(content).entries()}
    good = found.pop(GOOD)
    assert (good.problem, content_of(opened(content), good)) == (None, b"palavras")
    return found


def only(content: bytes) -> Entry:
    (entry,) = entries(content).values()
    return entry


def content_of(archive: Archive, entry: Entry) -> bytes:
    blocks = []
    with archive.open(str(entry.place)) as stream:
        while block := stream.read(5):
            blocks.append(block)
    return b"".join(blocks)


@pytest.mark.parametrize(
    "name",
    ["../fora.txt", "a/../../fora.txt", "/etc/passwd", "C:\\Windows\\x.txt", "..\\fora.txt", "a/ "],
)
def test_a_name_that_leads_out_is_refused_and_the_rest_is_there(name: str) -> None:
    assert only(packed(lambda archive: archive.writestr(name, "x"))).problem == paths.LEADS_OUT


def test_backslashes_of_windows_are_folders() -> None:
    assert (
        only(packed(lambda archive: archive.writestr("Casos\\um.txt", "x"))).path == "Casos/um.txt"
    )


def test_a_link_is_no_file() -> None:
    def build(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("atalho.txt")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")

    assert only(packed(build)).problem == archives.LINK


def test_a_locked_entry_asks_for_one_without_password() -> None:
    content = bytearray(packed(lambda archive: archive.writestr("segredo.txt", "x")))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    assert only(bytes(content)).problem == archives.LOCKED


def test_an_entry_packed_in_a_hungry_way_is_not_opened() -> None:
    def build(archive: zipfile.ZipFile) -> None:
        archive.writestr("x.txt", "x" * 100, compress_type=zipfile.ZIP_LZMA)

    assert only(packed(build)).problem == archives.STRANGE_PACKING


def test_an_entry_that_unpacks_a_thousand_times_is_a_bomb() -> None:
    content = packed(lambda archive: archive.writestr("zeros.txt", b"\0" * 5_000_000))
    assert only(content).problem == BOMB


def test_the_second_file_of_a_name_is_told_apart() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "um")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "dois")
    first, second = opened(stream.getvalue()).entries()
    assert (first.problem, second.problem) == (None, archives.TWICE)


@pytest.mark.parametrize("lie", [1, -1, 5_000])
def test_an_entry_that_lies_about_its_size_is_damaged(lie: int) -> None:
    content = bytearray(packed(lambda archive: archive.writestr("mente.txt", "0123456789" * 20)))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 200 + lie)
    entry = only(bytes(content))
    with pytest.raises(UnacceptableFile, match=DAMAGED[:20]):
        content_of(opened(bytes(content)), entry)


def test_an_entry_whose_bytes_were_changed_is_damaged() -> None:
    def build(archive: zipfile.ZipFile) -> None:
        archive.writestr("x.txt", "0123456789", compress_type=zipfile.ZIP_STORED)

    content = packed(build).replace(b"0123456789", b"0123456780")
    with pytest.raises(UnacceptableFile, match=DAMAGED[:20]):
        content_of(opened(content), only(content))


def test_entries_that_share_their_bytes_are_told() -> None:
    content = bytearray(packed(lambda archive: archive.writestr("b.txt", "x" * 50)))
    at = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 42, 1)
    found = {entry.path: entry.problem for entry in opened(bytes(content)).entries()}
    assert found == {GOOD: None, "b.txt": archives.SHARED}


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.4", b"x" * 1000])
def test_what_is_no_archive_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Invalid, match="no ZIP file"):
        opened(content)


def test_a_cut_archive_is_refused_as_a_whole() -> None:
    with pytest.raises(Invalid, match="no ZIP file"):
        opened(packed(lambda _archive: None)[:-30])


def test_an_archive_of_too_many_or_too_large_files_is_refused() -> None:
    content = packed(lambda archive: archive.writestr("b.txt", "x" * 50))
    with pytest.raises(Invalid, match="larger than"):
        list(opened(content, most=20).entries())
    at = content.rindex(b"PK\x05\x06")
    many = content[: at + 10] + struct.pack("<H", 30_000) + content[at + 12 :]
    with pytest.raises(Invalid, match="20000"):
        opened(many)


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "utf-8"])
def test_portuguese_names_are_read_whatever_windows_wrote(encoding: str) -> None:
    wanted = "Apresentação/Negociação é não.txt"
    raw = wanted.encode(encoding)
    plain = "x" * len(raw)
    content = packed(lambda archive: archive.writestr(plain, "x")).replace(plain.encode(), raw)
    assert only(content).path == wanted


def test_a_name_told_in_unicode_beside_the_other_wins() -> None:
    raw, wanted = b"ac?o.txt", "ação.txt"
    field = b"\1" + zlib.crc32(raw).to_bytes(4, "little") + wanted.encode()

    def build(archive: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(raw.decode())
        info.extra = struct.pack("<HH", 0x7075, len(field)) + field
        archive.writestr(info, "x")

    assert only(packed(build)).path == wanted


@pytest.mark.parametrize(
    "path",
    ["__MACOSX/a/._b.pdf", "a/.DS_Store", "Thumbs.db", "x/desktop.ini", "~$a.docx", ".git/config"],
)
def test_what_computers_keep_for_themselves_is_noise(path: str) -> None:
    assert paths.is_noise(path)
    assert not paths.is_noise("Casos/macosx.pdf")


def test_an_archive_is_read_out_of_the_store_where_it_lies(tmp_path) -> None:
    content = packed(lambda archive: archive.writestr("b.txt", "dois" * 1000))
    storage = open_storage(f"file:{tmp_path}/store")
    (tmp_path / "x").write_bytes(content)
    storage.put("imports/x", tmp_path / "x")
    with stored_file(storage, "imports/x", len(content)) as stream:
        archive = Archive(stream, most_bytes=10**6)
        read = {entry.path: content_of(archive, entry) for entry in archive.entries()}
    assert read == {GOOD: b"palavras", "b.txt": b"dois" * 1000}

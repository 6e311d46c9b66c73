"""What a file is, told from its bytes; its name can only agree or disagree."""

import re
from pathlib import Path

import filetype

from contentlib.extraction import errors
from contentlib.extraction.container import kind_of_ole, kind_of_zip
from contentlib.extraction.errors import UnacceptableFile
from contentlib.extraction.filenames import extension_of
from contentlib.extraction.kinds import BY_EXTENSION, KINDS, Kind
from contentlib.extraction.plaintext import looks_like_text, subtitles_in

_HEAD = 8192
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROGRAM_HEADS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"\x00asm",
)
_PROGRAM_EXTENSIONS = frozenset(
    """
    apk app bat cmd com cpl dll dmg exe hta jar js jse lnk msi pif ps1 py reg scr sh url vb vbe
    vbs wsf
    """.split()  # noqa: SIM905 - thirty quoted words read worse
)
_ARCHIVES = frozenset(("zip", "rar", "7z", "gz", "bz2", "xz", "tar", "lz", "svgz"))
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_SVG = re.compile(rb"<(?:[a-z]+:)?svg[\s>]", re.IGNORECASE)
_PREAMBLE = re.compile(
    rb"(?:\xef\xbb\xbf|\s+|<\?.*?\?>|<!--.*?-->|<!doctype\s+svg[^>]*>)+", re.DOTALL | re.IGNORECASE
)


def sniff(path: Path, filename: str) -> Kind:
    """Return the kind of a file, or raise `UnacceptableFile` saying why it is not taken."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    extension = extension_of(filename)
    if not head:
        raise UnacceptableFile(errors.EMPTY)
    if _is_program(head) or extension in _PROGRAM_EXTENSIONS:
        raise UnacceptableFile(errors.PROGRAM)
    kind = _kind_of(path, head, extension)
    named = BY_EXTENSION.get(extension)
    if kind is None:
        raise _unrecognised(extension, named, head)
    if named is not None and named != kind:
        raise UnacceptableFile(errors.MISMATCH, extension=extension, found=kind.extension.upper())
    return kind


def head_tells(head: bytes) -> bool:
    """Tell whether the first bytes of a file say its kind, as all do but containers."""
    return not head.startswith((_ZIP, _OLE))


def refuse_by_name(filename: str) -> None:
    """Refuse what its name alone says is not taken, before its first byte is sent."""
    extension = extension_of(filename)
    if extension in _PROGRAM_EXTENSIONS:
        raise UnacceptableFile(errors.PROGRAM)
    if extension in _ARCHIVES:
        raise UnacceptableFile(errors.ARCHIVE)


def _is_program(head: bytes) -> bool:
    if looks_like_text(head):
        return head.startswith(b"#!/")
    return head.startswith(_PROGRAM_HEADS)


def _kind_of(path: Path, head: bytes, extension: str) -> Kind | None:
    if head.startswith(_ZIP):
        return kind_of_zip(path)
    if head.startswith(_OLE):
        return kind_of_ole(path, extension)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return KINDS["pdf"]
    guessed = filetype.guess_extension(head)
    if guessed in ("png", "jpg", "webp", "gif", "mp4", "m4v", "webm"):
        return BY_EXTENSION[guessed]
    return _kind_of_text(head, extension) if looks_like_text(head) else None


def _kind_of_text(head: bytes, extension: str) -> Kind | None:
    """Text is what it is named, except where a browser would read it as something else."""
    preamble = _PREAMBLE.match(head)
    body = head[preamble.end() :] if preamble else head
    if extension in ("txt", "text", "md", "markdown", "html", "htm"):
        return BY_EXTENSION[extension]
    if _SVG.match(body):
        return KINDS["svg"]
    if _HTML.match(body):
        return KINDS["html"]
    if subtitles := subtitles_in(head):
        return KINDS[subtitles]
    return KINDS["txt"] if extension == "" else None


def _unrecognised(extension: str, named: Kind | None, head: bytes) -> UnacceptableFile:
    if named is not None:
        return UnacceptableFile(errors.NOT_AS_NAMED, extension=extension)
    if filetype.guess_extension(head) in _ARCHIVES or extension in _ARCHIVES:
        return UnacceptableFile(errors.ARCHIVE)
    return UnacceptableFile(errors.UNKNOWN)

"""Which Office format a container holds, from its parts and not from its name."""

import zipfile
from pathlib import Path

from contentlib.extraction import errors
from contentlib.extraction.errors import UnacceptableFile
from contentlib.extraction.kinds import BY_EXTENSION, KINDS, Kind
from contentlib.extraction.zipcheck import check_zip

_TYPES_PART = "[Content_Types].xml"
_TYPES_LIMIT = 2_000_000
_MAIN_PARTS = {
    b"presentationml.presentation.main+xml": "pptx",
    b"presentationml.slideshow.main+xml": "pptx",
    b"presentationml.template.main+xml": "pptx",
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"spreadsheetml.template.main+xml": "xlsx",
}
_MACROS = (b"macroenabled", b"vbaproject", b"ms-office.activex")
_OLE_SEARCH = 1_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def kind_of_zip(path: Path) -> Kind:
    """Tell the kind of a checked ZIP file; a plain archive is refused."""
    names = {entry.filename for entry in check_zip(path)}
    try:
        with zipfile.ZipFile(path) as archive:
            if _TYPES_PART in names:
                return _kind_of_ooxml(_read(archive, _TYPES_PART))
            if "mimetype" in names:
                return _kind_of_odf(_read(archive, "mimetype"))
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError) as error:
        raise UnacceptableFile(errors.DAMAGED) from error
    raise UnacceptableFile(errors.PROGRAM if "META-INF/MANIFEST.MF" in names else errors.ARCHIVE)


def kind_of_ole(path: Path, extension: str) -> Kind:
    """Tell an Office file locked by a password, which is welcome, from the formats of old."""
    kind = BY_EXTENSION.get(extension)
    if kind is not None and kind.family == "office" and _names_encrypted_package(path):
        return kind
    raise UnacceptableFile(errors.OLD_OFFICE)


def _kind_of_ooxml(types: bytes) -> Kind:
    if any(mark in types.lower() for mark in _MACROS):
        raise UnacceptableFile(errors.MACROS)
    for mark, name in _MAIN_PARTS.items():
        if mark in types:
            return KINDS[name]
    raise UnacceptableFile(errors.UNKNOWN)


def _kind_of_odf(mimetype: bytes) -> Kind:
    """Tell the kind by the part that says so; a ZIP file that calls itself a PDF is none."""
    for kind in KINDS.values():
        if kind.family == "office" and mimetype.strip() == kind.content_type.encode():
            return kind
    raise UnacceptableFile(errors.UNKNOWN)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a small part; the limit holds whatever size the directory claims."""
    with archive.open(name) as part:
        content = part.read(_TYPES_LIMIT + 1)
    if len(content) > _TYPES_LIMIT:
        raise UnacceptableFile(errors.BOMB)
    return content


def _names_encrypted_package(path: Path) -> bool:
    with path.open("rb") as stream:
        if _ENCRYPTED in stream.read(_OLE_SEARCH):
            return True
        stream.seek(max(0, path.stat().st_size - _OLE_SEARCH))
        return _ENCRYPTED in stream.read(_OLE_SEARCH)

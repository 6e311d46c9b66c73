"""In which form a material comes: what people filter by, coarser than a media type."""

from sqlalchemy import ColumnElement, case

from contentlib.core.errors import N_
from contentlib.extraction.kinds import KINDS
from contentlib.library.models import AssetVersion, Blob, VersionKind

FORMAT_NAMES = {
    "pdf": "PDF",
    "pptx": "PPTX",
    "docx": "DOCX",
    "xlsx": "XLSX",
    "odp": "ODP",
    "odt": "ODT",
    "ods": "ODS",
    "image": N_("Image"),
    "video": N_("Video"),
    "text": N_("Text"),
    "link": N_("Link"),
    "written": N_("Written here"),
    "file": N_("Other file"),
}
_FAMILIES = {"image": "image", "svg": "image", "video": "video", "text": "text"}
_BY_MEDIA_TYPE = {
    kind.content_type.partition(";")[0]: _FAMILIES.get(kind.family, kind.name)
    for kind in KINDS.values()
}


def format_of(version: AssetVersion | None) -> str:
    """Return the form of a version, a key of `FORMAT_NAMES`."""
    if version is None:
        return "file"
    return form_of(version.kind, version.blob.media_type if version.blob else None)


def form_of(kind: VersionKind | None, media_type: str | None) -> str:
    """Return the same of a version's kind and its file's media type, where it has these."""
    if kind is None or kind == VersionKind.FILE:
        return _BY_MEDIA_TYPE.get((media_type or "").partition(";")[0], "file")
    return "link" if kind == VersionKind.LINK else "written"


def format_expression() -> ColumnElement[str]:
    """Return the same rule for the database, over AssetVersion joined with its Blob."""
    written = AssetVersion.kind.in_((VersionKind.SCRIPT, VersionKind.OBJECTION))
    media = [
        (Blob.media_type.startswith(media_type), name)
        for media_type, name in _BY_MEDIA_TYPE.items()
    ]
    return case(
        (written, "written"), (AssetVersion.kind == VersionKind.LINK, "link"), *media, else_="file"
    )

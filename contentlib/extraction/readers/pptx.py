"""PPTX: each slide's words, its tables, groups and diagrams, and what the speaker noted."""

from collections.abc import Iterator
from pathlib import Path

from pptx.package import Package
from pptx.slide import Slide

from contentlib.extraction.document import Document
from contentlib.extraction.readers.ooxml import paragraphs, parse


def read(path: Path) -> Document:
    """Read a presentation or a slide show."""
    presentation = Package.open(str(path)).main_document_part.presentation
    title = presentation.core_properties.title.strip()
    slides = presentation.slides
    return Document(
        (_text(slide) for slide in slides),
        page_count=len(slides),
        meta={"title": title} if title else {},
    )


def _text(slide: Slide) -> str:
    return "\n".join(part for part in _parts(slide) if part)


def _parts(slide: Slide) -> Iterator[str]:
    yield paragraphs(slide.element)
    for relation in slide.part.rels.values():
        if relation.reltype.endswith("/diagramData") and not relation.is_external:
            yield paragraphs(parse(relation.target_part.blob))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text.strip()

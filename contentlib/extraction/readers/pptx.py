"""PPTX: each slide's words, its tables, groups, diagrams and charts, and the speaker's notes."""

from collections.abc import Iterator
from pathlib import Path

from pptx.package import Package
from pptx.slide import Slide

from contentlib.extraction.document import Document
from contentlib.extraction.readers.ooxml import chart_words, numbers, paragraphs, parse


def read(path: Path) -> Document:
    """Read a presentation or a slide show."""
    presentation = Package.open(str(path)).main_document_part.presentation
    slides = list(presentation.slides)
    title = presentation.core_properties.title.strip()
    hidden = (number for number, slide in enumerate(slides, 1) if _is_hidden(slide))
    meta = {"title": title, "hidden_slides": numbers(hidden)}
    return Document(
        (_text(slide) for slide in slides),
        page_count=len(slides),
        meta={name: value for name, value in meta.items() if value},
    )


def _is_hidden(slide: Slide) -> bool:
    """Tell whether a show leaves the slide out; its words are found all the same."""
    return slide.element.get("show") in ("0", "false")


def _text(slide: Slide) -> str:
    return "\n".join(part for part in _parts(slide) if part)


def _parts(slide: Slide) -> Iterator[str]:
    yield paragraphs(slide.element)
    for relation in slide.part.rels.values():
        if relation.is_external:
            continue
        if relation.reltype.endswith("/diagramData"):
            yield paragraphs(parse(relation.target_part.blob))
        elif relation.reltype.endswith("/chart"):
            yield chart_words(parse(relation.target_part.blob))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text.strip()

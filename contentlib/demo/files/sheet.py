"""Calculators as Excel files: inputs to change on pale ground, formulas below."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from contentlib.demo import brand
from contentlib.demo.blocks import Panel
from contentlib.demo.files.formulas import results
from contentlib.demo.files.zipped import steady
from contentlib.demo.sources import Source

FORMATS = {"R$": '"R$" #,##0.00', "US$": '"US$" #,##0.00', "%": "0.0%", "n": "#,##0", "d": "0.0"}


def xlsx(source: Source) -> bytes:
    """One worksheet for each ```sheet``` panel; cells are “label | value | format | remark”."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = source.title, brand.FIRM
    book.properties.created = brand.MOMENT
    panels = [block for block in source.blocks if isinstance(block, Panel)]
    for panel in panels:
        _worksheet(book.create_sheet(panel.title), source, panel)
    target = BytesIO()
    book.save(target)
    return steady(target.getvalue(), _computed(panels))


def _computed(panels: list[Panel]) -> dict[bytes, bytes]:
    """Each formula as openpyxl writes it, without a result, and as it should be, with one."""
    complete = {}
    for panel in panels:
        cells = {row: _value(cells[1]) for row, cells in enumerate(panel.rows, 3) if cells[1:]}
        for row, number in results(cells).items():
            formula = f"<f>{str(cells[row])[1:]}</f>"
            complete[f"{formula}<v></v>".encode()] = (
                f"{formula}<v>{round(number, 6)!r}</v>".encode()
            )
    return complete


def _worksheet(sheet: Any, source: Source, panel: Panel) -> None:
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for letter, width in zip("ABC", (46, 18, 64), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet["A1"] = source.title
    sheet["A1"].font = Font(name="Calibri", size=16, bold=True, color=_argb(brand.TEAL))
    for number, row in enumerate(panel.rows, start=3):
        _row(sheet, number, row)


def _row(sheet: Any, number: int, row: tuple[str, ...]) -> None:
    label, value, kind, remark = (*row, "", "", "")[:4]
    sheet.cell(number, 1, label).font = Font(bold=not value, color=_argb(brand.INK))
    sheet.cell(number, 3, remark).font = Font(italic=True, color=_argb(brand.MUTED))
    sheet.cell(number, 3).alignment = Alignment(wrap_text=True, vertical="top")
    if not value:
        return
    cell = sheet.cell(number, 2, value if value.startswith("=") else _value(value))
    cell.number_format = FORMATS.get(kind, "General")
    if not value.startswith("="):
        cell.fill = PatternFill("solid", fgColor=_argb(brand.PALE))
    cell.font = Font(bold=value.startswith("="), color=_argb(brand.TEAL))


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _argb(value: str) -> str:
    return f"FF{value.removeprefix('#').upper()}"

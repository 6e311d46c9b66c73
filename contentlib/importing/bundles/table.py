"""A table among the files that describes them: `assets.csv`, with the columns of any import."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from contentlib.core.db import db
from contentlib.core.errors import N_, ContentlibError, Invalid
from contentlib.core.folding import fold
from contentlib.importing.bundles import paths
from contentlib.importing.bundles.describing import Describer
from contentlib.importing.bundles.looking import set_aside
from contentlib.importing.bundles.models import ImportFile, Look
from contentlib.importing.bundles.sources import Source
from contentlib.importing.delimited import open_table, records
from contentlib.importing.kinds import ASSETS, exact_columns
from contentlib.importing.models import ImportRun
from contentlib.importing.values import clean
from contentlib.library import importing
from contentlib.library.importing import Told

NAMES = ("assets.csv", "materiais.csv")
LARGEST = 20 * 2**20
DESCRIBES = N_("This table describes the files beside it.")
NO_SUCH_FILE = N_("There is no file “%(text)s” in the folder of the table.")
TWICE_DESCRIBED = N_("The table describes this file twice; the first row holds.")
# What a row of materials cannot be without, where the table leaves it to the file.
_FILLERS = {"external_id": "-", "title": "-", "type": "article"}
_CELLS = {"owner": "owner_email", "deputy": "deputy_email"}


def apply(run: ImportRun, source: Source, describer: Describer) -> None:
    """Let a table among a run's files speak of the others."""
    table = _table_of(run)
    if table is None:
        return
    folder = table.path.rpartition("/")[0]
    files = {
        fold(file.path): file
        for file in db.session.scalars(select(ImportFile).where(ImportFile.run_id == run.id))
    }
    try:
        rows = list(_rows(_content(table, source)))
    except ContentlibError as error:
        set_aside(table, Look.UNREADABLE, error.message, **error.parameters)
        return
    set_aside(table, Look.LEFT_OUT, DESCRIBES)
    last = len(files)
    for line, cells in rows:
        name = cells.get("file", "")
        file = files.get(fold(paths.tidy(f"{folder}/{name}".strip("/")))) if name else None
        if file is None or file is table:
            last += 1
            file = _row_without_file(run, last, table.path, line, name)
        _tell(file, line, cells, describer, has_bytes=bool(name))
    db.session.flush()


def _table_of(run: ImportRun) -> ImportFile | None:
    """Return the outermost table among a run's files, if there is one."""
    candidates = db.session.scalars(
        select(ImportFile)
        .where(ImportFile.run_id == run.id, ImportFile.look == Look.WAITING)
        .where(ImportFile.place.is_not(None), func.lower(ImportFile.path).like("%.csv"))
        .order_by(ImportFile.number)
    )
    named = [file for file in candidates if fold(paths.name_of(file.path)) in map(fold, NAMES)]
    return min(named, key=lambda file: file.path.count("/"), default=None)


def _content(table: ImportFile, source: Source) -> bytes:
    if table.size > LARGEST:
        raise Invalid(N_("This table is larger than %(megabytes)s MB."), megabytes=LARGEST >> 20)
    blocks, size = [], 0
    with source.open(str(table.place)) as stream:
        while block := stream.read(2**16):
            size += len(block)
            if size > LARGEST:
                raise Invalid(
                    N_("This table is larger than %(megabytes)s MB."), megabytes=LARGEST >> 20
                )
            blocks.append(block)
    return b"".join(blocks)


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    stream = BytesIO(content)
    table = open_table(stream)
    columns = exact_columns(ASSETS, table.header)
    if "file" not in columns:
        raise Invalid(N_("The file lacks these columns: %(columns)s."), columns="file")
    stream.seek(table.body.byte)
    for record in records(stream, table):
        by_column = dict(zip(table.header, record.cells, strict=False))
        cells = {name: clean(by_column.get(column, "")) for name, column in columns.items()}
        if any(cells.values()):
            yield record.line, cells


def _row_without_file(run: ImportRun, number: int, table: str, line: int, name: str) -> ImportFile:
    file = ImportFile(run_id=run.id, number=number, path=f"{table}:{line}", size=0, parameters={})
    file.facts, file.heard, file.told, file.by_hand = {}, {}, {}, {}
    if name:
        set_aside(file, Look.UNREADABLE, NO_SUCH_FILE, text=name[:120])
    db.session.add(file)
    return file


def _tell(
    file: ImportFile, line: int, cells: Mapping[str, str], describer: Describer, *, has_bytes: bool
) -> None:
    if file.look is Look.UNREADABLE:
        return
    if file.told:
        file.problem, file.parameters = TWICE_DESCRIBED, {}
        return
    file.told, wrong = read(cells)
    if wrong is not None:
        file.problem, file.parameters = wrong.message, {"line": line, **wrong.parameters}
    if not has_bytes:
        file.look = Look.NEW
        describer.describe(file)


def read(cells: Mapping[str, str]) -> tuple[dict[str, Any], Invalid | None]:
    """Return what a row says without the cells that cannot be read, and what is wrong with one."""
    said, wrong = {name: text for name, text in cells.items() if text}, None
    while True:
        try:
            told = importing.read(_FILLERS | said, False)
        except Invalid as error:
            if error.field not in said:
                raise
            wrong = wrong or error
            del said[error.field]
        else:
            return {k: v for k, v in _plain(told).items() if _cell(k) in said}, wrong


def _cell(name: str) -> str:
    return _CELLS.get(name, name)


def _plain(told: Told) -> dict[str, Any]:
    """Return what was told in a form that can be kept: keys of words, numbers of people."""
    return {
        "external_id": told.external_id,
        "title": told.title,
        "type": told.type.key,
        "stages": [term.key for term in told.stages],
        "personas": [term.key for term in told.personas],
        "tags": [term.key for term in told.tags],
        "language": told.language,
        "audience": told.audience,
        "summary": told.summary,
        "owner": told.owner.id if told.owner else None,
        "deputy": told.deputy.id if told.deputy else None,
        "status": told.status,
        "review_due": told.review_due.isoformat() if told.review_due else None,
        "valid_until": told.valid_until.isoformat() if told.valid_until else None,
    }

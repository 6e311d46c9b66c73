"""Folders and archives as people pack them, and as nobody honest does."""

import io
import zipfile
from pathlib import Path

from contentlib.accounts.models import User
from contentlib.importing.bundles import looking, service
from contentlib.importing.bundles.jobs import source_of
from contentlib.importing.models import ImportRun
from contentlib.storage.current import current_storage
from tests.library.test_jobs import pdf

TEXT = "Este texto é de um material que explica como a empresa ajuda o cliente com a rota. "


def zipped(files: dict[str, bytes | str]) -> bytes:
    """Pack files as any tool does."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return stream.getvalue()


def spread(folder: Path, files: dict[str, bytes | str]) -> Path:
    """Write files into a folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def mess() -> dict[str, bytes | str]:
    """Return what a marketer's shared drive looks like."""
    return {
        "Marketing/01 - Casos de Sucesso/Caso Vértice FINAL v3.pdf": pdf("Um caso da Vértice"),
        "Marketing/01 - Casos de Sucesso/Caso Vértice FINAL v2.pdf": pdf("Um caso da Vertice"),
        "Marketing/Apresentações/NEGOCIAÇÃO/deck_CFO_EN.txt": "How it works and what it costs.",
        "Marketing/Clientes 2023/relatorio.txt": TEXT,
        "Marketing/Clientes 2023/Cópia de relatorio.txt": TEXT,
        "Marketing/Clientes 2023/vazio.txt": "",
        "Marketing/Clientes 2023/instalar.exe": b"MZ\x90",
        "Marketing/Clientes 2023/outro.zip": zipped({"a.txt": "a"}),
        "Marketing/.DS_Store": b"\0\0\0\1Bud1",
        "__MACOSX/Marketing/._relatorio.txt": b"\0\5\26\7",
        "Marketing/Thumbs.db": b"\xd0\xcf",
    }


def begin(path: Path, by: User) -> ImportRun:
    """Write an archive down as its arrival does, under a key of the store; it takes the file."""
    source = {"source": "archive"}
    run = service.begin(name=path.name, size=path.stat().st_size, by_id=by.id, source=source)
    run.storage_key = f"imports/run-{run.id}"
    current_storage().put(run.storage_key, path)
    with source_of(run) as archive:
        looking.write_down(run, archive.entries(), most_bytes=10**9)
    service.look_over(run)
    return run

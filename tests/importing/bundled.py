"""Folders and archives as people pack them, and as nobody honest does."""

import io
import zipfile
from pathlib import Path

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

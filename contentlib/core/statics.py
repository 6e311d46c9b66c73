"""Static files under an address that changes with their content, so that browsers may keep them."""

import hashlib
import re
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

ONE_YEAR = 31_536_000
STYLE_SHEET = "css/app.css"
# What a browser asks for as text; fonts and images are packed already.
COMPRESSED = {"text/css", "text/javascript", "image/svg+xml", "text/plain"}
IMPORT = re.compile(r'@import url\("([^"]+)"\)(?: layer\((\w+)\))?;')
CHARSET = re.compile(r'^@charset "[^"]+";')


def digest(folder: Path) -> str:
    """Return a short name for the present content of a whole folder.

    The name is one part of the path for all files, not a suffix of each, so that relative
    references inside style sheets and modules lead to the same version.
    """
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def assemble(sheet: Path) -> str:
    """Return a style sheet with its imports written in place, so that a page asks once for all."""

    def written_out(found: re.Match[str]) -> str:
        rules = CHARSET.sub("", (sheet.parent / found[1]).read_text())
        return f"@layer {found[2]} {{{rules}}}" if found[2] else rules

    return IMPORT.sub(written_out, sheet.read_text())


def _in_memory(answer: Response) -> Response:
    """Read what will be compressed as a whole: compressing a stream leaves its file open."""
    if answer.mimetype in COMPRESSED:
        answer.direct_passthrough = False
        answer.make_sequence()
    return answer


def init_app(app: Flask) -> None:
    """Answer the one style sheet assembled; every other file is sent as it lies."""
    rules = assemble(Path(app.static_folder or "") / STYLE_SHEET)
    send_file: Any = app.view_functions["static"]

    def static(filename: str) -> ResponseReturnValue:
        if filename != STYLE_SHEET:
            return _in_memory(send_file(filename=filename))
        answer = Response(rules, mimetype="text/css")
        answer.cache_control.max_age = ONE_YEAR
        answer.cache_control.public = True
        answer.add_etag()
        return answer.make_conditional(request)

    app.view_functions["static"] = static

    def address(filename: str) -> str:
        # A page names a hundred icons; no routing is asked for each.
        return f"{request.script_root}{app.static_url_path}/{filename}"

    app.jinja_env.globals["static_file"] = address

"""The rules of the house that a machine can see, held by reading the code itself."""

import ast
from pathlib import Path

import pytest
from flask import Flask

from contentlib.accounts.permissions import POLICY, permission_of, refuse_undeclared_routes

PACKAGE = Path(__file__).parent.parent / "contentlib"
FILES = sorted(PACKAGE.rglob("*.py"))
EDGES = {"views.py", "api.py", "cli.py", "public.py"}
FLASKLESS = {"service.py", "queries.py", "models.py", "documents.py"}
# The runner of jobs is an edge of its own; it ends the transactions of the work it starts.
# Every commit on SQLite goes through the turns of its writers.
COMMIT_BY_NATURE = {PACKAGE / "jobs" / "worker.py", PACKAGE / "core" / "turns.py"}


def commits_in(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
    ]


def functions_of(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def is_edge(path: Path) -> bool:
    return path.name in EDGES or path.name.endswith(("_views.py", "_cli.py"))


def edge_commit_faults(path: Path, source: str) -> list[str]:
    """Name what breaks the rule that only the edges commit, and each of them once."""
    tree = ast.parse(source)
    if not is_edge(path):
        return [f"{path.name}:{call.lineno} commits" for call in commits_in(tree)]
    return [
        f"{path.name}:{function.name} commits {len(commits_in(function))} times"
        for function in functions_of(tree)
        if len(commits_in(function)) > 1
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_edges_commit_and_each_once(path: Path) -> None:
    if path not in COMMIT_BY_NATURE:
        assert edge_commit_faults(path, path.read_text()) == []


def test_a_second_commit_in_a_view_is_seen() -> None:
    source = "def view():\n    db.session.commit()\n    db.session.commit()\n"
    assert edge_commit_faults(Path("views.py"), source) == ["views.py:view commits 2 times"]


def test_a_commit_below_the_edges_is_seen() -> None:
    assert edge_commit_faults(Path("service.py"), "db.session.commit()") != []


def imported_names(source: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.name in FLASKLESS],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_services_queries_and_rows_know_no_flask(path: Path) -> None:
    web = {name for name in imported_names(path.read_text()) if name.split(".")[0] in WEB}
    # The mixin that Flask-Security wants of a person's row is the one exception.
    allowed = {"flask_security"} if path == PACKAGE / "accounts" / "models.py" else set()
    assert web - allowed == set()


WEB = {"flask", "flask_babel", "flask_login", "flask_wtf", "flask_security", "werkzeug"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_stay_short(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 300
    long = [
        function.name for function in functions_of(ast.parse(source)) if length_of(function) > 30
    ]
    assert long == []


def length_of(function: ast.FunctionDef) -> int:
    """Count the lines of a body without its docstring; a long signature is no long function."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_drawer_is_called_utils() -> None:
    drawers = {"utils", "helpers", "common", "base", "managers", "misc"}
    assert [path for path in FILES if path.stem in drawers] == []


def test_a_day_is_always_the_firms_day() -> None:
    # For some hours of each night it is another day in the firm's zone than in UTC.
    wrong = ("now()" + ".date()", "date" + ".today", "datetime" + ".today")
    paths = [*PACKAGE.rglob("*.py"), *Path(__file__).parent.rglob("*.py")]
    texts = {str(path): path.read_text() for path in paths}
    assert [path for path, text in texts.items() if any(call in text for call in wrong)] == []


def test_every_route_declares_its_permission(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert permission_of(app, rule.endpoint) in POLICY, rule.endpoint


def test_the_app_refuses_to_start_when_a_route_declares_none() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/open-door", "open_door", lambda: "")
    with pytest.raises(RuntimeError, match="open_door"):
        refuse_undeclared_routes(bare)

"""`contentlib audit`: the whole chain looked over, taken elsewhere, and verified there."""

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from contentlib.accounts.models import User
from contentlib.audit.cli import audit
from contentlib.audit.verifying import verify
from tests.audit.tampering import chain, no_triggers, run

DOCS = Path(__file__).parents[2] / "docs" / "audit.md"


def ask(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(audit, list(words))


def test_a_whole_chain_is_told_with_its_end(app: Flask, marketer: User) -> None:
    chain(marketer, 3)
    result = ask(app, "verify")
    assert result.exit_code == 0
    assert "whole: 3 entries" in result.output
    assert f"ends at 3:{verify().end.hash}" in result.output


def test_a_broken_chain_is_told_in_a_sentence_and_by_the_exit_status(
    app: Flask, marketer: User
) -> None:
    chain(marketer)
    with no_triggers():
        run("UPDATE audit_link SET hash = :hash WHERE number = 3", hash="f" * 64)
    result = ask(app, "verify")
    assert result.exit_code == 1
    assert "broken: Entry 3 was changed after it had been joined." in result.output
    assert "whole up to there: 2 entries" in result.output
    told = json.loads(ask(app, "verify", "--json").output)
    assert told["fault"] == {"kind": "changed", "number": 3}


def test_a_noted_hash_is_compared(app: Flask, marketer: User) -> None:
    chain(marketer, 3)
    end = verify().end
    assert ask(app, "verify", "--anchor", f"3:{end.hash}").exit_code == 0
    assert ask(app, "verify", "--anchor", f"3:{'0' * 64}").exit_code == 1
    assert ask(app, "verify", "--anchor", f"9:{end.hash}").exit_code == 1
    assert ask(app, "verify", "--anchor", "three").exit_code == 2


@pytest.fixture
def exported(app: Flask, marketer: User, tmp_path: Path) -> Path:
    chain(marketer)
    path = tmp_path / "audit.jsonl"
    result = ask(app, "export", str(path))
    assert result.exit_code == 0, result.output
    return path


def documented() -> str:
    """Return the program of the documentation, which knows nothing of contentlib."""
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    return next(block for block in blocks if "sha256" in block)


def test_what_was_exported_verifies_by_the_documented_program(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(documented(), "docs", "exec"), {"path": str(exported)})
    assert "whole: 6 entries" in capsys.readouterr().out


@pytest.mark.parametrize("harm", ["word", "line", "order"])
def test_the_documented_program_sees_what_was_changed(exported: Path, harm: str) -> None:
    lines = exported.read_text().splitlines(keepends=True)
    if harm == "word":
        lines[2] = lines[2].replace("Ação", "Acao")
    elif harm == "line":
        del lines[2]
    else:
        lines[2], lines[3] = lines[3], lines[2]
    exported.write_text("".join(lines))
    with pytest.raises(SystemExit, match="broken at 3"):
        exec(compile(documented(), "docs", "exec"), {"path": str(exported)})


def test_exporting_is_written_down_too(app: Flask, exported: Path) -> None:
    again = exported.with_name("again.jsonl")
    ask(app, "export", str(again))
    last = json.loads(again.read_text().splitlines()[-1])
    assert (last["number"], last["entry"]["action"]) == (7, "audit.exported")
    assert again.read_text().startswith(exported.read_text())

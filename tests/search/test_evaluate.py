"""The measures of relevance are those of the textbooks."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from contentlib.finding.cli import search
from contentlib.search.evaluate import average_precision, evaluate, measures, ndcg
from tests.search.brute_force import BruteForceEngine


def test_a_perfect_ranking_measures_one():
    assert set(measures(["a", "b"], {"a": 2.0, "b": 1.0}).values()) == {1.0}


def test_gain_is_discounted_by_rank():
    assert ndcg(["x", "a"], {"a": 1.0}, 10) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(["x", "a"], {"a": 1.0}, 1) == 0
    assert ndcg(["b", "a"], {"a": 3.0, "b": 1.0}, 10) == pytest.approx(0.7967, abs=1e-4)


def test_precision_is_averaged_over_relevant_documents():
    assert average_precision(["a", "x", "b"], {"a": 1.0, "b": 1.0}) == pytest.approx(5 / 6)
    assert average_precision(["x"], {"a": 1.0}) == 0


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    rows = {
        "docs": [
            {"id": "1", "title": "Preço", "body": "tabela", "lang": "pt"},
            {"id": "2", "title": "", "body": "contrato", "lang": "pt"},
        ],
        "queries": [{"id": "q1", "text": "preços"}, {"id": "q2", "text": "nobody judged this"}],
        "qrels": [{"q": "q1", "doc": "1", "rel": 1}, {"q": "q1", "doc": "2", "rel": 0}],
    }
    for name, lines in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return tmp_path


def test_a_folder_is_measured(collection: Path):
    figures = evaluate(collection, BruteForceEngine())
    assert figures == {"ndcg@5": 1, "ndcg@10": 1, "map": 1, "recall@5": 1, "queries": 1}


def told(installation: Flask, folder: Path, engine: str) -> Result:
    command = ["evaluate", str(folder), "--engine", engine, "--json"]
    return installation.test_cli_runner().invoke(search, args=command)


@pytest.mark.parametrize(
    "engine", ["whoosh", pytest.param("postgres", marks=pytest.mark.real_part("postgres"))]
)
def test_both_engines_are_measured_by_a_command(installation: Flask, collection: Path, engine: str):
    figures = {"ndcg@5": 1.0, "ndcg@10": 1.0, "map": 1.0, "recall@5": 1.0, "queries": 1}
    assert json.loads(told(installation, collection, engine).output) == figures


def test_postgres_is_not_measured_without_postgresql(
    installation: Flask, collection: Path, monkeypatch: pytest.MonkeyPatch
):
    sqlite = installation.extensions["settings"].model_copy(
        update={"database_url": "sqlite:///somewhere"}
    )
    monkeypatch.setitem(installation.extensions, "settings", sqlite)
    result = told(installation, collection, "postgres")
    assert result.exit_code == 1
    assert "CONTENTLIB_DATABASE_URL" in result.output

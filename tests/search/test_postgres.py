"""One index for several machines: swapped whole, written by one at a time, read as it was."""

import dataclasses
import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import create_engine, make_url

from contentlib.search import (
    Changes,
    Document,
    NoIndex,
    Page,
    Query,
    SearchBusy,
    SearchError,
    SearchUnavailable,
    open_engine,
)
from contentlib.search.engines import throw_away_engine
from contentlib.search.evaluate import evaluate
from contentlib.search.postgres import columns, tables, tending
from contentlib.search.postgres.engine import PostgresEngine
from tests.search.brute_force import BruteForceEngine
from tests.search.test_kernel import WORDS, fill, queries

pytestmark = pytest.mark.real_part("postgres")
EVERYONE = frozenset({"everyone"})
NEVER = "contentlib_search_never"


def document(number: int, title: str = "preço", revision: int = 1, body: str = "") -> Document:
    page = Page(1, body or f"texto comum número{number}")
    return Document(f"asset:{number}", revision, title, pages=(page,), access=("everyone",))


def found(engine: PostgresEngine, text: str) -> int:
    return engine.search(Query(text, EVERYONE)).total


@pytest.fixture
def engine(postgres_engine: PostgresEngine) -> PostgresEngine:
    postgres_engine.rebuild(document(number) for number in range(20))
    return postgres_engine


@pytest.fixture
def opened(database_url: str) -> Iterator[Callable[..., PostgresEngine]]:
    """Open further engines, as other machines would."""
    engines = []

    def another(url: str = database_url, schema: str = tables.SCHEMA) -> PostgresEngine:
        engines.append(PostgresEngine(url, schema))
        return engines[-1]

    yield another
    for engine in engines:
        engine.close()


def statement(engine: PostgresEngine, sql: str) -> object:
    """Run a statement on the tables in use, named in braces."""
    with engine._writer.begin() as connection:
        tables = engine._schema.tables(engine._schema.state(connection))
        result = connection.exec_driver_sql(tables.sql(sql))
        return result.all() if result.returns_rows else None


@pytest.mark.parametrize("seed", range(4))
def test_totals_hits_and_counts_equal_looking_at_every_document(
    postgres_engine: PostgresEngine, seed: int
):
    brute = BruteForceEngine()
    fill(postgres_engine, brute, random.Random(seed))
    assert postgres_engine.revisions() == brute.revisions()

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries())
    def agree(query: Query) -> None:
        ours, true = postgres_engine.search(query), brute.search(query)
        assert ours.total == true.total
        assert {hit.id for hit in ours.hits} == {hit.id for hit in true.hits}
        assert ours.facets == true.facets
        assert ours.relaxed == true.relaxed
        assert ours.corrections == true.corrections

    agree()


def test_scores_are_those_of_the_other_engines_where_weights_are_told_apart(
    postgres_engine: PostgresEngine,
):
    dice = random.Random(1)
    documents = [
        document(n, dice.choice(WORDS), body=" ".join(dice.sample(WORDS, dice.randrange(1, 6))))
        for n in range(60)
    ]
    brute = BruteForceEngine()
    for one in (postgres_engine, brute):
        one.rebuild(documents)
    for _ in range(40):
        query = Query(" ".join(dice.sample(WORDS, dice.randrange(1, 4))), EVERYONE, limit=100)
        ours, true = postgres_engine.search(query).hits, brute.search(query).hits
        assert [hit.id for hit in ours] == [hit.id for hit in true]
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in true], rel=1e-4)


def test_many_mentions_count_a_little_less_than_in_the_other_engines(
    postgres_engine: PostgresEngine,
):
    documents = [document(n, "outro", body="preço " * n + "valor " * (30 - n)) for n in range(30)]
    brute = BruteForceEngine()
    for one in (postgres_engine, brute):
        one.rebuild(documents)
    query = Query("preço", EVERYONE, limit=100)
    ours = {hit.id: hit.score for hit in postgres_engine.search(query).hits}
    true = {hit.id: hit.score for hit in brute.search(query).hits}
    assert ours.keys() == true.keys()
    assert all(0.9 * true[id_] <= ours[id_] <= 1.0001 * true[id_] for id_ in true)


@pytest.mark.parametrize(
    "use",
    [
        lambda engine: engine.search(Query("preço", EVERYONE)),
        lambda engine: engine.apply(Changes((document(1),))),
        lambda engine: engine.revisions(),
        lambda engine: engine.stats(),
        lambda engine: engine.tend(),
    ],
    ids=["search", "apply", "revisions", "stats", "tend"],
)
def test_an_index_that_was_never_built_is_unavailable_and_not_empty(
    opened: Callable[..., PostgresEngine], use: Callable[[PostgresEngine], object]
):
    with pytest.raises(NoIndex):
        use(opened(schema=NEVER))


def test_an_index_of_another_version_is_not_read_and_goes_with_the_next_rebuild(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tables, "VERSION", "v99.99")
    with pytest.raises(NoIndex):
        found(engine, "preço")
    assert engine.rebuild([document(1)]) == 1
    assert found(engine, "preço") == 1
    monkeypatch.undo()
    with pytest.raises(NoIndex):
        found(engine, "preço")


def test_the_old_index_answers_while_the_new_one_is_made(engine: PostgresEngine):
    counts, told = [], []

    def slowly() -> Iterator[Document]:
        for number in range(3):
            counts.append(found(engine, "preço"))
            yield document(number)

    assert engine.rebuild(slowly(), told.append) == 3
    assert (counts, told, found(engine, "preço")) == ([20, 20, 20], [3], 3)


def test_a_rebuild_that_fails_leaves_the_old_index_and_nothing_else(engine: PostgresEngine):
    def broken() -> Iterator[Document]:
        yield document(1)
        raise OSError

    with pytest.raises(SearchError):
        engine.rebuild(broken())
    assert found(engine, "preço") == 20
    assert engine.tend() is False


def test_a_second_writer_waits_a_while_and_then_is_told(
    engine: PostgresEngine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tables, "PATIENCE", "50ms")
    with engine._writer.begin() as writing:
        engine._schema.lock(writing)
        with pytest.raises(SearchBusy):
            engine.apply(Changes((document(99),)))
    engine.apply(Changes((document(99),)))
    assert found(engine, "preço") == 21


def test_changes_are_all_or_none(engine: PostgresEngine):
    unfit = dataclasses.replace(document(2), id="asset:\0")
    with pytest.raises(SearchError):
        engine.apply(Changes((document(1, "novo"), unfit)))
    assert (found(engine, "preço"), found(engine, "novo")) == (20, 0)


def test_every_machine_sees_what_one_has_written(
    engine: PostgresEngine, opened: Callable[..., PostgresEngine]
):
    another = opened()
    assert found(another, "preço") == 20
    engine.apply(Changes((document(50),), frozenset({"asset:3", "asset:4"})))
    engine.apply(Changes((document(51), document(50, revision=2)), frozenset({"asset:5"})))
    assert found(another, "preço") == 19
    assert another.revisions() == engine.revisions()
    another.rebuild([document(1)])
    assert found(engine, "preço") == 1


def test_who_missed_deletions_that_were_forgotten_reads_everything_anew(
    engine: PostgresEngine,
    opened: Callable[..., PostgresEngine],
    monkeypatch: pytest.MonkeyPatch,
):
    another = opened()
    assert found(another, "preço") == 20
    engine.apply(Changes(deleted=frozenset({"asset:1"})))
    monkeypatch.setattr(tending, "MANY_GONE", 0)
    assert engine.tend()
    assert found(another, "preço") == 19
    engine.apply(Changes(deleted=frozenset({"asset:2"})))
    assert (found(another, "preço"), found(engine, "preço")) == (18, 18)


def test_tending_cleans_up_once(engine: PostgresEngine):
    statement(engine, "CREATE TABLE contentlib_search.v1_1_0123456789ab_word (word text)")
    statement(engine, "DELETE FROM {word}")
    assert engine.tend()
    assert engine.tend() is False
    assert found(engine, "preço") == 20


def test_an_index_that_lost_a_table_is_unavailable_until_it_is_rebuilt(engine: PostgresEngine):
    statement(engine, "DROP TABLE {document}")
    engine._held = None
    with pytest.raises(SearchUnavailable):
        found(engine, "preço")
    with pytest.raises(SearchUnavailable):
        engine.apply(Changes((document(1),)))
    engine.rebuild([document(1)])
    assert found(engine, "preço") == 1


def test_a_server_that_is_not_there_is_told_as_an_error_of_the_search(
    database_url: str, opened: Callable[..., PostgresEngine]
):
    nowhere = make_url(database_url).set(port=1).render_as_string(hide_password=False)
    with pytest.raises(SearchError) as caught:
        found(opened(nowhere), "preço")
    assert not isinstance(caught.value, SearchUnavailable)


def test_a_connection_that_was_cut_is_made_again(engine: PostgresEngine, database_url: str):
    assert found(engine, "preço") == 20
    server = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'contentlib search' AND datname = current_database()"
        )
    server.dispose()
    assert found(engine, "preço") == 20


def test_who_may_not_create_a_schema_is_told_what_to_do(
    database_url: str, opened: Callable[..., PostgresEngine]
):
    name = f"contentlib_plain_{os.getpid()}"
    server = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} LOGIN PASSWORD 'plain'")
        try:
            plain = make_url(database_url).set(username=name, password="plain")
            engine = opened(plain.render_as_string(hide_password=False), NEVER)
            with pytest.raises(SearchError, match=f"CREATE SCHEMA {NEVER} AUTHORIZATION {name}"):
                engine.rebuild([])
            engine.close()
        finally:
            connection.exec_driver_sql(f"DROP ROLE {name}")
    server.dispose()


def test_a_document_of_more_words_than_a_vector_holds_is_found_by_those_that_matter(
    postgres_engine: PostgresEngine,
):
    noise = " ".join(f"{number:064x}" for number in range(15_000))
    postgres_engine.rebuild([document(1, "Relatório", body=f"{noise} anexo anexo {noise}")])
    assert (found(postgres_engine, "relatório"), found(postgres_engine, "anexo")) == (1, 1)


def test_labels_of_any_letters_are_kept(postgres_engine: PostgresEngine):
    labels = ("a\0b", "\ud800", "“x”, {y}")
    odd = dataclasses.replace(document(1), facets={"odd": labels}, access=("who\0", "everyone"))
    postgres_engine.rebuild([odd])
    answer = postgres_engine.search(Query("", frozenset({"who\0"}), facets=("odd",)))
    assert answer.facets == {"odd": dict.fromkeys(labels, 1)}


def test_a_process_remembers_labels_once_for_all_documents_that_share_them(engine: PostgresEngine):
    engine.apply(Changes((document(30),)))
    assert found(engine, "preço") == 21
    assert engine._held is not None
    assert len(engine._held.labels) == 2  # Nobody's, and everyone's.
    assert columns.NOBODY in engine._held.labels


def test_postgres_is_opened_on_the_installations_database_or_another(database_url: str):
    for engine in (open_engine("postgres:", database_url), open_engine(f"postgres:{database_url}")):
        assert isinstance(engine, PostgresEngine)


def test_a_measurement_leaves_nothing_behind(
    tmp_path: Path, database_url: str, engine: PostgresEngine
):
    rows = {
        "docs": [{"id": "1", "title": "Preço", "body": "tabela", "lang": "pt"}],
        "queries": [{"id": "q1", "text": "preços"}],
        "qrels": [{"q": "q1", "doc": "1", "rel": 1}],
    }
    for name, lines in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with throw_away_engine("postgres", database_url) as measured:
        assert evaluate(tmp_path, measured)["ndcg@5"] == 1
    left = statement(engine, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'contentlib%%'")
    assert left == [("contentlib_search",)]

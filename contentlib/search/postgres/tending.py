"""What keeps a PostgreSQL index fast and small, done when nothing else is to be done."""

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from contentlib.search.postgres.tables import LOCKED, Schema, State, Tables, sqlstate

MANY_GONE = 10_000
"""Deleted documents that are remembered; who has seen fewer changes than that reads all anew."""

_UNTENDED = """
SELECT n_dead_tup > 0.1 * n_live_tup + 500 OR n_mod_since_analyze > 0.1 * n_live_tup + 500
FROM pg_stat_user_tables WHERE relid = %(name)s::regclass
"""


def tend(database: Engine, schema: Schema) -> bool:
    """Drop old tables, forget old deletions, vacuum; tell whether there was anything."""
    dropped = drop_left_over(database, schema)
    with database.begin() as connection:
        schema.lock(connection)
        state = schema.state(connection)
        tables = schema.tables(state)
        forgot = _forget(connection, schema, state, tables)
        names = (tables.document, tables.word, tables.gone)
        untended = [name for name in names if _is_untended(connection, name)]
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in untended:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {name}")
            connection.exec_driver_sql("SET statement_timeout = '5s'")
    return dropped or forgot or bool(untended)


def drop_left_over(database: Engine, schema: Schema) -> bool:
    """Drop the tables of earlier indexes; those that a long search reads stay for another time."""
    try:
        with database.begin() as connection:
            return schema.drop_left_over(connection)
    except DBAPIError as error:
        if sqlstate(error) != LOCKED:
            raise
        return False


def _is_untended(connection: Connection, name: str) -> bool:
    return bool(connection.exec_driver_sql(_UNTENDED, {"name": name}).scalar())


def _forget(connection: Connection, schema: Schema, state: State, tables: Tables) -> bool:
    gone = connection.exec_driver_sql(tables.sql("SELECT count(*) FROM {gone}")).scalar() or 0
    if gone <= MANY_GONE:
        return False
    # Not TRUNCATE: a search that began before must still see what it empties.
    connection.exec_driver_sql(tables.sql("DELETE FROM {gone}"))
    schema.write(connection, State(state.token, state.change, state.change))
    return True

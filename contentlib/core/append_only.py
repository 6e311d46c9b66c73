"""Tables whose rows are never changed, kept so by triggers in the database itself."""

from collections.abc import Iterator


def forbid_changes(dialect: str, table: str) -> Iterator[str]:
    """Yield the statements that make a table refuse updates and deletions."""
    if dialect == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    yield (
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
    )


def forbid_emptying(dialect: str, table: str) -> Iterator[str]:
    """Yield what makes an append-only table refuse to be emptied at once, where that is a verb."""
    if dialect != "sqlite":
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )


def allow_emptying(dialect: str, table: str) -> Iterator[str]:
    """Yield what takes that refusal away again; it comes before `allow_changes`."""
    if dialect != "sqlite":
        yield f"DROP TRIGGER {table}_no_truncate ON {table}"


def allow_changes(dialect: str, table: str) -> Iterator[str]:
    """Yield the statements that take the refusal away again, for migrations."""
    if dialect == "sqlite":
        yield f"DROP TRIGGER {table}_no_update"
        yield f"DROP TRIGGER {table}_no_delete"
        return
    yield f"DROP TRIGGER {table}_append_only ON {table}"
    yield f"DROP FUNCTION {table}_append_only()"

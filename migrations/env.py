"""Runs migrations inside the application, one transaction for each, on the database in use."""

from alembic import context
from flask import current_app

from contentlib.core.db import Base, db


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types into migrations by their plain names."""
    name = type(item).__name__
    if kind == "type" and name == "UTCDateTime":
        return "UTCDateTime()"
    return False


def run() -> None:
    """Migrate on the connection handed over, or on one of our own."""
    options = {
        "target_metadata": Base.metadata,
        "render_as_batch": True,
        "compare_type": True,
        "render_item": render_item,
        "transaction_per_migration": True,
    }
    connection = current_app.config.get("MIGRATION_CONNECTION")
    if connection is not None:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as own:
        context.configure(connection=own, **options)
        with context.begin_transaction():
            context.run_migrations()
        own.commit()


run()

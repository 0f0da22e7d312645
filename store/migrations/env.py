"""The environment of the migrations: run by `store.migration` with a connection, or by Flask-Migrate in an app."""

from typing import Any

from alembic import context
from flask import current_app


def connect_and_run() -> None:
    """Run the migrations of the application's database, as `flask db` asks."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        run(connection, database.metadata)


def run(connection: Any, metadata: Any) -> None:
    """Run the migrations on a connection; SQLite rebuilds a table where it cannot change one."""
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


attributes = context.config.attributes
if "connection" in attributes:
    run(attributes["connection"], attributes["metadata"])
else:
    connect_and_run()

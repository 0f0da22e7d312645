"""The environment of the migrations: run by `store.migration` with a connection, or by Flask-Migrate in an app."""

from typing import Any

from alembic import context
from flask import current_app

from store.row_security import FROM_REVISION, secure


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
        if connection.dialect.name == "postgresql" and _has_roles():
            secure(connection, metadata)


def _has_roles() -> bool:
    """Tell whether the database is as new as the roles of row-level security, or newer."""
    return any(head >= FROM_REVISION for head in context.get_context().get_current_heads())


attributes = context.config.attributes
if "connection" in attributes:
    run(attributes["connection"], attributes["metadata"])
else:
    connect_and_run()

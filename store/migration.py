"""Running the migrations, and telling whether the database has them all."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine

from store import tables
from store.base import Base

DIRECTORY = Path(__file__).parent / "migrations"
HEAD_FILE = DIRECTORY / ".current-head"
ALL_TABLES = tables.__all__
"""Naming them here makes sure that the metadata is complete."""


def expected_head() -> str:
    """Return the newest revision that this code knows."""
    return HEAD_FILE.read_text(encoding="ascii").strip()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision."""
    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring the database down to a revision; `base` removes every table."""
    with engine.connect() as connection:
        command.downgrade(_config(connection), revision)


def current_revision(connection: Connection) -> str | None:
    """Return the revision that the database is at; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def drift(engine: Engine) -> tuple[str, ...]:
    """Return what differs between the table classes and a migrated database; nothing, if all is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return tuple(str(difference) for difference in compare_metadata(context, Base.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(DIRECTORY))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = Base.metadata
    return config

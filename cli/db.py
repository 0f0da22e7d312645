"""`svarbro db`: bring the database to the newest migration, or check that the migrations tell the tables."""

import tempfile
from pathlib import Path

import click

from kernel.errors import StoreError
from kernel.settings import Settings
from store.engine import open_engine
from store.migration import drift, upgrade


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(name="upgrade")
def upgrade_command() -> None:
    """Run every migration that is missing."""
    migrate(Settings.from_env().database_url)
    click.echo("The database is current.")


@db.command()
def check() -> None:
    """Fail when the table classes and the migrations differ."""
    with tempfile.TemporaryDirectory() as directory:
        engine = open_engine(f"sqlite:///{Path(directory) / 'check.sqlite'}")
        upgrade(engine)
        differences = drift(engine)
        engine.dispose()
    if differences:
        raise StoreError("Migrations and tables differ: " + "; ".join(differences))
    click.echo("Migrations and tables agree.")


def migrate(database_url: str) -> None:
    """Bring a database to the newest revision."""
    engine = open_engine(database_url)
    upgrade(engine)
    engine.dispose()

"""`svarbro db`: bring the database to the newest migration, or check that the migrations tell the tables."""

import click

from kernel.settings import Settings
from store.migrate import check_migrations, upgrade_database


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Run every migration that is missing."""
    upgrade_database(Settings.from_env().database_url)
    click.echo("The database is current.")


@db.command()
def check() -> None:
    """Fail when a table class and the migrations differ."""
    check_migrations()
    click.echo("Migrations and tables agree.")

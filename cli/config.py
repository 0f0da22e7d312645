"""`svarbro config`: are the settings usable, before anything starts."""

import click

from kernel.settings import Settings


@click.group()
def config() -> None:
    """Look at the settings."""


@config.command()
def check() -> None:
    """Name every missing or unsafe setting; exit 1 if there is one."""
    settings = Settings.from_env()
    click.echo(f"Settings are usable ({settings.env}, instance in {settings.instance_dir.name}/).")

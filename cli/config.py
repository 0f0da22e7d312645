"""`svarbro config`: are the settings usable, and what keeps content from being used, before anything starts."""

from datetime import UTC, datetime

import click

from cli.in_force import NO_DATABASE, content_here
from delivery.recurrence import danish_date
from flow.content_list import awaiting, not_sendable
from kernel.errors import SettingsError
from kernel.settings import Settings
from security.broker_file import read_brokers, read_citizen_brokers
from security.channel_keys import read_channel_keys


@click.group()
def config() -> None:
    """Look at the settings."""


@config.command()
def check() -> None:
    """Name every missing or unsafe setting (exit 1), and outside demo what is not sent or not used, and why."""
    settings = Settings.from_env()
    if not settings.is_demo:
        _refuse_missing_files(settings)
        _read_files(settings)
    click.echo(f"Settings are usable ({settings.env}, instance in {settings.instance_dir.name}/).")
    if settings.is_demo:
        return
    here = content_here(settings)
    if not here.has_database:
        click.echo(NO_DATABASE)
    for name, why in not_sendable(here.content, danish_date(datetime.now(UTC))):
        click.echo(f"Not sent: {name}, {why}; the licence-free variant of its programme is used instead.")
    for name in awaiting(here.content):
        click.echo(f"Not used: {name} awaits approval by two people (svarbro content approve).")


def _refuse_missing_files(settings: Settings) -> None:
    """Look for what the settings point to: the processes would stop at it, one after another."""
    files = {
        "SVARBRO_KEYS_FILE": None if settings.keys else settings.keys_file,
        "SVARBRO_OIDC_FILE": settings.oidc_file,
        "SVARBRO_CHANNEL_KEYS_FILE": settings.channel_keys_file,
    }
    if missing := [name for name, path in files.items() if path and not path.is_file()]:
        hint = " `svarbro keys create` makes the key file." if "SVARBRO_KEYS_FILE" in missing else ""
        raise SettingsError(f"There is no file where {' and '.join(missing)} says.{hint}")


def _read_files(settings: Settings) -> None:
    """Read what the web process reads at its start, and refuse it in the same words."""
    if settings.oidc_file:
        read_brokers(settings.oidc_file, is_demo=False)
        read_citizen_brokers(settings.oidc_file, is_demo=False)
    if settings.channel_keys_file:
        read_channel_keys(settings.channel_keys_file)

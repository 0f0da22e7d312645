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
    usable = f"Settings are usable ({settings.env}, instance in {settings.instance_dir.name}/)."
    if settings.is_demo:
        click.echo(usable)
        return
    _refuse_missing_files(settings)
    shut = _shut(settings)
    click.echo("\n".join((usable, *shut)))
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


def _shut(settings: Settings) -> tuple[str, ...]:
    """Read what the web process reads at its start, refuse it in the same words, and name whom it lets in nowhere."""
    oidc, channels = settings.oidc_file, settings.channel_keys_file
    staff = read_brokers(oidc, is_demo=False) if oidc else ()
    citizens = read_citizen_brokers(oidc, is_demo=False) if oidc else ()
    proven = read_channel_keys(channels) if channels else {}
    told = () if staff else ("Nobody of the staff can sign in: SVARBRO_OIDC_FILE names no broker.",)
    if proven or citizens:
        return told
    no_way = "No patient can open a link: SVARBRO_CHANNEL_KEYS_FILE has no channel, and SVARBRO_OIDC_FILE no citizens."
    return (*told, no_way)

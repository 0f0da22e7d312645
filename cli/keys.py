"""`svarbro keys`: the first keys, which there are, a new one, and an end of the older ones, while the service runs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from app import open_services, ring_form_of
from flow.keys import ChangeKeys, seal_first
from kernel.errors import SettingsError
from kernel.settings import Settings
from security.key_change import KEK, KINDS
from security.keys import create_key_file

KIND = click.Choice(KINDS)
CHANNEL = click.option("--channel", help="Channel of the webhook secret; for the kind webhook alone.")


@click.group()
def keys() -> None:
    """Look after the keys of this deployment."""


@keys.command()
def create() -> None:
    """Make the key file with fresh keys, sealed where a key management service is named; it never replaces one.

    Exit codes: 0 made, 1 there is one, or the service does not answer.
    """
    settings = Settings.from_env()
    create_key_file(settings.keys_file, ring_form_of(settings))
    click.echo("There is a key file. Keep a copy apart from the database's backups.")


@keys.command()
def seal() -> None:
    """Seal the key file with the key management service, or seal it anew with the newest key of the service.

    Exit codes: 0 sealed, 1 no service is named, or it does not answer: then the file is as it was.
    """
    settings = Settings.from_env()
    if not settings.kms_url:
        raise SettingsError("SVARBRO_KMS_URL names the key management service; it is missing.")
    was_plain = seal_first(settings.keys_file, ring_form_of(settings))
    with _change() as change:
        change.seal("cli")
    click.echo(f"The key file is sealed.{' Destroy its plain copies: they open everything.' if was_plain else ''}")


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON.")
def status(*, as_json: bool) -> None:
    """Tell which key-encryption keys wrap how much, and how many older keys are still accepted; never a key."""
    with _change() as change:
        found = change.status()
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    for kek_id, number in found.wraps.items():
        click.echo(f"{kek_id} wraps {number} data keys{', and new ones' if kek_id == found.current else ''}.")
    for kind, number in found.older.items():
        click.echo(f"{kind}: {number} older.")


@keys.command()
@click.argument("kind", type=KIND, default=KEK)
@CHANNEL
def rotate(kind: str, channel: str | None) -> None:
    """Make a new key of a KIND; running processes take it by themselves, and older ones still open what they closed.

    A new key-encryption key wraps every data key anew, a few hundred at a time; killed, it goes on with `keys rewrap`.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with _change() as change:
        done = change.rotate("cli", kind, channel)
    click.echo(f"There is a new key. {done} data keys were wrapped anew.")


@keys.command()
def rewrap() -> None:
    """Wrap every data key anew that an older key wraps; does nothing where none is left."""
    with _change() as change:
        click.echo(f"{change.rewrap()} data keys were wrapped anew.")


@keys.command()
@click.argument("kind", type=KIND, default=KEK)
@CHANNEL
def retire(kind: str, channel: str | None) -> None:
    """Remove the older keys of a KIND; a key-encryption key only once it wraps nothing.

    Exit codes: 0 removed, 1 refused, 2 misused.
    """
    with _change() as change:
        change.retire("cli", kind, channel)
    click.echo("The older keys are removed.")


@contextmanager
def _change() -> Iterator[ChangeKeys]:
    services = open_services()
    if services.settings.keys:
        raise SettingsError("The keys come from SVARBRO_KEYS: whoever sets it changes them, and starts us again.")
    try:
        settings = services.settings
        yield ChangeKeys(services.store, services.clock, settings.keys_file, ring_form_of(settings))
    finally:
        services.store.close()

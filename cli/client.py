"""`svarbro client`: the systems that sign in by themselves."""

import json
from pathlib import Path
from typing import Any

import click

from cli.choice import desk, telling_faults
from flow.clients import ClientOrder
from kernel.errors import InvalidInputError, Issue, MalformedInputError
from questionnaires.strict_json import parse_object
from security.actor import Role
from security.client import CLIENT_ROLES, ClientKind, KnownClient
from security.scopes import written_scopes

OVERLAP_H = 24
CLINIC = click.option("--clinic", "clinic_id", help="Id of the clinic; needed where there are several.")
KEYS = click.Path(exists=True, dir_okay=False, path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@click.group()
def client() -> None:
    """Register the systems that sign in by SMART Backend Services."""


@client.command()
@click.argument("name")
@click.option("--scope", required=True, help="The most that it may have: 'system/Patient.rs system/Task.s'.")
@click.option("--jwks", "key_file", type=KEYS, help="File with its JWK Set: public keys, RS384 or ES384.")
@click.option("--jwks-url", help="Where it publishes its key set; the host is in SVARBRO_KEY_SET_HOSTS.")
@click.option("--role", type=click.Choice([str(role) for role in CLIENT_ROLES]), default=str(Role.SYSTEM))
@click.option("--redirect-uri", help="Where browsers go back to when it opens patients' pages; without, it opens none.")
@click.option("--test", "is_test", is_flag=True, help="It reaches no patient outside demo.")
@CLINIC
@JSON
def add(name: str, clinic_id: str | None, *, as_json: bool, **given: Any) -> None:
    """Register the system NAME; its id is what it signs in with.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with desk(clinic_id) as at, telling_faults(as_json=as_json):
        key_file = given["key_file"]
        order = ClientOrder(
            name,
            given["scope"],
            Role(given["role"]),
            ClientKind.TEST if given["is_test"] else ClientKind.LIVE,
            None if key_file is None else _key_set(key_file),
            given["jwks_url"],
            given["redirect_uri"],
        )
        made = at.services.use_cases.clients.add(at.actor, order)
    click.echo(json.dumps({"id": made.id}) if as_json else f"{made.id}  {made.name}")


@client.command(name="list")
@CLINIC
@JSON
def list_(clinic_id: str | None, *, as_json: bool) -> None:
    """List the systems of a clinic, with the keys that count now.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        told = [_told(known) for known in at.services.use_cases.clients.all(at.actor)]
    if as_json:
        click.echo(json.dumps(told))
        return
    for one in told:
        click.echo("  ".join([one["id"], one["state"], one["kind"], one["role"], one["name"], one["scope"]]))


@client.command()
@click.argument("client_id")
@click.option("--jwks", "key_file", type=KEYS, required=True, help="File with the new JWK Set.")
@click.option("--overlap", "overlap_h", default=OVERLAP_H, show_default=True, help="Hours that old keys still count.")
@CLINIC
def rotate(client_id: str, key_file: Path, overlap_h: int, clinic_id: str | None) -> None:
    """Let new keys of the system CLIENT_ID count, and its old ones for some hours more.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with desk(clinic_id) as at, telling_faults(as_json=False):
        at.services.use_cases.clients.rotate(at.actor, client_id, _key_set(key_file), overlap_h)
    click.echo("The new keys count.")


@client.command()
@click.argument("client_id")
@CLINIC
def disable(client_id: str, clinic_id: str | None) -> None:
    """Keep the system CLIENT_ID from signing in, and end its tokens at once.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with desk(clinic_id) as at:
        changed = at.services.use_cases.clients.disable(at.actor, client_id)
    click.echo("It signs in no more." if changed else "It was disabled already.")


def _key_set(path: Path) -> dict[str, Any]:
    try:
        return parse_object(path.read_bytes())
    except MalformedInputError as error:
        issue = Issue("structure", "The file is no JSON object.", rule="jwks")
        raise InvalidInputError(issue.text, issues=[issue]) from error


def _told(known: KnownClient) -> dict[str, Any]:
    one = known.client
    return {
        "id": one.id,
        "name": one.name,
        "state": str(one.state),
        "kind": str(one.kind),
        "role": str(one.role),
        "scope": written_scopes(one.scopes),
        "jwksUrl": one.jwks_url,
        "redirectUri": one.redirect_uri,
        "keys": [{"kid": key.kid, "until": key.valid_until and key.valid_until.isoformat()} for key in known.keys],
    }

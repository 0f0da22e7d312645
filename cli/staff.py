"""`svarbro staff`: who works at a clinic, and ending somebody's sessions."""

import json

import click

from cli.choice import desk
from kernel.ids import PersonId

CLINIC = click.option("--clinic", "clinic_id", help="Id of the clinic; needed where there are several.")


@click.group()
def staff() -> None:
    """Show a clinic's staff, and sign somebody out everywhere."""


@staff.command(name="list")
@CLINIC
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def list_(clinic_id: str | None, *, as_json: bool) -> None:
    """List who has signed in at a clinic, or was entered by it.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        people = at.services.use_cases.staff_sessions.people(at.actor)
    told = [{"id": person.id, "role": str(person.role), "name": person.name} for person in people]
    click.echo(json.dumps(told) if as_json else "\n".join("  ".join(one.values()) for one in told))


@staff.command(name="sign-out")
@click.argument("person_id")
@CLINIC
def sign_out(person_id: str, clinic_id: str | None) -> None:
    """End all sessions of PERSON_ID at once. Whoever the broker lets in again is in again.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        count = at.services.use_cases.staff_sessions.revoke(at.actor, PersonId(person_id))
    click.echo(f"{count} sessions were ended.")

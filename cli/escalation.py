"""`svarbro escalation`: who in a clinic is told of a red that waits, and after how many minutes."""

import json

import click

from cli.choice import desk
from flow.escalation_choice import MOST_MINUTES, Chosen
from kernel.ids import PersonId

NOBODY = "nobody"
DEFAULT = "default"


def _minutes(_ctx: click.Context, _param: click.Parameter, given: str | None) -> int | None:
    """Read a number of minutes; 0 stands for the word `default`."""
    if given is None or given == DEFAULT:
        return None if given is None else 0
    if not given.isdecimal() or not 1 <= int(given) <= MOST_MINUTES:
        raise click.BadParameter(f"a whole number from 1 to {MOST_MINUTES}, or `{DEFAULT}`")
    return int(given)


@click.group()
def escalation() -> None:
    """Look after what happens when nobody acts on a red suggestion."""


@escalation.command()
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(clinic: str | None, *, as_json: bool) -> None:
    """Show who is told first, after how long, and who can be named.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with desk(clinic) as at:
        chosen = at.services.use_cases.escalation.shown(at.actor)
    if as_json:
        click.echo(json.dumps(_told(chosen)))
        return
    click.echo(f"Told first: {chosen.person.name if chosen.person else 'nobody is named'}")
    whose = "the clinic's own limit" if chosen.is_own else "the default"
    click.echo(f"Decided within: {chosen.decided_minutes} minutes while the clinic is open ({whose})")
    for person in chosen.people:
        click.echo(f"  {person.id} {person.name}")


@escalation.command(name="set")
@click.option("--person", help=f"Id of a clinician or nurse, or `{NOBODY}`.")
@click.option("--minutes", callback=_minutes, help=f"Until a decision, while the clinic is open; or `{DEFAULT}`.")
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
def set_command(person: str | None, minutes: int | None, clinic: str | None) -> None:
    """Name who is told first, set the limit, or both.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    if person is None and minutes is None:
        raise click.UsageError("Give --person, --minutes or both.")
    with desk(clinic) as at:
        choose = at.services.use_cases.escalation
        if person is not None:
            choose.name(at.actor, None if person == NOBODY else PersonId(person))
        if minutes is not None:
            choose.limit(at.actor, minutes or None)
    click.echo("The clinic's choice is recorded.")


def _told(chosen: Chosen) -> dict[str, object]:
    return {
        "person": chosen.person.id if chosen.person else None,
        "decidedMinutes": chosen.decided_minutes,
        "ownLimit": chosen.is_own,
        "people": [{"id": one.id, "name": one.name} for one in chosen.people],
    }

"""`svarbro appointments`: when patients come next, as a file of the clinic's calendar."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from cli.choice import desk, telling_faults
from flow.calendar_file import read_calendar


@click.group()
def appointments() -> None:
    """Bring in when patients come next, so that the worklist can be put in that order."""


@appointments.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="file", show_default=True, help="Name of the calendar, such as lps.")
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def import_appointments(file: Path, source: str, clinic: str | None, *, as_json: bool) -> None:
    """Read FILE (`identifier;starts_at`, UTF-8): the whole calendar, in place of what the same source told before.

    A time is written as 2027-01-31T10:15, Danish unless it says which. A file with one faulty line changes nothing.

    Exit codes: 0 done, 1 refused (every faulty line is named), 2 misused.
    """
    with desk(clinic) as at, telling_faults(as_json=as_json):
        keep = at.services.use_cases.around_work.appointments
        outcome = keep(at.actor, read_calendar(file.read_bytes(), source))
    if as_json:
        click.echo(json.dumps(asdict(outcome)))
        return
    click.echo(f"{outcome.received} lines: {outcome.kept} appointments of patients of this clinic.")
    if outcome.unknown:
        lines = ", ".join(str(number) for number in outcome.unknown)
        click.echo(f"About nobody of this clinic: {len(outcome.unknown)} (lines {lines}).")

"""`svarbro status`: what feeds tell of patients, as a file."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from cli.choice import desk, telling_faults
from flow.status_file import read_status_file


@click.group()
def status() -> None:
    """Look after who may be written to."""


@status.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="file", show_default=True, help="Name of the feed, such as cpr.")
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON.")
def import_status(file: Path, source: str, clinic: str | None, *, as_json: bool) -> None:
    """Read FILE (`identifier;status;value;since`, UTF-8) and leave in peace who may not be written to.

    A status is dead, moved, protected, declined or digital; value is ja or nej, ja if empty; since is a date, today if
    empty. A file with one faulty line changes nothing.

    Exit codes: 0 done, 1 refused (every faulty line is named), 2 misused.
    """
    with desk(clinic) as at, telling_faults(as_json=as_json):
        outcome = at.services.use_cases.record_status(at.actor, read_status_file(file.read_bytes(), source))
    if as_json:
        click.echo(json.dumps({**asdict(outcome), "unchanged": outcome.unchanged}))
        return
    click.echo(f"{outcome.received} lines: {outcome.changed} told something new, {outcome.unchanged} nothing new.")
    if outcome.unknown:
        lines = ", ".join(str(number) for number in outcome.unknown)
        click.echo(f"About nobody of this clinic: {len(outcome.unknown)} (lines {lines}).")

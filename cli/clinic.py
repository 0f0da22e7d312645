"""`svarbro clinic`: what a clinic agreed to, when it is closed, how fresh its patients' status must be."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import click

from cli.agreement import COMMANDS
from cli.choice import desk, telling_faults
from flow.clinic_hours import Arrangement

LONGEST_CLOSURE = 366
"""Days of one range: a slip of the pen in a year must not close a clinic for a century."""
CLINIC = click.option("--clinic", "clinic_id", help="Id of the clinic; needed where there are several.")


class Days(click.ParamType[tuple[date, ...]]):
    """A Danish date, or the first and the last of a range: `2027-07-12..2027-07-30`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[date, ...]:
        """Read one argument."""
        first, _, last = str(value).partition("..")
        try:
            start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        except ValueError:
            self.fail(
                f"{value} is no date such as 2027-07-12, and no range such as 2027-07-12..2027-07-30.", param, ctx
            )
        if not start <= end < start + timedelta(days=LONGEST_CLOSURE):
            self.fail(f"{value} ends before it begins, or is longer than a year.", param, ctx)
        return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))


@click.group()
def clinic() -> None:
    """Arrange what a clinic runs, and when its patients may be written to."""


for command in COMMANDS:
    clinic.add_command(command)


@clinic.command()
@CLINIC
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(clinic_id: str | None, *, as_json: bool) -> None:
    """Show hours, closures and what is demanded of the sources of patients' status.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        shown = at.services.use_cases.hours.shown(at.actor)
    told = _told(shown)
    click.echo(json.dumps(told) if as_json else "\n".join(f"{name}: {value}" for name, value in told.items()))


@clinic.command()
@click.argument("days", nargs=-1, required=True, type=Days(), metavar="DAY|FIRST..LAST...")
@CLINIC
def close(days: Sequence[tuple[date, ...]], clinic_id: str | None) -> None:
    """Close the clinic on Danish dates: nobody is written to, and what is planned leaves on the next open day.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        count = at.services.use_cases.hours.close(at.actor, {day for some in days for day in some})
    click.echo(f"{count} more days are closed.")


@clinic.command()
@click.argument("days", nargs=-1, required=True, type=Days(), metavar="DAY|FIRST..LAST...")
@CLINIC
def reopen(days: Sequence[tuple[date, ...]], clinic_id: str | None) -> None:
    """Take closures back.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        count = at.services.use_cases.hours.reopen(at.actor, {day for some in days for day in some})
    click.echo(f"{count} closures were taken back.")


@clinic.command(name="optional-days")
@click.argument("state", type=click.Choice(["open", "closed"]))
@CLINIC
def optional_days(state: str, clinic_id: str | None) -> None:
    """Keep 1 May, 5 June, 24 and 31 December open or closed; closed is the default.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        at.services.use_cases.hours.open_on_optional_days(at.actor, is_open=state == "open")
    click.echo(f"Optional days are {state}.")


@clinic.command(name="status-age")
@click.argument("source")
@click.argument("hours", type=int, required=False)
@CLINIC
def status_age(source: str, hours: int | None, clinic_id: str | None) -> None:
    """Write to nobody unless SOURCE told of patients' status within HOURS; without HOURS nothing is demanded of it.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with desk(clinic_id) as at, telling_faults(as_json=False):
        at.services.use_cases.hours.demand_status(at.actor, source, hours)
    click.echo(f"{source}: {'nothing is demanded' if hours is None else f'at most {hours} hours old'}.")


def _told(shown: Arrangement) -> dict[str, Any]:
    window = shown.window
    return {
        "opens": _clock(window.opens),
        "closes": _clock(window.closes),
        "weekdays": sorted(window.weekdays),
        "publicHolidays": "open" if window.on_holidays else "closed",
        "optionalDays": "open" if window.on_holidays or window.on_optional_days else "closed",
        "closed": [day.isoformat() for day in sorted(window.closed)],
        "statusMaxAgeHours": {demand.source: demand.max_age_h for demand in shown.demands},
        "stale": [demand.source for demand in shown.stale],
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"

"""`svarbro ladder`: through which channels a clinic's patients are asked, one after another."""

import json
from collections.abc import Sequence
from typing import Any

import click

from cli.choice import desk, telling_faults
from delivery.ladder import Step

CLINIC = click.option("--clinic", "clinic_id", help="Id of the clinic; needed where there are several.")


class StepType(click.ParamType):  # type: ignore[type-arg]  # click's own classes leave it open too
    """`letter`, or `webpatient:10` with the days after which the next step comes."""

    name = "step"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Step:
        """Read one argument."""
        channel, _, days = str(value).partition(":")
        if not channel or not ((days.isascii() and days.isdigit()) or (not days and ":" not in str(value))):
            self.fail(f"{value} is no step such as letter or webpatient:10.", param, ctx)
        return Step(channel, int(days) if days else None)


@click.group()
def ladder() -> None:
    """Arrange what follows where a channel does not reach a patient."""


@ladder.command()
@CLINIC
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(clinic_id: str | None, *, as_json: bool) -> None:
    """Show the ladder of each package.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with desk(clinic_id) as at:
        shown = at.services.use_cases.ladder.shown(at.actor)
    told = {package: [_written(step) for step in steps] for package, steps in shown.items()}
    click.echo(json.dumps(told) if as_json else "\n".join(_line(*entry) for entry in told.items()))


@ladder.command(name="set")
@click.argument("package")
@click.argument("steps", nargs=-1, type=StepType(), metavar="CHANNEL[:DAYS]...")
@CLINIC
def set_ladder(package: str, steps: Sequence[Step], clinic_id: str | None) -> None:
    """Ask patients of PACKAGE through these channels, one after another: `KOL webpatient:10 letter:14 clinic`.

    The next step comes when a channel refuses for good, and DAYS after it took the invitation where nothing shows that
    the patient saw it. Without any step the clinic is told that somebody must call.

    Exit codes: 0 done, 1 refused (every fault is named), 2 misused.
    """
    with desk(clinic_id) as at, telling_faults(as_json=False):
        at.services.use_cases.ladder.set(at.actor, package, steps)
    click.echo(_line(package, [_written(step) for step in steps]))


def _written(step: Step) -> str:
    return step.channel if step.wait_days is None else f"{step.channel}:{step.wait_days}"


def _line(package: str, steps: Sequence[str]) -> str:
    return f"{package}: {' '.join(steps) or 'no ladder; the clinic is told'}"

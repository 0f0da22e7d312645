"""`svarbro retention`: how long data is kept, what a clinic chooses, and removing what has had its time."""

import json

import click

from app import open_services
from cli.choice import desk
from delivery.retention import RetentionClass
from flow.forget import Forget
from flow.retention_choice import ChooseRetention, Life

DEFAULT = "default"
CLASSES = click.Choice([str(one) for one in RetentionClass])


def _days(_ctx: click.Context, _param: click.Parameter, given: str) -> int | None:
    """Read a number of days; None stands for the word `default`."""
    if given == DEFAULT:
        return None
    if not given.isdecimal():
        raise click.BadParameter(f"a whole number of days, or `{DEFAULT}`")
    return int(given)


@click.group()
def retention() -> None:
    """Show how long data is kept, let a clinic choose, and remove what has had its time."""


@retention.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(*, as_json: bool) -> None:
    """Show each class, its days, and how many rows of all clinics have had their time.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    services = open_services()
    kept = Forget(services.store, services.content, services.clock).shown()
    if as_json:
        click.echo(json.dumps([{"class": one.kind, "days": one.life.days, "over": one.over} for one in kept]))
        return
    for one in kept:
        over = "is never removed by itself" if one.over is None else f"{one.over} have had their time"
        click.echo(f"{one.kind}: {one.life.days} days, {over}")


@retention.command()
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def chosen(clinic: str | None, *, as_json: bool) -> None:
    """Show how long one clinic keeps each class, and between which days it may choose.

    Exit codes: 0 done, 1 refused, 2 misused.
    """
    with desk(clinic) as at:
        lives = ChooseRetention(at.services.store, at.services.content).shown(at.actor)
    if as_json:
        click.echo(json.dumps([_told(one, life) for one, life in lives.items()]))
        return
    for one, life in lives.items():
        whose = "the clinic's own choice" if life.is_own else "as the content file says"
        ends = f"may be {life.bounds.least.days} to {life.bounds.most.days}" if life.bounds else "the same for all"
        click.echo(f"{one}: {life.days} days, {whose}; {ends}")


@retention.command()
@click.argument("kind", type=CLASSES)
@click.option("--days", required=True, callback=_days, help=f"How many, or `{DEFAULT}`: as the content file says.")
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
def choose(kind: str, days: int | None, clinic: str | None) -> None:
    """Record how long a clinic keeps a class of its data; what a shorter time lets go does not come back.

    Exit codes: 0 done, 1 refused (not within the bounds of the content file), 2 misused.
    """
    with desk(clinic) as at:
        ChooseRetention(at.services.store, at.services.content).choose(at.actor, RetentionClass(kind), days)
    click.echo("The clinic's choice is recorded.")


@retention.command()
def run() -> None:
    """Remove what has had its time now, as the worker does every hour; a legal hold stands against it.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    services = open_services()
    forget, count = Forget(services.store, services.content, services.clock), 0
    while gone := forget():
        count += gone
    click.echo(f"{count} were removed.")


def _told(one: RetentionClass, life: Life) -> dict[str, object]:
    ends = {"least": life.bounds.least.days, "most": life.bounds.most.days} if life.bounds else {}
    return {"class": one, "days": life.days, "own": life.is_own, **ends}

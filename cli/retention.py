"""`svarbro retention`: how long each class of data is kept, and removing what has had its time."""

import json

import click

from app import create_app, services_of
from flow.forget import Forget


@click.group()
def retention() -> None:
    """Show how long data is kept, and remove what has had its time."""


@retention.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show(*, as_json: bool) -> None:
    """Show each class, its days, and how many rows of all clinics have had their time.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    services = services_of(create_app())
    kept = Forget(services.store, services.content, services.clock).shown()
    if as_json:
        click.echo(json.dumps([{"class": one.kind, "days": one.life.days, "over": one.over} for one in kept]))
        return
    for one in kept:
        over = "is never removed by itself" if one.over is None else f"{one.over} have had their time"
        click.echo(f"{one.kind}: {one.life.days} days, {over}")


@retention.command()
def run() -> None:
    """Remove what has had its time now, as the worker does every hour; a legal hold stands against it.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    services = services_of(create_app())
    forget, count = Forget(services.store, services.content, services.clock), 0
    while gone := forget():
        count += gone
    click.echo(f"{count} were removed.")

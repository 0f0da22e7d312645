"""`svarbro receipts`: what channels told of orders that nobody knows."""

import json

import click

from app import open_services
from delivery.instants import instant
from store.strays import Stray


@click.group()
def receipts() -> None:
    """Look at receipts that fit no order."""


@receipts.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def strays(limit: int, *, as_json: bool) -> None:
    """Show the newest receipts in quarantine, of all clinics: they are looked at again for a week, and then kept.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    services = open_services()
    try:
        found = services.use_cases.strays(limit)
    finally:
        services.store.close()
    if as_json:
        click.echo(json.dumps([_told(stray) for stray in found]))
        return
    for stray in found:
        told = _told(stray)
        click.echo(f"{told['receivedAt']}  {told['channel']}  {told['event']}  {told['state']}  {told['orderId']}")
    click.echo(f"{len(found)} receipts.")


def _told(stray: Stray) -> dict[str, str | int]:
    return {
        "channel": stray.channel,
        "receiptId": stray.receipt_id,
        "orderId": stray.order_id,
        "event": stray.event,
        "at": instant(stray.at),
        "receivedAt": instant(stray.received_at),
        "state": stray.state,
        "tries": stray.tries,
    }

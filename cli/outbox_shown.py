"""How `svarbro outbox` shows messages and receivers: as a table for people, as JSON for scripts."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from delivery.backlog import STUCK, UNFINISHED, BacklogEntry
from delivery.breaker import Breaker, Circuit
from delivery.outbox import MessageState
from flow.watch import Picture

WIDE = 160
"""Columns of a table that no terminal cuts: for files and pipes."""


def show(shown: Table | str) -> None:
    """Print a table as wide as the terminal, or wide enough for a file."""
    console = Console()
    (console if console.is_terminal else Console(width=WIDE)).print(shown)


def told(entry: BacklogEntry) -> dict[str, Any]:
    """Write a message as JSON."""
    return {
        "id": entry.id,
        "clinicId": entry.clinic_id,
        "kind": entry.kind.value,
        "target": entry.target,
        "state": entry.state.value,
        "createdAt": entry.created_at.isoformat(),
        "dueAt": entry.due_at.isoformat(),
        "expiresAt": entry.expires_at.isoformat() if entry.expires_at else None,
        "attempts": entry.attempts,
        "inDoubt": entry.in_doubt,
        "lastError": entry.last_error,
        "heldBecause": entry.held_because.value if entry.held_because else None,
    }


def messages_table(entries: Sequence[BacklogEntry], now: datetime) -> Table:
    """Write messages as a table."""
    table = plain_table()
    for name in ("id", "kind", "target", "state", "age", "attempts", "next", "held or last error"):
        table.add_column(name, no_wrap=name == "id")
    for entry in entries:
        state = f"{entry.state.value}?" if entry.in_doubt and entry.state is not MessageState.IN_DOUBT else entry.state
        waits = entry.state is MessageState.DUE
        table.add_row(
            entry.id,
            entry.kind.value,
            entry.target,
            str(state),
            _span(now - entry.created_at),
            str(entry.attempts),
            ("now" if entry.due_at <= now else f"in {_span(entry.due_at - now)}") if waits else "",
            f"held: {entry.held_because.value}" if entry.held_because else entry.last_error or "",
        )
    return table


def _span(length: timedelta) -> str:
    """Write a length of time as an operator reads it: `42 s`, `17 min`, `3 h`, `5 d`."""
    seconds = int(length.total_seconds())
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{max(0, seconds)} s"


def tell_receivers(picture: Picture, now: datetime, *, as_json: bool) -> None:
    """Print what is known of each receiver."""
    names = sorted({*picture.receivers, *picture.failing, *(kept.target for kept in picture.unfinished)})
    told = {name: _receiver(picture, name) for name in names}
    if as_json:
        click.echo(json.dumps(told))
        return
    table = plain_table("receiver", "circuit", "for", "next probe", "waiting", "failing", "dead or in doubt")
    for name, one in told.items():
        breaker = picture.receivers.get(name, Breaker())
        is_closed = breaker.circuit is Circuit.CLOSED
        since = "" if is_closed or breaker.opened_at is None else _span(now - breaker.opened_at)
        probe = "" if is_closed or breaker.probe_at is None else f"in {_span(breaker.probe_at - now)}"
        counts = (str(one[field]) for field in ("waiting", "failing", "stuck"))
        table.add_row(name, breaker.circuit.value, since, probe, *counts)
    show(table if names else "Nothing was sent yet.")


def _receiver(picture: Picture, name: str) -> dict[str, Any]:
    breaker = picture.receivers.get(name, Breaker())
    count = dict.fromkeys(UNFINISHED, 0)
    for kept, number in picture.unfinished.items():
        count[kept.state] += number * (kept.target == name)
    return {
        "circuit": breaker.circuit.value,
        "openedAt": breaker.opened_at.isoformat() if breaker.opened_at else None,
        "probeAt": breaker.probe_at.isoformat() if breaker.probe_at else None,
        "waiting": count[MessageState.DUE] + count[MessageState.LEASED],
        "failing": picture.failing.get(name, (0, 0.0))[0],
        "stuck": sum(count[state] for state in STUCK),
    }


def plain_table(*columns: str) -> Table:
    """Make an empty table without lines."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table

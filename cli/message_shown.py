"""How `svarbro outbox show` tells what happened to one message: in order of time for people, as JSON for scripts."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from cli.outbox_shown import messages_table, plain_table, show, told
from delivery.instants import instant
from delivery.message_trace import ActDone, Attempt, MessageTrace, ReceiptTold

Event = tuple[datetime, str, str, str]
"""When, what, what came of it, and details."""


def tell_trace(trace: MessageTrace, now: datetime, *, as_json: bool) -> None:
    """Print a message with all that happened to it."""
    if as_json:
        click.echo(json.dumps(_as_json(trace)))
        return
    show(messages_table([trace.message], now))
    table = plain_table("when", "what", "outcome", "details")
    for at, *rest in sorted(_events(trace), key=lambda event: event[0]):
        table.add_row(instant(at), *rest)
    click.echo()
    show(table if table.row_count else "Nothing happened to it yet.")


def _events(trace: MessageTrace) -> Iterator[Event]:
    for attempt in trace.attempts:
        yield attempt.started_at, f"attempt {attempt.fence}", _outcome(attempt), _details(attempt)
    for receipt in trace.receipts:
        yield receipt.at, "receipt", receipt.event, f"learned {instant(receipt.recorded_at)}"
    for act in trace.acts:
        yield act.at, act.act.value, f"by {act.actor_id}", f"as {act.renewed_as}" if act.renewed_as else ""


def _outcome(attempt: Attempt) -> str:
    if attempt.outcome is None:
        return "no end known"
    return attempt.outcome.value if attempt.counted else f"{attempt.outcome.value}, too late to count"


def _details(attempt: Attempt) -> str:
    said = [
        attempt.owner,
        f"HTTP {attempt.http_status}" if attempt.http_status else "",
        attempt.error or "",
        f"again {instant(attempt.retry_at)}" if attempt.retry_at else "",
    ]
    return "; ".join(filter(None, said))


def _as_json(trace: MessageTrace) -> dict[str, Any]:
    closed_at = trace.message.closed_at
    return {
        "message": {**told(trace.message), "closedAt": closed_at.isoformat() if closed_at else None},
        "attempts": [_attempt(attempt) for attempt in trace.attempts],
        "receipts": [_receipt(receipt) for receipt in trace.receipts],
        "acts": [_act(act) for act in trace.acts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.fence,
        "worker": attempt.owner,
        "startedAt": attempt.started_at.isoformat(),
        "endedAt": attempt.ended_at.isoformat() if attempt.ended_at else None,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "counted": attempt.counted,
        "httpStatus": attempt.http_status,
        "error": attempt.error,
        "retryAt": attempt.retry_at.isoformat() if attempt.retry_at else None,
    }


def _receipt(receipt: ReceiptTold) -> dict[str, str]:
    return {"event": receipt.event, "at": receipt.at.isoformat(), "recordedAt": receipt.recorded_at.isoformat()}


def _act(act: ActDone) -> dict[str, str | None]:
    return {"act": act.act.value, "by": act.actor_id, "at": act.at.isoformat(), "renewedAs": act.renewed_as}

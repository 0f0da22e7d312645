"""What the apps tell of their messages: kept to be fetched, and called out, wrongly where that is asked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from delivery.instants import instant
from delivery.simulator.apps import BY_CHANNEL
from delivery.simulator.behaviours import Behaviour
from delivery.simulator.notebook import Notebook
from delivery.simulator.webhook import Call, Webhooks
from kernel.clock import Clock

PAGE = 50
"""Receipts that are fetched at once."""
REJECTED = "rejected"


class Telling:
    """Tells, and remembers what it told."""

    def __init__(self, notebook: Notebook, webhooks: Mapping[str, Webhooks], clock: Clock) -> None:
        self._notebook = notebook
        self._webhooks = webhooks
        self._clock = clock

    def tell(
        self, channel: str, key: str, reference: str, events: Sequence[str], wrongly: Behaviour | None = None
    ) -> None:
        """Tell of those events that the app tells of.

        Args:
            wrongly: a behaviour of receipts.
        """
        told = [event for event in events if event in BY_CHANNEL[channel].tells]
        if wrongly is Behaviour.RECEIPT_REJECTED:
            told.append(REJECTED)
        at = instant(self._clock.now())
        data = [{"orderId": key, "event": event, "reference": reference, "at": at} for event in told]
        webhooks = self._webhooks[channel]
        calls = [webhooks.receipt_call(one, is_replayed=wrongly is Behaviour.RECEIPTS_REPLAYED) for one in data]
        for call, one in zip(calls, data, strict=True):
            self._keep(channel, call.id, one)
        if wrongly is Behaviour.RECEIPT_FIRST and calls:
            webhooks.now(calls.pop(0))
        for call in self._called(webhooks, calls, data, wrongly):
            webhooks.queue(call)

    def fetched(self, channel: str, since: str | None) -> dict[str, Any]:
        """Return a page of what was told, oldest first."""
        mark = int(since) if since and since.isdigit() else 0
        with self._notebook.transaction() as connection:
            query = "SELECT * FROM told WHERE app = ? AND n > ? ORDER BY n LIMIT ?"
            rows = connection.execute(query, (channel, mark, PAGE + 1)).fetchall()
        page = rows[:PAGE]
        return {
            "receipts": [{"id": row["id"], **json.loads(row["body"])} for row in page],
            "mark": str(page[-1]["n"] if page else mark),
            "more": len(rows) > PAGE,
        }

    def _keep(self, channel: str, call_id: str, data: dict[str, str]) -> None:
        with self._notebook.transaction() as connection:
            connection.execute(
                "INSERT INTO told (app, id, body) VALUES (?, ?, ?)", (channel, call_id, json.dumps(data))
            )

    def _called(
        self, webhooks: Webhooks, calls: Sequence[Call], data: Sequence[dict[str, str]], wrongly: Behaviour | None
    ) -> Sequence[Call]:
        """Return what is called out, in its order."""
        match wrongly:
            case Behaviour.RECEIPTS_LOST:
                return ()
            case Behaviour.RECEIPTS_BACKWARDS:
                return tuple(reversed(calls))
            case Behaviour.RECEIPTS_TWICE:
                return (*calls, *(webhooks.receipt_call(one) for one in data))
            case Behaviour.RECEIPT_FORGED:
                return (*(webhooks.receipt_call(one | {"event": REJECTED}, is_forged=True) for one in data), *calls)
            case Behaviour.RECEIPT_STRAY:
                return (*(webhooks.receipt_call(one | {"orderId": str(uuid4())}) for one in data), *calls)
            case _:
                return calls

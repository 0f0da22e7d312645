"""The messages on the phone: each key once, each state only forward."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row
from typing import Any
from uuid import uuid4

from delivery.simulator.apps import App
from delivery.simulator.notebook import Notebook

STATE_WORDS = {
    "accepted": "Modtaget",
    "notified": "Ny besked",
    "opened": "Åbnet",
    "withdrawn": "Trukket tilbage",
    "completed": "Besvaret",
}
"""States in the order in which a message goes through them, and what the phone calls them."""

STATES = tuple(STATE_WORDS)


@dataclass(frozen=True, slots=True)
class PhoneMessage:
    """One message, as the phone holds it.

    Args:
        app: channel of the app that shows it.
        reference: the app's own.
        key: idempotency key of the order.
        order: the order as it came.
        state: one of `STATES`.
        received_at: aware UTC.
        answered: order ids of the forms that were answered in the app.
    """

    app: str
    reference: str
    key: str
    order: dict[str, Any] = field(repr=False)
    state: str
    received_at: datetime
    answered: frozenset[str]

    @property
    def order_ids(self) -> tuple[str, ...]:
        """Order ids of its forms."""
        return tuple(form["orderId"] for form in self.order["forms"])


class Messages:
    """Takes, finds and moves messages."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def take(self, app: App, key: str, order: dict[str, Any], *, at: datetime) -> tuple[str, bool]:
        """Take an order; a key that the app knows keeps the first one.

        Returns:
            Our reference, and whether the key was new.
        """
        reference = f"{app.prefix}-{uuid4().hex[:12]}"
        with self._notebook.transaction() as connection:
            inserted = connection.execute(
                "INSERT INTO message (app, key, reference, body, state, received_at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (app, key) DO NOTHING",
                (app.channel, key, reference, json.dumps(order), STATES[0], at.isoformat()),
            )
            row = connection.execute(
                "SELECT reference FROM message WHERE app = ? AND key = ?", (app.channel, key)
            ).fetchone()
        return row["reference"], inserted.rowcount == 1

    def withdraw(self, app: App, key: str) -> bool:
        """Take a message off the phone; a key that was never here is not taken later either. False if it was known."""
        with self._notebook.transaction() as connection:
            is_news = connection.execute(
                "INSERT INTO withdrawn VALUES (?, ?) ON CONFLICT DO NOTHING", (app.channel, key)
            ).rowcount
        found = self.of_key(app, key)
        if found:
            self.advance(found.reference, "withdrawn")
        return is_news == 1

    def is_withdrawn(self, app: App, key: str) -> bool:
        """Tell whether a key was taken back."""
        with self._notebook.transaction() as connection:
            query = "SELECT 1 FROM withdrawn WHERE app = ? AND key = ?"
            return connection.execute(query, (app.channel, key)).fetchone() is not None

    def of_key(self, app: App, key: str) -> PhoneMessage | None:
        """Return the message that an order with this key made."""
        with self._notebook.transaction() as connection:
            query = "SELECT reference FROM message WHERE app = ? AND key = ?"
            row = connection.execute(query, (app.channel, key)).fetchone()
        return self.find(row["reference"]) if row else None

    def all(self) -> tuple[PhoneMessage, ...]:
        """Return every message, newest first."""
        with self._notebook.transaction() as connection:
            rows = connection.execute("SELECT * FROM message ORDER BY n DESC").fetchall()
            answered = connection.execute("SELECT * FROM answered").fetchall()
        by_reference: dict[str, list[Row]] = {}
        for entry in answered:
            by_reference.setdefault(entry["reference"], []).append(entry)
        return tuple(_message(row, by_reference.get(row["reference"], [])) for row in rows)

    def find(self, reference: str) -> PhoneMessage | None:
        """Return one message."""
        with self._notebook.transaction() as connection:
            row = connection.execute("SELECT * FROM message WHERE reference = ?", (reference,)).fetchone()
            answered = connection.execute("SELECT * FROM answered WHERE reference = ?", (reference,)).fetchall()
        return _message(row, answered) if row else None

    def advance(self, reference: str, state: str) -> bool:
        """Move a message forward; False when it is there already or beyond."""
        earlier = STATES[: STATES.index(state)]
        with self._notebook.transaction() as connection:
            moved = connection.execute(
                "UPDATE message SET state = ? WHERE reference = ? AND state IN (SELECT value FROM json_each(?))",
                (state, reference, json.dumps(earlier)),
            )
        return moved.rowcount == 1

    def mark_answered(self, reference: str, order_id: str) -> None:
        """Remember that a form was answered in the app."""
        with self._notebook.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO answered VALUES (?, ?)", (reference, order_id))


def _message(row: Row, answered: list[Row]) -> PhoneMessage:
    return PhoneMessage(
        app=row["app"],
        reference=row["reference"],
        key=row["key"],
        order=json.loads(row["body"]),
        state=row["state"],
        received_at=datetime.fromisoformat(row["received_at"]),
        answered=frozenset(entry["order_id"] for entry in answered),
    )

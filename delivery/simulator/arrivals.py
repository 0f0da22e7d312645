"""Counts what arrived and what took effect, by key: the proof of once and only once."""

from typing import Any

from delivery.simulator.notebook import Notebook


class Arrivals:
    """The tally of both receivers."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def came(self, target: str, key: str) -> int:
        """Count one transmission, whatever becomes of it, and return the how many-th of its key it is."""
        return self._add(target, key, raw=1, accepted=0)

    def accepted(self, target: str, key: str) -> None:
        """Count one effect."""
        self._add(target, key, raw=0, accepted=1)

    def summary(self, target: str) -> dict[str, Any]:
        """Return all transmissions, the number of keys that took effect, and both by key."""
        with self._notebook.transaction() as connection:
            rows = connection.execute("SELECT key, raw, accepted FROM arrival WHERE target = ?", (target,)).fetchall()
        return {
            "raw": sum(row["raw"] for row in rows),
            "unique": sum(row["accepted"] > 0 for row in rows),
            "keys": {row["key"]: {"raw": row["raw"], "accepted": row["accepted"]} for row in rows},
        }

    def _add(self, target: str, key: str, *, raw: int, accepted: int) -> int:
        with self._notebook.transaction() as connection:
            (raw_so_far,) = connection.execute(
                "INSERT INTO arrival VALUES (?, ?, ?, ?) ON CONFLICT (target, key)"
                " DO UPDATE SET raw = raw + excluded.raw, accepted = accepted + excluded.accepted"
                " RETURNING raw",
                (target, key, raw, accepted),
            ).fetchone()
        return int(raw_so_far)

"""The print service's shelf: each key once, and what was withdrawn is not printed, even where it comes later."""

from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row
from uuid import uuid4

from delivery.simulator.notebook import Notebook


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.

    Args:
        n: its number, for addresses.
        pdf: None where it was withdrawn before it came.
    """

    n: int
    key: str
    reference: str
    name: str = field(repr=False)
    pdf: bytes | None = field(repr=False)
    is_withdrawn: bool
    received_at: datetime


class Letters:
    """Takes, finds and stops letters."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def take(self, key: str, name: str, pdf: bytes, *, at: datetime) -> bool:
        """Take a letter; a known key keeps the first one. Tells whether it was new."""
        values = (key, f"BR-{uuid4().hex[:12]}", name, pdf, False, at.isoformat())
        return self._insert(values)

    def withdraw(self, key: str, *, at: datetime) -> bool:
        """Stop a letter, also one that is yet to come; tells whether it was news."""
        if self._insert((key, "", "", None, True, at.isoformat())):
            return True
        with self._notebook.transaction() as connection:
            statement = "UPDATE letter SET withdrawn = 1 WHERE key = ? AND NOT withdrawn"
            return connection.execute(statement, (key,)).rowcount == 1

    def find(self, key: str) -> Letter | None:
        """Return a letter by its key."""
        return next((letter for letter in self.all() if letter.key == key), None)

    def all(self) -> tuple[Letter, ...]:
        """Return every letter, newest first."""
        with self._notebook.transaction() as connection:
            rows = connection.execute("SELECT * FROM letter ORDER BY n DESC").fetchall()
        return tuple(_letter(row) for row in rows)

    def _insert(self, values: tuple[object, ...]) -> bool:
        with self._notebook.transaction() as connection:
            statement = (
                "INSERT INTO letter (key, reference, name, pdf, withdrawn, received_at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (key) DO NOTHING"
            )
            return connection.execute(statement, values).rowcount == 1


def _letter(row: Row) -> Letter:
    return Letter(
        n=row["n"],
        key=row["key"],
        reference=row["reference"],
        name=row["name"],
        pdf=row["pdf"],
        is_withdrawn=bool(row["withdrawn"]),
        received_at=datetime.fromisoformat(row["received_at"]),
    )

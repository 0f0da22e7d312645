"""Anchors: each day's end of each chain in a file outside the database, so that no chain is made anew."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kernel.errors import StoreError
from kernel.ids import ClinicId
from security.chain import Head


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the chain of one clinic ended on one day.

    Args:
        day: ISO date, UTC.
    """

    clinic_id: ClinicId
    day: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class AnchorFile:
    """A file of anchors, one JSON object a line; lines are only ever added."""

    path: Path

    def add(self, anchor: Anchor) -> None:
        """Add a line; the same anchor twice does no harm."""
        with self.path.open("a", encoding="ascii") as file:
            file.write(json.dumps(asdict(anchor)) + "\n")

    def of(self, clinic_id: ClinicId) -> tuple[Head, ...]:
        """Return the anchors of a clinic; none where there is no file.

        Raises:
            StoreError: a line is no anchor.
        """
        if not self.path.exists():
            return ()
        try:
            lines = [json.loads(line) for line in self.path.read_text(encoding="ascii").splitlines()]
            return tuple(_head(line) for line in lines if line["clinic_id"] == clinic_id)
        except (ValueError, KeyError, TypeError):
            raise StoreError("The file of anchors cannot be read.") from None


def _head(line: Mapping[str, object]) -> Head:
    return Head(int(str(line["seq"])), str(line["hash"]))

"""Time: every moment is aware UTC and comes from an injected clock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Tell the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Tell the machine's time in UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """The machine's time moved by the seconds in a file: the demo's time travel, shared by all its processes.

    The file is read at each call: it is a few bytes, and a jump must reach web, worker and simulator at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Tell the machine's time plus the file's offset; a missing file means no offset."""
        try:
            offset_s = float(self._path.read_text(encoding="ascii"))
        except FileNotFoundError:
            offset_s = 0.0
        return datetime.now(UTC) + timedelta(seconds=offset_s)

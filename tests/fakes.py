"""Fakes that every room's tests may use."""

from datetime import datetime, timedelta


class FakeClock:
    """A clock that stands still until it is moved.

    Args:
        at: aware moment at which it stands.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Tell where it stands."""
        return self.at

    def move(self, **by: float) -> datetime:
        """Move it, by the arguments of a timedelta, and tell where it stands now."""
        self.at += timedelta(**by)
        return self.at

"""How a moment is written to other systems."""

from datetime import UTC, datetime


def instant(moment: datetime) -> str:
    """Write an aware moment as a FHIR instant in UTC, to the millisecond, such as `2026-11-20T08:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

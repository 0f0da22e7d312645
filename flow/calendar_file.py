"""APPOINTMENTS: a calendar as a file, `identifier;starts_at`."""

from flow.appointments import AppointmentEntry, Calendar
from flow.list_file import NAMING, read_list

COLUMNS = ("identifier", "starts_at")


def read_calendar(raw: bytes, source: str) -> Calendar:
    """Read a file; its faults travel with the calendar, so that all are told together.

    Args:
        source: name of the calendar.
    """
    read = read_list(raw, COLUMNS)
    entries = (AppointmentEntry(one.number, one.fields["identifier"], one.fields["starts_at"]) for one in read.lines)
    return Calendar(source, tuple(entries), NAMING, tuple(read.faults), COLUMNS[1])

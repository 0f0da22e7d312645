"""STATUS: a feed as a file, `identifier;status;value;since`."""

from datetime import date

from flow.list_file import NAMING, Line, fault, read_list, yes_or_no
from flow.status import StatusDelivery, StatusEntry
from kernel.errors import Issue

COLUMNS = ("identifier", "status")
OPTIONAL = ("value", "since")


def read_status_file(raw: bytes, source: str) -> StatusDelivery:
    """Read a file; its faults travel with the delivery, so that all are told together.

    Args:
        source: name of the feed.
    """
    read = read_list(raw, COLUMNS, optional=OPTIONAL)
    faults: list[Issue] = list(read.faults)
    entries = tuple(_entry(line, faults) for line in read.lines)
    return StatusDelivery(source, entries, NAMING, tuple(faults))


def _entry(line: Line, faults: list[Issue]) -> StatusEntry:
    value = yes_or_no(line.fields["value"] or "ja")
    if value is None:
        faults.append(fault(line.number, "value", "This is neither yes nor no.", "not-yes-or-no"))
    since = None
    if line.fields["since"]:
        try:
            since = date.fromisoformat(line.fields["since"])
        except ValueError:
            faults.append(fault(line.number, "since", "A date is written as 2027-01-31.", "not-a-date"))
    return StatusEntry(line.number, line.fields["identifier"], line.fields["status"].lower(), value is not False, since)

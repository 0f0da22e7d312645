"""Reads how the worklist is kept from its JSON file and refuses one that is not sound."""

from pathlib import Path
from types import MappingProxyType

from delivery.worklist import WorklistRule
from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened
from scoring.levels import Urgency

HERE = Path(__file__).parent


def load_worklist(directory: Path = HERE) -> WorklistRule:
    """Load the newest rule.

    Args:
        directory: holds `worklist-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(directory, "worklist", parse_worklist, version=lambda one: one.version, what="worklist file")


def parse_worklist(raw: bytes, name: str) -> WorklistRule:
    """Read one file.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("first", "dueDays", "longestPostponementDays"))
    longest = fields.integer("longestPostponementDays")
    if longest < 1:
        raise fields.fail("longestPostponementDays", "a whole number of days above 0")
    known = {urgency.value for urgency in Urgency}
    if not set(fields.texts("first")) <= known:
        raise fields.fail("first", f"some of {', '.join(known)}")
    first = frozenset(Urgency(one) for one in fields.texts("first"))
    return WorklistRule(version.version, first, MappingProxyType(_due_days(fields.part("dueDays"))), longest)


def _due_days(part: Fields) -> dict[Urgency, int]:
    """Read the days of every urgency; a more urgent one never has more days than a less urgent one."""
    part.refuse_others([urgency.value for urgency in Urgency])
    days = {urgency: part.integer(urgency.value) for urgency in Urgency}
    most = None
    for urgency in Urgency:
        if days[urgency] < 0 or (most is not None and days[urgency] > most):
            raise part.fail(urgency.value, "days from 0, never more than a less urgent word has")
        most = days[urgency]
    return days

"""Reads the limits of escalation from their JSON file and refuses one that is not sound."""

from datetime import timedelta
from pathlib import Path

from delivery.escalation import EscalationLimits
from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import version_of

HERE = Path(__file__).parent
_MINUTES = ("receivedMinutes", "decidedMinutes", "operatorMinutes")
_FIELDS = ("id", "version", "status", "approval", "sources", "licence", *_MINUTES)


def load_escalation(directory: Path = HERE) -> EscalationLimits:
    """Load the newest limits.

    Args:
        directory: holds `escalation-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(directory, "escalation", parse_escalation, version=lambda one: one.version, what="escalation file")


def parse_escalation(raw: bytes, name: str) -> EscalationLimits:
    """Read one file of limits.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = version_of(fields, raw, name)
    return EscalationLimits(version.version, *(_minutes(fields, one) for one in _MINUTES))


def _minutes(fields: Fields, name: str) -> timedelta:
    minutes = fields.integer(name)
    if minutes < 1:
        raise fields.fail(name, "a whole number of minutes above 0")
    return timedelta(minutes=minutes)

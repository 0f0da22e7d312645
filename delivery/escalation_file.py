"""Reads the limits of escalation from their JSON file and refuses one that is not sound."""

from pathlib import Path

from delivery.escalation import EscalationLimits
from questionnaires.newest_file import newest_of
from scoring.file_version import opened

HERE = Path(__file__).parent
_MINUTES = ("receivedMinutes", "decidedMinutes", "operatorMinutes")


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
    fields, version = opened(raw, name, _MINUTES)
    return EscalationLimits(version.version, *(fields.minutes(one) for one in _MINUTES))

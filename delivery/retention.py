"""How long each class of data is kept, as a content file says; a file that leaves a class out is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import version_of

HERE = Path(__file__).parent
_FIELDS = ("id", "version", "status", "approval", "sources", "licence", "days")


class RetentionClass(StrEnum):
    """Data that is kept for the same time."""

    DRAFT = "draft"
    WEBHOOK_BODY = "webhook-body"
    UNMATCHED_BODY = "unmatched-body"
    STRAY_RECEIPT = "stray-receipt"
    CONTACT = "contact"
    RECORD = "record"
    AUDIT = "audit"

    @property
    def goes_by_itself(self) -> bool:
        """The tick removes it; a record is kept at least so long, and removed by nobody but a person."""
        return self is not RetentionClass.RECORD


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Args:
        version: of the content file.
        lives: class -> time after the last need; 0 = gone with the next tick.
    """

    version: str
    lives: Mapping[RetentionClass, timedelta]


def load_retention(directory: Path = HERE) -> Retention:
    """Load the newest times.

    Args:
        directory: holds `retention-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(directory, "retention", parse_retention, version=lambda one: one.version, what="retention file")


def parse_retention(raw: bytes, name: str) -> Retention:
    """Read one file of times.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = version_of(fields, raw, name)
    days = fields.part("days")
    days.refuse_others([str(one) for one in RetentionClass])
    return Retention(version.version, MappingProxyType({one: _life(days, one) for one in RetentionClass}))


def _life(days: Fields, one: RetentionClass) -> timedelta:
    number = days.integer(one)
    if number < 0:
        raise days.fail(one, "a whole number of days, 0 or more")
    return timedelta(days=number)

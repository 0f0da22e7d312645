"""How long each class of data is kept, and what a clinic may choose: a content file in which all classes stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened

HERE = Path(__file__).parent
_ENDS = ("least", "most")


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

    @property
    def is_of_a_clinic(self) -> bool:
        """Each row belongs to one clinic; the others come before it is known whose they are."""
        return self not in (RetentionClass.WEBHOOK_BODY, RetentionClass.STRAY_RECEIPT)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which times a clinic may choose, both ends included."""

    least: timedelta
    most: timedelta

    def __contains__(self, life: timedelta) -> bool:
        return self.least <= life <= self.most


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Args:
        version: of the content file.
        lives: class -> time after the last need; 0 = gone with the next tick.
        bounds: class -> what a clinic may choose instead; a class that is left out is the same for all.
    """

    version: str
    lives: Mapping[RetentionClass, timedelta]
    bounds: Mapping[RetentionClass, Bounds]

    def life(self, one: RetentionClass, days: int | None) -> timedelta:
        """Tell how long a class is kept.

        Args:
            days: that a clinic has chosen, if it has; what a newer content file allows no more counts as the nearest
                that it allows.
        """
        bounds = self.bounds.get(one)
        if days is None or bounds is None:
            return self.lives[one]
        return min(max(timedelta(days=days), bounds.least), bounds.most)


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
    fields, version = opened(raw, name, ("days", "bounds"))
    days = fields.part("days")
    days.refuse_others([str(one) for one in RetentionClass])
    lives = {one: _life(days, one) for one in RetentionClass}
    return Retention(version.version, MappingProxyType(lives), MappingProxyType(_bounds(fields, lives)))


def _bounds(fields: Fields, lives: Mapping[RetentionClass, timedelta]) -> dict[RetentionClass, Bounds]:
    if "bounds" not in fields:
        return {}
    part = fields.part("bounds")
    part.refuse_others([str(one) for one in RetentionClass if one.is_of_a_clinic])
    found = {one: _ends(part.part(one)) for one in RetentionClass if one in part}
    for one, bounds in found.items():
        if lives[one] not in bounds:
            raise part.fail(one, "a range that holds the days of the class")
    return found


def _ends(part: Fields) -> Bounds:
    part.refuse_others(_ENDS)
    return Bounds(*(_life(part, name) for name in _ENDS))


def _life(days: Fields, name: str) -> timedelta:
    number = days.integer(name)
    if number < 0:
        raise days.fail(name, "a whole number of days, 0 or more")
    return timedelta(days=number)

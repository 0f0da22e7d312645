"""What the patient's pages promise and offer around the form, as a content file says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from questionnaires.model import Text
from questionnaires.newest_file import newest_of
from scoring.decision import DECIDABLE
from scoring.file_version import opened
from scoring.levels import Colour

HERE = Path(__file__).parent
_OWN = ("readWithinOpenMinutes", "unsentDangerMinutes", "pauseWeeks", "results")


@dataclass(frozen=True, slots=True)
class PatientPages:
    """What is promised and offered.

    Args:
        version: of the content file.
        read_within: until the clinic has seen an answer without danger, counted while it is open.
        unsent_danger: until the clinic is told of a danger answer that was given and not sent, at any hour.
        pause_weeks: how long a patient may choose to be left in peace, shortest first.
        results: colour of a decision -> what the patient reads of it; no word of it names the colour.
    """

    version: str
    read_within: timedelta
    unsent_danger: timedelta
    pause_weeks: tuple[int, ...]
    results: Mapping[Colour, Text]


def load_patient_pages(directory: Path = HERE) -> PatientPages:
    """Load the newest file.

    Args:
        directory: holds `patient_pages-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(directory, "patient_pages", parse_patient_pages, version=lambda one: one.version, what="file")


def parse_patient_pages(raw: bytes, name: str) -> PatientPages:
    """Read one file.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, _OWN)
    weeks, results = fields.integers("pauseWeeks"), fields.part("results")
    if not weeks or weeks[0] < 1 or list(weeks) != sorted(set(weeks)):
        raise fields.fail("pauseWeeks", "whole weeks above 0, shortest first")
    results.refuse_others([colour.value for colour in DECIDABLE])
    return PatientPages(
        version=version.version,
        read_within=fields.minutes("readWithinOpenMinutes"),
        unsent_danger=fields.minutes("unsentDangerMinutes"),
        pause_weeks=weeks,
        results=MappingProxyType({colour: results.bilingual(colour.value) for colour in DECIDABLE}),
    )

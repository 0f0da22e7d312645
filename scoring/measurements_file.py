"""Reads the list of measurements from its JSON file and refuses one that is not sound."""

from pathlib import Path
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened
from scoring.measurements import Measurement, MeasurementList

HERE = Path(__file__).parent
_OF_ONE = ("code", "label", "unit", "lowest", "highest", "decimals", "packages", "coding")


def load_measurements(directory: Path = HERE) -> MeasurementList:
    """Load the newest list of measurements.

    Args:
        directory: holds `measurements-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(
        directory,
        "measurements",
        parse_measurements,
        version=lambda one: one.version.version,
        what="list of measurements",
    )


def parse_measurements(raw: bytes, name: str) -> MeasurementList:
    """Read one list of measurements.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("measurements",))
    kinds = tuple(_kind(part) for part in fields.parts("measurements"))
    by_code = MappingProxyType({kind.code: kind for kind in kinds})
    if not kinds or len(by_code) != len(kinds):
        raise fields.fail("measurements", "a list that names each code once")
    return MeasurementList(version, by_code)


def _kind(fields: Fields) -> Measurement:
    fields.refuse_others(_OF_ONE)
    lowest, highest, decimals = (fields.integer(name) for name in ("lowest", "highest", "decimals"))
    if lowest >= highest:
        raise fields.fail("highest", "a number above the lowest")
    if decimals < 0:
        raise fields.fail("decimals", "no decimals or more")
    return Measurement(
        code=fields.text("code"),
        label=fields.bilingual("label"),
        unit=fields.text("unit"),
        lowest=lowest,
        highest=highest,
        decimals=decimals,
        packages=frozenset(fields.texts("packages")),
        coding=_coding(fields.part("coding")) if "coding" in fields else None,
    )


def _coding(fields: Fields) -> tuple[str, str, str]:
    fields.refuse_others(("system", "code", "display"))
    return fields.text("system"), fields.text("code"), fields.text("display") if "display" in fields else ""

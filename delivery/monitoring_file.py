"""Reads the figures of monitoring from their JSON file and refuses one that is not sound."""

from itertools import pairwise
from pathlib import Path

from delivery.monitoring import DIVISIBLE, AgeGroup, By, Count, Form, Measure, MonitoringRule
from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened

HERE = Path(__file__).parent


def load_monitoring(directory: Path = HERE) -> MonitoringRule:
    """Load the newest figures.

    Args:
        directory: holds `monitoring-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(directory, "monitoring", parse_monitoring, version=lambda one: one.version, what="monitoring file")


def parse_monitoring(raw: bytes, name: str) -> MonitoringRule:
    """Read one file.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("windowMonths", "annualControl", "ages", "measures"))
    if fields.integer("windowMonths") < 1:
        raise fields.fail("windowMonths", "a whole number of months above 0")
    measures = tuple(_measure(part) for part in fields.parts("measures"))
    if not measures or len({one.id for one in measures}) != len(measures):
        raise fields.fail("measures", "at least one measure, each id once")
    return MonitoringRule(
        version=version.version,
        window_months=fields.integer("windowMonths"),
        annual_control=fields.texts("annualControl"),
        ages=_ages(fields),
        measures=measures,
    )


def _ages(fields: Fields) -> tuple[AgeGroup, ...]:
    groups = tuple(
        AgeGroup(part.text("id"), part.integer("from"), part.bilingual("title")) for part in fields.parts("ages")
    )
    starts = [group.since for group in groups]
    if not starts or starts[0] != 0 or any(one >= next_ for one, next_ in pairwise(starts)):
        raise fields.fail("ages", "groups from age 0 on, each older than the one before")
    return groups


def _measure(part: Fields) -> Measure:
    part.refuse_others(("id", "form", "part", "of", "by", "title", "about"))
    form = Form(part.one_of("form", tuple(Form)))
    by = tuple(_by(part, name) for name in part.texts("by")) if "by" in part else ()
    measure = Measure(
        id=part.text("id"),
        form=form,
        part=Count(part.one_of("part", tuple(Count))),
        of=Count(part.one_of("of", tuple(Count))) if form.has_whole else None,
        by=by,
        title=part.bilingual("title"),
        about=part.bilingual("about"),
    )
    if not form.has_whole and "of" in part:
        raise part.fail("of", "nothing beside this form")
    if (form is Form.MEDIAN_HOURS) != (measure.part is Count.HANDLED):
        raise part.fail("part", "`handled` for a median, and a count for anything else")
    if by and not {measure.part, measure.of} <= DIVISIBLE:
        raise part.fail("by", "counts that are kept apart")
    return measure


def _by(part: Fields, name: str) -> By:
    try:
        return By(name)
    except ValueError as error:
        raise ContentError(f"{part.where}.by: {name} is none of {', '.join(By)}") from error

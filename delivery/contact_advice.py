"""Whom a patient can call now: the clinic in its hours, else the line of its region, else 112."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from holidays import country_holidays

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Text

ADVICE = Path(__file__).parent / "contact_advice-2.0.0.json"
ELEMENTS = (
    *("version", "status", "timeZone", "emergency", "clinicHours", "outOfHours", "static", "rule", "source"),
    "licence",
)
PLACE = "{{contactNow}}"
"""Where a text names whom to call now."""
CLINIC_PHONE = "{{clinicPhone}}"


@dataclass(frozen=True, slots=True)
class Line:
    """The out-of-hours line of one region.

    Args:
        region: code, such as `midtjylland`.
        phone: None while the number is not confirmed.
        text: names the line and its number in a sentence.
        valid_from: first Danish date; None = always was.
        valid_to: last Danish date; None = no end known.
        until_confirmed: former region -> number that holds while `phone` is not confirmed.
    """

    region: str
    phone: str | None
    text: Text
    valid_from: date | None
    valid_to: date | None
    until_confirmed: Mapping[str, str]

    def holds_on(self, day: date) -> bool:
        """Tell whether the line is in use on a Danish date."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ContactAdvice:
    """Whom to call, by region and hour.

    Args:
        version: as in the file.
        zone: time zone of hours and dates.
        emergency: the number for emergencies.
        weekdays: ISO weekdays on which clinics answer.
        opens: first moment of the clinic's hours.
        closes: first moment after them.
        also_closed: (month, day) on which clinics are closed besides public holidays.
        clinic: names the clinic; holds the place of its number.
        lines: of the regions.
        static: for a text that is written before it is known when it is read.
    """

    version: str
    zone: ZoneInfo
    emergency: str
    weekdays: frozenset[int]
    opens: time
    closes: time
    also_closed: frozenset[tuple[int, int]]
    clinic: Text
    lines: tuple[Line, ...]
    static: Text


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a clinic is, and how it is reached.

    Args:
        phone: of the clinic.
        region: code of its region.
        former_region: code of the region that it lay in before the regions were joined; empty if it never changed.
        closures: Danish dates on which this clinic is closed.
    """

    phone: str
    region: str
    former_region: str = ""
    closures: Collection[date] = frozenset()


def contact_now(advice: ContactAdvice, reach: Reach, moment: datetime) -> Text:
    """Tell whom a patient of a clinic can call at a moment, to stand in a sentence.

    Args:
        moment: aware.

    Returns:
        The clinic on weekdays in its hours, not on public holidays or its own closures; else the line of its region
        that is valid on that date; a region without a confirmed number falls back to the former region's; when
        nothing is found, the emergency number.

    Source: docs/clinical/contact-advice.md.
    """
    local = moment.astimezone(advice.zone)
    if reach.phone and _is_open(advice, reach, local):
        danish, english = (words.replace(CLINIC_PHONE, reach.phone) for words in (advice.clinic.da, advice.clinic.en))
        return Text(danish, english)
    line = next(_lines(advice, reach, local.date()), None)
    return Text(advice.emergency, advice.emergency) if line is None else line.text


def fill_contact(text: Text, contact: Text) -> Text:
    """Put a contact where a text names whom to call now.

    Args:
        contact: from `contact_now`, or the advice's `static` where the text is read at another time.
    """
    return Text(text.da.replace(PLACE, contact.da), text.en.replace(PLACE, contact.en))


def load_contact_advice(path: Path = ADVICE) -> ContactAdvice:
    """Read the advice file.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(path.read_bytes(), path.name)
    fields.refuse_others(ELEMENTS)
    if path.name != f"contact_advice-{fields.text('version')}.json":
        raise ContentError(f"{path.name} holds version {fields.text('version')}")
    hours = fields.part("clinicHours")
    if CLINIC_PHONE not in hours.bilingual("text").da or CLINIC_PHONE not in hours.bilingual("text").en:
        raise hours.fail("text", f"the place {CLINIC_PHONE}")
    return ContactAdvice(
        version=fields.text("version"),
        zone=ZoneInfo(fields.text("timeZone")),
        emergency=fields.part("emergency").text("phone"),
        weekdays=frozenset(hours.integers("weekdays")),
        opens=time.fromisoformat(hours.text("from")),
        closes=time.fromisoformat(hours.text("until")),
        also_closed=frozenset(_day_of_year(day) for day in hours.texts("alsoClosed")),
        clinic=hours.bilingual("text"),
        lines=tuple(_line(part) for part in fields.parts("outOfHours")),
        static=fields.part("static").bilingual("text"),
    )


def _is_open(advice: ContactAdvice, reach: Reach, local: datetime) -> bool:
    day = local.date()
    return (
        day.isoweekday() in advice.weekdays
        and advice.opens <= local.time() < advice.closes
        and (day.month, day.day) not in advice.also_closed
        and day not in reach.closures
        and day not in country_holidays("DK", years=day.year)
    )


def _lines(advice: ContactAdvice, reach: Reach, day: date) -> Iterator[Line]:
    """Find lines that have a number on a date: the region's own, the former region's, and the one that stands in."""
    own = [name for name in (reach.region, reach.former_region) if name]
    current = [line for line in advice.lines if line.holds_on(day)]
    for name in own:
        yield from (line for line in current if line.region == name and line.phone)
    for name in own:
        for line in current:
            stand_in = line.until_confirmed.get(name)
            if line.phone is None and stand_in:
                yield from (one for one in advice.lines if one.region == name and one.phone == stand_in)


def _line(part: Fields) -> Line:
    part.refuse_others(("region", "name", "phone", "text", "validFrom", "validTo", "untilConfirmed", "status"))
    until = part.part("untilConfirmed") if "untilConfirmed" in part else None
    return Line(
        region=part.text("region"),
        phone=None if part.raw.get("phone") is None else part.text("phone"),
        text=part.bilingual("text"),
        valid_from=_date(part, "validFrom"),
        valid_to=_date(part, "validTo"),
        until_confirmed=MappingProxyType({} if until is None else {name: until.text(name) for name in until.raw}),
    )


def _date(part: Fields, name: str) -> date | None:
    return date.fromisoformat(part.text(name)) if name in part else None


def _day_of_year(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)

"""APPOINTMENTS: when patients come next, as the clinic's calendar tells, so that the list can be put in that order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from delivery.recurrence import COPENHAGEN
from kernel.errors import InvalidInputError, Issue
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier, parse_identifier
from security.policy import Action, allow
from store.database import Store


@dataclass(frozen=True, slots=True)
class AppointmentEntry:
    """One line of a calendar, as it came.

    Args:
        position: index in the list or number of the line; the only way in which it is named.
        identifier: CPR number, X-eCPR or D-eCPR.
        starts_at: `2027-01-31T10:15`, Danish time unless it says which.
    """

    position: int
    identifier: str = field(repr=False)
    starts_at: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that a source knows of appointments; it replaces what the source told before.

    Args:
        source: name of the calendar, such as `lps`.
        naming: how a field of an entry is named to whoever sent it, such as `appointments.{position}.{field}`.
        faults: that whoever read the calendar found already.
        time: how the time of an entry is named to whoever sent it.
    """

    source: str
    entries: tuple[AppointmentEntry, ...]
    naming: str = "appointments.{position}.{field}"
    faults: tuple[Issue, ...] = ()
    time: str = "startsAt"


@dataclass(frozen=True, slots=True)
class CalendarOutcome:
    """What came of a calendar.

    Args:
        kept: appointments of patients of this clinic.
        unknown: positions of entries about nobody of this clinic.
    """

    received: int
    kept: int
    unknown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeepAppointments:
    """The use case."""

    store: Store

    def __call__(self, actor: Actor, calendar: Calendar) -> CalendarOutcome:
        """Keep a calendar in place of what its source told before, all in one transaction.

        Raises:
            InvalidInputError: entries cannot be used; each is named, and nothing was changed.
        """
        allow(actor, Action.REPORT_STATUS)
        read, faults = _read(calendar)
        if faults:
            raise InvalidInputError("The calendar cannot be used.", issues=faults)
        with self.store.write(actor.clinic_id, actor) as tx:
            known = tx.patients.find_all({identifier for identifier, _ in read.values()})
            kept = {(known[identifier], starts_at) for identifier, starts_at in read.values() if identifier in known}
            tx.appointments.replace(calendar.source, sorted(kept))
            patients = tuple(sorted({PatientRef(ref) for ref, _ in kept}))
            tx.audit.record(AuditEvent("appointments", f"Calendar/{calendar.source}", patients, "delivery"))
        unknown = tuple(position for position, (identifier, _) in read.items() if identifier not in known)
        return CalendarOutcome(len(read), len(kept), unknown)


def _read(calendar: Calendar) -> tuple[dict[int, tuple[Identifier, datetime]], list[Issue]]:
    read: dict[int, tuple[Identifier, datetime]] = {}
    faults = list(calendar.faults)
    if not calendar.source.strip():
        faults.append(Issue("required", "A calendar needs a name.", "source", rule="required"))
    for entry in calendar.entries:
        wrong = list(_faults(entry, calendar.time))
        for fault in wrong:
            name = calendar.naming.format(position=entry.position, field=fault.expression)
            faults.append(Issue(fault.code, fault.text, name, rule=fault.rule))
        if not wrong:
            read[entry.position] = (parse_identifier(entry.identifier), _moment(entry.starts_at))
    return read, faults


def _faults(entry: AppointmentEntry, time: str) -> Iterator[Issue]:
    try:
        parse_identifier(entry.identifier)
    except InvalidInputError as error:
        yield from error.issues
    try:
        _moment(entry.starts_at)
    except ValueError:
        yield Issue("value", "A time is written as 2027-01-31T10:15.", time, rule="not-a-time")


def _moment(text: str) -> datetime:
    if len(text) <= len("2027-01-31"):
        raise ValueError("A day has no time.")
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)

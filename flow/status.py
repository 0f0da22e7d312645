"""STATUS: what feeds tell of patients; whoever may not be written to is left in peace from that moment."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from delivery.patient_status import CLINIC_CHANNEL, StatusFeed, StatusKind, StatusReport
from delivery.recurrence import danish_date
from delivery.schedule import OccasionState, RequestState, SlotState
from flow.withdrawal import withdraw_everywhere
from kernel.clock import Clock
from kernel.errors import InvalidInputError, Issue
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier, parse_identifier
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

KINDS = tuple(kind.value for kind in StatusKind)


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One line of a feed, as it came.

    Args:
        position: index in the list or number of the line; the only way in which it is named.
        identifier: CPR number, X-eCPR or D-eCPR.
        kind: `dead`, `moved`, `protected`, `declined` or `digital`.
        since: Danish date from which it holds; today if None.
    """

    position: int
    identifier: str = field(repr=False)
    kind: str
    value: bool
    since: date | None = None


@dataclass(frozen=True, slots=True)
class StatusDelivery:
    """What a source tells at one time; an empty one says that nothing has changed.

    Args:
        source: name of the feed, such as `cpr` or `lps`.
        naming: how a field of an entry is named to whoever sent it, such as `statuses.{position}.{field}`.
        faults: that whoever read the delivery found already.
    """

    source: str
    entries: tuple[StatusEntry, ...]
    naming: str = "statuses.{position}.{field}"
    faults: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusOutcome:
    """What came of a delivery.

    Args:
        received: entries that came.
        changed: entries that told something new of a patient.
        unknown: positions of entries about nobody of this clinic.
    """

    received: int
    changed: int
    unknown: tuple[int, ...]

    @property
    def unchanged(self) -> int:
        """Entries that told what was known, or less than what was known."""
        return self.received - self.changed - len(self.unknown)


@dataclass(frozen=True, slots=True)
class RecordStatus:
    """The use case.

    Args:
        channels: names of the channels that this installation has.
    """

    store: Store
    clock: Clock
    channels: Collection[str] = frozenset()

    def __call__(self, actor: Actor, delivery: StatusDelivery) -> StatusOutcome:
        """Record what a source tells, and leave in peace who may not be written to, all in one transaction.

        What is older than what is known of a patient changes nothing.

        Raises:
            InvalidInputError: entries cannot be used; each is named, and nothing was recorded.
        """
        allow(actor, Action.REPORT_STATUS)
        reports = _checked(delivery, danish_date(self.clock.now()))
        with self.store.write(actor.clinic_id, actor) as tx:
            known = tx.patients.find_all({identifier for identifier, _ in reports.values()})
            changed = sum(
                self._apply(tx, known[identifier], report, delivery.source)
                for identifier, report in reports.values()
                if identifier in known
            )
            heard = StatusFeed(delivery.source, tx.now, len(reports))
            tx.statuses.heard(heard)
            tx.freshness.heard(heard)
            tx.audit.record(AuditEvent("status-feed", f"StatusFeed/{delivery.source}", purpose="delivery"))
        unknown = tuple(position for position, (identifier, _) in reports.items() if identifier not in known)
        return StatusOutcome(len(reports), changed, unknown)

    def _apply(self, tx: Tx, patient_ref: PatientRef, report: StatusReport, source: str) -> bool:
        tx.patients.lock(patient_ref)
        current = tx.statuses.of(patient_ref).get(report.kind)
        believed = current.value if current else not report.kind.stops
        if report.value == believed or (current and report.since < current.since):
            return False
        status = tx.statuses.record(patient_ref, report, source)
        self._follow(tx, patient_ref, report)
        tx.audit.record(AuditEvent("status", f"PatientStatus/{status.id}", (patient_ref,), "delivery"))
        return True

    def _follow(self, tx: Tx, patient_ref: PatientRef, report: StatusReport) -> None:
        if report.kind is StatusKind.DIGITAL:
            self._reach(tx, patient_ref, digital=report.value)
        elif report.value:
            leave_in_peace(tx, patient_ref)
            if report.kind.ends:
                tx.statuses.end_enrolments(patient_ref)

    def _reach(self, tx: Tx, patient_ref: PatientRef, *, digital: bool) -> None:
        """Let the clinic itself ask who has no app, where it can; without that channel the gate holds."""
        for enrolment in tx.enrolments.running_of(patient_ref):
            if not digital and CLINIC_CHANNEL in self.channels:
                tx.statuses.reach_by(enrolment.id, CLINIC_CHANNEL)
            if digital and enrolment.channel == CLINIC_CHANNEL:
                tx.statuses.reach_by(enrolment.id, tx.clinics.opt_in(enrolment.package).channel)


def leave_in_peace(tx: Tx, patient_ref: PatientRef) -> None:
    """Close what is open for a patient, and take back what channels still show."""
    occasion = tx.occasions.open_of(patient_ref)
    if occasion and tx.occasions.close(occasion.id, OccasionState.CANCELLED, tx.now):
        tx.requests.cancel_open(occasion.id, RequestState.CANCELLED)
        tx.schedule.close_slots(occasion.id, SlotState.CANCELLED)
    tx.statuses.cancel_messages(patient_ref)
    if occasion:
        withdraw_everywhere(tx, occasion.id)


def _checked(delivery: StatusDelivery, today: date) -> Mapping[int, tuple[Identifier, StatusReport]]:
    """Read every entry, by position.

    Raises:
        InvalidInputError: with every fault of every entry.
    """
    read: dict[int, tuple[Identifier, StatusReport]] = {}
    faults = list(delivery.faults)
    if not delivery.source.strip():
        faults.append(Issue("required", "A feed needs a name.", "source", rule="required"))
    for entry in delivery.entries:
        wrong = list(_faults(entry, today))
        if wrong:
            faults.extend(_named(delivery, entry, wrong))
        else:
            since = entry.since or today
            report = StatusReport(StatusKind(entry.kind), entry.value, since)
            read[entry.position] = (parse_identifier(entry.identifier), report)
    if faults:
        raise InvalidInputError("The feed cannot be used.", issues=faults)
    return read


def _faults(entry: StatusEntry, today: date) -> Iterator[Issue]:
    try:
        parse_identifier(entry.identifier)
    except InvalidInputError as error:
        yield from error.issues
    if entry.kind not in KINDS:
        yield Issue("code-invalid", f"A status is one of {', '.join(KINDS)}.", "status", rule="unknown-status")
    if entry.since and entry.since > today:
        yield Issue("value", "A status holds from today or earlier.", "since", rule="in-the-future")


def _named(delivery: StatusDelivery, entry: StatusEntry, faults: Sequence[Issue]) -> Iterator[Issue]:
    for fault in faults:
        name = delivery.naming.format(position=entry.position, field=fault.expression)
        yield Issue(fault.code, fault.text, name, rule=fault.rule)

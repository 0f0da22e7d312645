"""ATTEND: what somebody of the clinic must look at now: reds that wait too long, and reports that were refused."""

from dataclasses import dataclass, field
from datetime import datetime

from delivery.backlog import Act, BacklogEntry
from delivery.escalation import OpenRed, Why
from delivery.outbox import MessageKind
from delivery.patient_status import FeedDemand
from delivery.schedule import Enrolment
from delivery.transitions import Change
from kernel.errors import ConflictError, Issue, NotFoundError
from kernel.ids import MessageId
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow, may
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class WaitingRed:
    """A red suggestion that somebody was told of and nobody has decided on.

    Args:
        since: when it came, aware UTC.
        why: what did not happen in time.
        person: name of who was told; empty where the clinic has named nobody.
        to_operator: the operator was told as well.
    """

    enrolment: Enrolment
    name: str = field(repr=False)
    since: datetime
    why: Why
    person: str = field(repr=False)
    to_operator: bool


@dataclass(frozen=True, slots=True)
class RefusedReport:
    """A report that a plan, a record or the inbox did not take.

    Args:
        at: when it was given up, aware UTC.
    """

    message_id: MessageId
    enrolment: Enrolment
    name: str = field(repr=False)
    target: str
    kind: MessageKind
    at: datetime


@dataclass(frozen=True, slots=True)
class ToAttend:
    """Both lists, the longest waiting first, and what holds every message to patients."""

    reds: tuple[WaitingRed, ...]
    refused: tuple[RefusedReport, ...]
    stale: tuple[FeedDemand, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much there is to look at.

    Args:
        stale: sources of patients' status that have been silent too long, so that nobody is written to.
    """

    reds: int = 0
    refused: int = 0
    stale: tuple[FeedDemand, ...] = ()


@dataclass(frozen=True, slots=True)
class Attention:
    """The use cases: count, look, say that a refused report was handled."""

    store: Store

    def waiting(self, actor: Actor) -> Waiting:
        """Count; nobody is looked at. Nothing for those who may not see the list."""
        if not may(actor, Action.READ_WORKLIST):
            return Waiting()
        with self.store.read(actor.clinic_id, actor) as tx:
            return Waiting(tx.reds.count_escalated(), len(tx.backlog.refused()), tx.freshness.stale())

    def listed(self, actor: Actor) -> ToAttend:
        """Return what is to be looked at; whose names were shown is on record."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            found = ToAttend(
                tuple(_red(tx, red) for red in tx.reds.escalated()),
                tuple(_refused(tx, entry) for entry in tx.backlog.refused() if entry.enrolment_id),
                tx.freshness.stale(),
            )
            seen = {one.enrolment.patient_ref for one in found.reds}
            seen |= {one.enrolment.patient_ref for one in found.refused}
            if seen:
                tx.audit.record(AuditEvent("read", "Attention", tuple(sorted(seen))))
        return found

    def handled(self, actor: Actor, message_id: MessageId) -> None:
        """Say that a refused report was handled, such as written into the record by hand; it is not sent any more.

        Raises:
            NotFoundError: no such report in this clinic.
            ConflictError: somebody was quicker, or it is being sent again.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            entry = tx.backlog.get(message_id)
            if not entry.kind.is_report:
                raise NotFoundError("There is no such report.")
            if not tx.backlog.close(message_id, Change.HANDLE):
                text = "Somebody has handled this already, or it is being sent again."
                raise ConflictError(text, issues=[Issue("conflict", text, rule="handled-already")])
            tx.backlog.keep(message_id, Act.HANDLED)
            about = AuditEvent("outbox-handled", f"Communication/{message_id}", (entry.patient_ref,), "delivery")
            tx.audit.record(about)


def _red(tx: Tx, red: OpenRed) -> WaitingRed:
    enrolment = tx.enrolments.get(red.enrolment_id)
    told = tx.reds.steps(red.id)
    return WaitingRed(
        enrolment=enrolment,
        name=tx.patients.identity(enrolment.patient_ref).name,
        since=red.since,
        why=told[-1].why,
        person=tx.clinics.person(told[0].person_id).name if told[0].person_id else "",
        to_operator=len(told) > 1,
    )


def _refused(tx: Tx, entry: BacklogEntry) -> RefusedReport:
    if entry.enrolment_id is None:
        raise ValueError("A report names its enrolment.")
    enrolment = tx.enrolments.get(entry.enrolment_id)
    name = tx.patients.identity(enrolment.patient_ref).name
    return RefusedReport(entry.id, enrolment, name, entry.target, entry.kind, entry.closed_at or tx.now)

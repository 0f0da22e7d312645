"""A look over all clinics: who is due, and the outbox in figures for probes and metrics, without anybody's data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, TextClause, and_, bindparam, exists, func, or_, select

from delivery.backlog import Failing, Kept
from delivery.breaker import Breaker
from delivery.escalation import Step
from delivery.outbox import MessageKind, MessageState
from kernel.ids import ClinicId, EscalationId, LeaveId, PatientRef, UnsentId
from store.base import table_of
from store.due import due_patients
from store.gates import may_leave
from store.receivers import read_receivers
from store.tables.audit_unsealed import AuditUnsealedRow
from store.tables.escalation import OPEN as UNDECIDED
from store.tables.escalation import EscalationRow
from store.tables.escalation_step import EscalationStepRow
from store.tables.heartbeat import HeartbeatRow
from store.tables.outbox import CLOSED, FAILING, OPEN, STUCK, OutboxRow
from store.tables.patient_leave import PAUSING, PatientLeaveRow
from store.tables.stray_receipt import WAITING, StrayReceiptRow
from store.tables.unsent_danger import TO_TELL, UnsentDangerRow

HEARTBEAT = table_of(HeartbeatRow)
OUTBOX = table_of(OutboxRow)
RED = table_of(EscalationRow)
STEP = table_of(EscalationStepRow)
STRAY = table_of(StrayReceiptRow)
OTHER = OUTBOX.alias("other")
WAS_ASKED_BEFORE = exists().where(
    OTHER.c.clinic_id == OUTBOX.c.clinic_id,
    OTHER.c.occasion_id == OUTBOX.c.occasion_id,
    OTHER.c.kind == MessageKind.INVITATION,
    OTHER.c.target != OUTBOX.c.target,
    # No bare column: SQLite would walk over all the clinic's messages by their ids, not over those of the occasion.
    func.coalesce(OTHER.c.id, "") < OUTBOX.c.id,
)
PASSED_ON = (
    select(OUTBOX.c.target, func.count().label("number"))
    .where(CLOSED, OUTBOX.c.closed_at >= bindparam("since"), OUTBOX.c.kind == MessageKind.INVITATION, WAS_ASKED_BEFORE)
    .group_by(OUTBOX.c.target)
)
UNSEALED = table_of(AuditUnsealedRow)
UNSENT = table_of(UnsentDangerRow)
LEAVE = table_of(PatientLeaveRow)
KINDS = (OUTBOX.c.state, OUTBOX.c.target, OUTBOX.c.kind)


@dataclass(frozen=True, slots=True)
class Survey:
    """One reading transaction over all clinics; it gives figures, and who is due.

    The conditions are the very texts of the partial indexes: SQLite uses one only where it reads the same words.
    """

    connection: Connection

    def due_patients(self, now: datetime, limit: int) -> tuple[tuple[ClinicId, PatientRef], ...]:
        """Return patients with a due slot of an active enrolment and no open occasion, longest due first.

        So many due slots are looked for; where patients have several of them it is fewer patients. Whoever may not be
        written to by the enrolment's channel is left out, and so is everybody while a source of the clinic's
        patients' status is stale.
        """
        return due_patients(self.connection, now, limit)

    def unfinished(self, now: datetime) -> Mapping[Kept, int]:
        """Count what has not left although its time has come, or waits for a person."""
        return {**self._counted(OPEN, is_up(now)), **self._counted(STUCK)}

    def closed_since(self, since: datetime) -> Mapping[Kept, int]:
        """Count what came to an end from this moment on."""
        return self._counted(CLOSED, OUTBOX.c.closed_at >= since)

    def failing(self) -> Mapping[str, Failing]:
        """Return what every receiver has not taken although it was tried, by the receiver's name."""
        query = (
            select(OUTBOX.c.target, func.count().label("number"), func.min(OUTBOX.c.first_due_at).label("since"))
            .where(FAILING)
            .group_by(OUTBOX.c.target)
        )
        return {row.target: Failing(row.number, row.since) for row in self.connection.execute(query)}

    def overdue_since(self, now: datetime) -> datetime | None:
        """Return the due moment of the longest due message that nothing holds; None when none is due.

        What a patient's status holds is not waiting for us.
        """
        overdue = and_(OUTBOX.c.state == MessageState.DUE, OUTBOX.c.due_at <= now, may_leave(OUTBOX, now))
        query = select(OUTBOX.c.due_at).where(overdue).order_by(OUTBOX.c.due_at).limit(1)
        due_at: datetime | None = self.connection.execute(query).scalar_one_or_none()
        return due_at

    def waits_since(self, now: datetime) -> datetime | None:
        """Return when the longest waiting message first became due; None when nothing waits.

        What failed waits from its first due moment on, however often it was put off.
        """
        overdue = self.overdue_since(now)
        failing = [one.since for one in self.failing().values()]
        return min([*failing, overdue] if overdue else failing, default=None)

    def last_beats(self) -> tuple[datetime, ...]:
        """Return when each worker was last seen, the newest first."""
        query = select(HEARTBEAT.c.at).order_by(HEARTBEAT.c.at.desc())
        return tuple(self.connection.execute(query).scalars())

    def receivers(self) -> Mapping[str, Breaker]:
        """Return the circuit of every receiver that was ever spoken to, by name."""
        return {target: state.breaker for target, state in read_receivers(self.connection).items()}

    def reds_to_look_at(self, now: datetime, limit: int) -> tuple[tuple[ClinicId, EscalationId], ...]:
        """Return the open reds whose next look has come, the longest due first."""
        due = select(RED.c.clinic_id, RED.c.id).where(RED.c.look_at <= now).order_by(RED.c.look_at, RED.c.id)
        rows = self.connection.execute(due.limit(limit))
        return tuple((ClinicId(row.clinic_id), EscalationId(row.id)) for row in rows)

    def unsent_to_tell(self, now: datetime, limit: int) -> tuple[tuple[ClinicId, UnsentId], ...]:
        """Return the danger answers that were not sent and whose time has come, the longest due first."""
        due = select(UNSENT.c.clinic_id, UNSENT.c.id).where(TO_TELL, UNSENT.c.tell_at <= now)
        rows = self.connection.execute(due.order_by(UNSENT.c.tell_at, UNSENT.c.id).limit(limit))
        return tuple((ClinicId(row.clinic_id), UnsentId(row.id)) for row in rows)

    def pauses_to_end(self, today: date, limit: int) -> tuple[tuple[ClinicId, LeaveId], ...]:
        """Return the patients' pauses that are over on a Danish date, the longest over first."""
        due = select(LEAVE.c.clinic_id, LEAVE.c.id).where(PAUSING, LEAVE.c.until <= today)
        rows = self.connection.execute(due.order_by(LEAVE.c.until, LEAVE.c.id).limit(limit))
        return tuple((ClinicId(row.clinic_id), LeaveId(row.id)) for row in rows)

    def clinics_to_seal(self) -> tuple[ClinicId, ...]:
        """Return the clinics that have committed rows which no chain holds yet."""
        rows = self.connection.execute(select(UNSEALED.c.clinic_id).distinct().order_by(UNSEALED.c.clinic_id))
        return tuple(ClinicId(row.clinic_id) for row in rows)

    def escalated(self) -> Mapping[Step, int]:
        """Count the open reds that each step was taken for."""
        same = and_(STEP.c.clinic_id == RED.c.clinic_id, STEP.c.escalation_id == RED.c.id)
        query = (
            select(STEP.c.step, func.count().label("number"))
            .select_from(RED.join(STEP, same))
            .where(UNDECIDED)
            .group_by(STEP.c.step)
        )
        return {row.step: row.number for row in self.connection.execute(query)}

    def strays(self) -> Mapping[str, int]:
        """Count the receipts that still look for their order, by channel."""
        # Counted here: a grouped count walks over all that were ever settled, in the order of their keys.
        return Counter(self.connection.execute(select(STRAY.c.channel).where(WAITING)).scalars())

    def passed_on_since(self, since: datetime) -> Mapping[str, int]:
        """Count the invitations that came to an end from this moment on and were not their occasion's first.

        A ladder went on to their channel because an earlier one had reached nobody.
        """
        rows = self.connection.execute(PASSED_ON, {"since": since})
        return {row.target: row.number for row in rows}

    def _counted(self, condition: TextClause, *more: ColumnElement[bool]) -> Mapping[Kept, int]:
        query = select(*KINDS, func.count().label("number")).where(condition, *more).group_by(*KINDS)
        return {Kept(row.state, row.target, row.kind): row.number for row in self.connection.execute(query)}


def is_up(now: datetime) -> ColumnElement[bool]:
    """Make the condition that the time of a message has come, or that it was tried: a reminder of next week waits."""
    return or_(OUTBOX.c.state != MessageState.DUE, OUTBOX.c.due_at <= now, OUTBOX.c.last_error.is_not(None))

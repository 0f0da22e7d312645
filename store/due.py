"""Who is due: patients with a due slot whom nothing keeps from being asked, over all clinics."""

from datetime import datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, Connection, bindparam, select

from delivery.schedule import EnrolmentState, OccasionState, SlotState
from kernel.ids import ClinicId, PatientRef
from store.agreed import is_agreed, is_left
from store.base import table_of
from store.gates import is_stale, may_be_written_to
from store.tables.enrolment import EnrolmentRow
from store.tables.occasion import OccasionRow
from store.tables.slot import SlotRow
from store.types import UtcDateTime

ENROLMENT = table_of(EnrolmentRow)
OCCASION = table_of(OccasionRow)
SLOT = table_of(SlotRow)
OF_WHOM = itemgetter(0, 1)
NOW = bindparam("of_now", type_=UtcDateTime)


def due_patients(connection: Connection, now: datetime, limit: int) -> tuple[tuple[ClinicId, PatientRef], ...]:
    """Return patients who are due, the longest due first; see `Survey.due_patients`."""
    rows = connection.execute(DUE_SLOTS, {"of_now": now, "of_most": limit}).all()
    return tuple(dict.fromkeys(map(OF_WHOM, rows)))


def _asks() -> ColumnElement[bool]:
    return (
        select(ENROLMENT.c.id)
        .where(
            is_agreed(ENROLMENT.c.clinic_id),
            ~is_left(ENROLMENT.c.clinic_id, ENROLMENT.c.package),
            ~is_stale(ENROLMENT.c.clinic_id, NOW),
            ENROLMENT.c.clinic_id == SLOT.c.clinic_id,
            ENROLMENT.c.id == SLOT.c.enrolment_id,
            ENROLMENT.c.state == EnrolmentState.ACTIVE,
            may_be_written_to(ENROLMENT.c.clinic_id, ENROLMENT.c.patient_ref, ENROLMENT.c.channel),
        )
        .exists()
    )


def _has_open_occasion() -> ColumnElement[bool]:
    return (
        select(OCCASION.c.id)
        .where(
            OCCASION.c.clinic_id == SLOT.c.clinic_id,
            OCCASION.c.patient_ref == SLOT.c.patient_ref,
            OCCASION.c.state == OccasionState.OPEN,
        )
        .exists()
    )


# Made once: making it costs several times as much as running it, and every tick of every worker runs it.
# Slots in the order of the index of what is due: it looks at no more of them than it returns and a gate holds. Grouped
# by patient it would look at every slot there is on SQLite, and at every due one on PostgreSQL.
DUE_SLOTS = (
    select(SLOT.c.clinic_id, SLOT.c.patient_ref)
    .where(SLOT.c.state == SlotState.PLANNED, SLOT.c.due_at <= NOW, _asks(), ~_has_open_occasion())
    .order_by(SLOT.c.due_at, SLOT.c.clinic_id, SLOT.c.patient_ref)
    .limit(bindparam("of_most"))
)

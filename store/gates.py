"""The gate: who may be written to, as one predicate for the queries that find what is due."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, FromClause, and_, or_, select

from delivery.outbox import MessageKind
from delivery.patient_status import CLINIC_CHANNEL, StatusKind
from store.base import table_of
from store.tables.patient_status import PatientStatusRow

STATUS = table_of(PatientStatusRow)
STOPPING = tuple(kind for kind in StatusKind if kind.stops)
TO_PATIENT: Collection[MessageKind] = (MessageKind.INVITATION,)
"""Messages that a patient sees; what goes to plans and practice systems is no writing to the patient."""


def may_be_written_to(
    clinic_id: ColumnElement[str], patient_ref: ColumnElement[str], channel: ColumnElement[str]
) -> ColumnElement[bool]:
    """Make the predicate that a patient may be written to by a channel.

    Nobody writes to a patient who is dead, has moved, is protected or declined; a patient who is not digital is
    reached by the clinic itself. The partial unique index of what is current serves it.

    Args:
        clinic_id: column of the outer query.
        patient_ref: column of the outer query.
        channel: name of the channel, such as a column of the outer query.
    """
    status = STATUS.alias("gate")
    refused = or_(
        and_(status.c.kind.in_(STOPPING), status.c.value),
        and_(status.c.kind == StatusKind.DIGITAL, ~status.c.value, channel != CLINIC_CHANNEL),
    )
    found = select(status.c.id).where(
        status.c.clinic_id == clinic_id, status.c.patient_ref == patient_ref, status.c.ended_at.is_(None), refused
    )
    return ~found.exists()


def may_leave(message: FromClause) -> ColumnElement[bool]:
    """Make the predicate that no gate holds a message.

    Args:
        message: the outbox, or an alias of it.
    """
    goes_elsewhere = message.c.kind.not_in(TO_PATIENT)
    return or_(goes_elsewhere, may_be_written_to(message.c.clinic_id, message.c.patient_ref, message.c.target))

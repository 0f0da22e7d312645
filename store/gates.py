"""The gate: who may be written to, as one predicate for the queries that find what is due."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, or_, select

from delivery.outbox import MessageKind
from delivery.patient_status import CLINIC_CHANNEL, StatusKind
from delivery.schedule import RequestState
from kernel.ids import Canonical
from store.agreed import is_covered
from store.base import table_of
from store.tables.patient_status import PatientStatusRow
from store.tables.request import RequestRow
from store.tables.status_demand import StatusDemandRow

DEMAND = table_of(StatusDemandRow)
REQUEST = table_of(RequestRow)
STATUS = table_of(PatientStatusRow)
TO_ANSWER = tuple(state for state in RequestState if state.is_open)
STOPPING = tuple(kind for kind in StatusKind if kind.stops)
Moment = datetime | BindParameter[datetime]
"""When a gate is looked at; a parameter in a statement that is made once."""
TO_PATIENT: Collection[MessageKind] = tuple(kind for kind in MessageKind if kind.is_to_patient)
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


def asks_held(
    clinic_id: ColumnElement[str], occasion_id: ColumnElement[str | None], held: Collection[Canonical]
) -> ColumnElement[bool]:
    """Make the predicate that an occasion still asks a questionnaire whose licence is missing.

    Args:
        clinic_id: column of the outer query.
        occasion_id: column of the outer query.
        held: questionnaire versions that cannot be sent now.
    """
    request = REQUEST.alias("held")
    return (
        select(request.c.id)
        .where(
            request.c.clinic_id == clinic_id,
            request.c.occasion_id == occasion_id,
            request.c.state.in_(TO_ANSWER),
            request.c.questionnaire.in_(sorted(held)),
        )
        .exists()
    )


def not_fresh(demand: FromClause, now: Moment) -> ColumnElement[bool]:
    """Make the predicate that a source has not spoken within the hours that a clinic demands.

    Args:
        demand: the table of demands, or an alias of it.
    """
    return or_(demand.c.fresh_until.is_(None), demand.c.fresh_until <= now)


def is_stale(clinic_id: ColumnElement[str], now: Moment) -> ColumnElement[bool]:
    """Make the predicate that a clinic does not know its patients' status well enough to write to anybody.

    Args:
        clinic_id: column of the outer query.
    """
    demand = DEMAND.alias("stale")
    return select(demand.c.source).where(demand.c.clinic_id == clinic_id, not_fresh(demand, now)).exists()


def may_leave(message: FromClause, now: Moment, held: Collection[Canonical] = ()) -> ColumnElement[bool]:
    """Make the predicate that no gate holds a message.

    Args:
        message: the outbox, or an alias of it.
        held: questionnaire versions that cannot be sent now.
    """
    goes_elsewhere = message.c.kind.not_in(TO_PATIENT)
    open_to = and_(
        may_be_written_to(message.c.clinic_id, message.c.patient_ref, message.c.target),
        ~is_stale(message.c.clinic_id, now),
    )
    if held:
        open_to = and_(open_to, ~asks_held(message.c.clinic_id, message.c.occasion_id, held))
    return and_(is_covered(message), or_(goes_elsewhere, open_to))

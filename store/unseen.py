"""Invitations that a channel took long ago, and that nothing shows the patient to have seen."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, select

from delivery.outbox import MessageKind, MessageState
from delivery.schedule import OccasionState, RequestState
from kernel.ids import ClinicId, MessageId
from store.base import table_of
from store.tables.enrolment import EnrolmentRow
from store.tables.ladder_step import LadderStepRow
from store.tables.occasion import OccasionRow
from store.tables.outbox import OutboxRow
from store.tables.receipt import ReceiptRow
from store.tables.request import RequestRow
from store.tables.slot import SlotRow

ENROLMENT = table_of(EnrolmentRow)
LADDER = table_of(LadderStepRow)
OCCASION = table_of(OccasionRow)
OUTBOX = table_of(OutboxRow)
RECEIPT = table_of(ReceiptRow)
REQUEST = table_of(RequestRow)
SLOT = table_of(SlotRow)
SEEN = ("opened", "completed")
"""Receipts that show that the patient saw the message."""


def unseen(connection: Connection, now: datetime, limit: int) -> tuple[tuple[ClinicId, MessageId], ...]:
    """Return the newest invitation of each such occasion whose channel is a step with a next one, longest taken first.

    An occasion of which the clinic knows already that it reached nobody is left out.
    """
    waits = select(LADDER.c.wait_days).where(LADDER.c.wait_days.is_not(None)).distinct().order_by(LADDER.c.wait_days)
    found: list[tuple[ClinicId, MessageId]] = []
    for days in connection.execute(waits).scalars().all():
        query = (
            select(OUTBOX.c.clinic_id, OUTBOX.c.id)
            .join(OCCASION, and_(OCCASION.c.clinic_id == OUTBOX.c.clinic_id, OCCASION.c.id == OUTBOX.c.occasion_id))
            .where(OCCASION.c.state == OccasionState.OPEN, OCCASION.c.expires_at > now)
            .where(OUTBOX.c.kind == MessageKind.INVITATION, OUTBOX.c.state == MessageState.ACCEPTED)
            .where(OUTBOX.c.closed_at <= now - timedelta(days=days), _waits(days))
            .where(~_is_followed(), ~_was_opened(), ~_was_begun())
            .order_by(OUTBOX.c.closed_at, OUTBOX.c.id)
            .limit(limit - len(found))
        )
        found += [(ClinicId(row.clinic_id), MessageId(row.id)) for row in connection.execute(query)]
    return tuple(dict.fromkeys(found))


def _waits(days: int) -> ColumnElement[bool]:
    """The message's channel is a step, with just this wait, of a package that the occasion asks for."""
    return (
        select(SLOT.c.id)
        .join(ENROLMENT, and_(ENROLMENT.c.clinic_id == SLOT.c.clinic_id, ENROLMENT.c.id == SLOT.c.enrolment_id))
        .join(LADDER, and_(LADDER.c.clinic_id == SLOT.c.clinic_id, LADDER.c.package == ENROLMENT.c.package))
        .where(SLOT.c.clinic_id == OUTBOX.c.clinic_id, SLOT.c.occasion_id == OUTBOX.c.occasion_id)
        .where(LADDER.c.channel == OUTBOX.c.target, LADDER.c.wait_days == days)
        .exists()
    )


def _is_followed() -> ColumnElement[bool]:
    later = OUTBOX.alias("later")
    same = (later.c.clinic_id == OUTBOX.c.clinic_id, later.c.occasion_id == OUTBOX.c.occasion_id)
    after = and_(later.c.kind == MessageKind.INVITATION, later.c.id > OUTBOX.c.id)
    return select(later.c.id).where(*same, after | (later.c.kind == MessageKind.INBOX_UNDELIVERED)).exists()


def _was_opened() -> ColumnElement[bool]:
    told = OUTBOX.alias("told")
    return (
        select(RECEIPT.c.id)
        .join(told, and_(told.c.clinic_id == RECEIPT.c.clinic_id, told.c.id == RECEIPT.c.message_id))
        .where(told.c.clinic_id == OUTBOX.c.clinic_id, told.c.occasion_id == OUTBOX.c.occasion_id)
        .where(RECEIPT.c.event.in_(SEEN))
        .exists()
    )


def _was_begun() -> ColumnElement[bool]:
    """Some of it is answered, or half answered: whoever answers has seen it."""
    same = (REQUEST.c.clinic_id == OUTBOX.c.clinic_id, REQUEST.c.occasion_id == OUTBOX.c.occasion_id)
    begun = (RequestState.IN_PROGRESS, RequestState.COMPLETED)
    return select(REQUEST.c.id).where(*same, REQUEST.c.state.in_(begun)).exists()

"""The gate of the papers: nothing leaves without a processor agreement, and nothing of a package that was left."""

from sqlalchemy import ColumnElement, FromClause, and_, or_, select

from delivery.outbox import MessageKind
from store.base import table_of
from store.tables.clinic_package import ClinicPackageRow
from store.tables.enrolment import EnrolmentRow
from store.tables.processor_agreement import ProcessorAgreementRow
from store.tables.slot import SlotRow

AGREEMENT = table_of(ProcessorAgreementRow)
ENROLMENT = table_of(EnrolmentRow)
PACKAGE = table_of(ClinicPackageRow)
SLOT = table_of(SlotRow)
IN_ANY_CASE = (MessageKind.WITHDRAWAL, MessageKind.OPERATOR_ALARM)
"""What takes something back from a phone, and what the operator is told of the service itself."""


def is_agreed(clinic_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Make the predicate that an agreement with the clinic stands.

    Args:
        clinic_id: column of the outer query.
    """
    standing = AGREEMENT.alias("standing")
    return select(standing.c.id).where(standing.c.clinic_id == clinic_id, standing.c.ended_at.is_(None)).exists()


def is_left(clinic_id: ColumnElement[str], package: ColumnElement[str]) -> ColumnElement[bool]:
    """Make the predicate that the clinic opted out of a care package.

    Args:
        clinic_id: column of the outer query.
        package: column of the outer query.
    """
    left = PACKAGE.alias("left_package")
    here = (left.c.clinic_id == clinic_id, left.c.package == package, left.c.opted_out_at.is_not(None))
    return select(left.c.package).where(*here).exists()


def is_of_a_left_package(message: FromClause) -> ColumnElement[bool]:
    """Make the predicate that a message is about a package that its clinic opted out of.

    Most clinics left none: whether this one did is asked first, and the rest is asked of nobody else.

    Args:
        message: the outbox, or an alias of it.
    """
    any_left, mine, its, slot = (
        PACKAGE.alias("any_left"),
        ENROLMENT.alias("its_own"),
        ENROLMENT.alias("asks"),
        SLOT.alias("asked"),
    )
    some = select(any_left.c.package).where(
        any_left.c.clinic_id == message.c.clinic_id, any_left.c.opted_out_at.is_not(None)
    )
    own = select(mine.c.id).where(
        mine.c.clinic_id == message.c.clinic_id,
        mine.c.id == message.c.enrolment_id,
        is_left(mine.c.clinic_id, mine.c.package),
    )
    asked = (
        select(slot.c.id)
        .join(its, and_(its.c.clinic_id == slot.c.clinic_id, its.c.id == slot.c.enrolment_id))
        .where(slot.c.clinic_id == message.c.clinic_id, slot.c.occasion_id == message.c.occasion_id)
        .where(is_left(its.c.clinic_id, its.c.package))
    )
    return and_(some.exists(), or_(own.exists(), asked.exists()))


def is_covered(message: FromClause) -> ColumnElement[bool]:
    """Make the predicate that the clinic's agreement and its choice of packages let a message leave.

    Args:
        message: the outbox, or an alias of it.
    """
    papers = and_(is_agreed(message.c.clinic_id), ~is_of_a_left_package(message))
    return or_(message.c.kind.in_(IN_ANY_CASE), papers)

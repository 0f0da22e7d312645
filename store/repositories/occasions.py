"""Occasions: what is asked of a patient at one time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from delivery.schedule import Occasion, OccasionState
from kernel.ids import EnrolmentId, OccasionId, PatientRef, RequestId
from store.base import table_of
from store.scope import OF_CLINIC, Found, Scope, of_clinic
from store.tables.occasion import OccasionRow
from store.tables.request import RequestRow
from store.tables.slot import SlotRow
from store.types import UtcDateTime
from store.values import batched, to_columns, to_value, to_values

OCCASION = table_of(OccasionRow)
REQUEST = table_of(RequestRow)
SLOT = table_of(SlotRow)
ASKED_IN = (
    select(REQUEST.c.occasion_id)
    .where(REQUEST.c.clinic_id == bindparam(OF_CLINIC), REQUEST.c.id == bindparam("of_request"))
    .scalar_subquery()
)
SENT_SINCE = of_clinic(
    OCCASION,
    OCCASION.c.patient_ref.in_(bindparam("of_patients", expanding=True)),
    or_(OCCASION.c.opened_at >= bindparam("of_since", type_=UtcDateTime), OCCASION.c.state == OccasionState.OPEN),
    OCCASION.c.state != OccasionState.CANCELLED,
).order_by(OCCASION.c.opened_at)
LOCK_OF_REQUEST = of_clinic(OCCASION, OCCASION.c.id == ASKED_IN).with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class Occasions:
    """Reads, opens and closes occasions."""

    scope: Scope

    def add(self, occasion: Occasion, link_hash: str) -> None:
        """Add an occasion.

        Args:
            link_hash: `security.links.token_hash` of its personal link's token.

        Raises:
            ConflictError: the patient has an open occasion.
        """
        self.add_all([(occasion, link_hash)])

    def add_all(self, occasions: Sequence[tuple[Occasion, str]]) -> None:
        """Add occasions of different patients by one statement, each as `add` does."""
        self.scope.insert_all(OCCASION, [{**to_columns(one), "link_hash": link_hash} for one, link_hash in occasions])

    def link_hash(self, occasion_id: OccasionId) -> str:
        """Return the hash of the token that opens an occasion."""
        return str(self.scope.get(OCCASION, occasion_id).link_hash)

    def get(self, occasion_id: OccasionId) -> Occasion:
        """Return an occasion; NotFoundError if there is none in this clinic."""
        return to_occasion(self.scope.get(OCCASION, occasion_id))

    def lock(self, occasion_id: OccasionId) -> Occasion:
        """Return an occasion and let nobody else change it, or lock it, before this transaction ends."""
        return to_occasion(self.scope.get(OCCASION, occasion_id, lock=True))

    def lock_of_request(self, request_id: RequestId) -> Occasion | None:
        """Return, locked, the occasion that a request belongs to; None if there is no such request in this clinic."""
        found = self.scope.rows(LOCK_OF_REQUEST, of_request=request_id)
        return to_occasion(found[0]) if found else None

    def open_of(self, patient_ref: PatientRef) -> Occasion | None:
        """Return the patient's open occasion."""
        is_open = OCCASION.c.state == OccasionState.OPEN
        row = self.scope.first(self.scope.select(OCCASION, OCCASION.c.patient_ref == patient_ref, is_open))
        return None if row is None else to_occasion(row)

    def newest_of(self, patient_ref: PatientRef) -> Occasion | None:
        """Return the patient's newest occasion, open or not."""
        query = self.scope.select(OCCASION, OCCASION.c.patient_ref == patient_ref)
        row = self.scope.first(query.order_by(OCCASION.c.opened_at.desc(), OCCASION.c.id.desc()))
        return None if row is None else to_occasion(row)

    def sent_since(self, patient_refs: Collection[PatientRef], since: datetime) -> tuple[Occasion, ...]:
        """Return what patients were asked from a moment on, and what they are asked still, oldest first.

        Cancelled occasions are left out.
        """
        return tuple(
            occasion
            for batch in batched(sorted(patient_refs))
            for occasion in to_values(
                Occasion, self.scope.rows(SENT_SINCE, of_patients=batch, of_since=since), reminder_days=tuple
            )
        )

    def close(self, occasion_id: OccasionId, state: OccasionState, at: datetime) -> bool:
        """Close an open occasion; False if it was closed already."""
        is_open = (OCCASION.c.id == occasion_id, OCCASION.c.state == OccasionState.OPEN)
        completed_at = at if state is OccasionState.COMPLETED else None
        return self.scope.update(OCCASION, is_open, {"state": state, "completed_at": completed_at}) == 1

    def wish_contact(self, occasion_id: OccasionId, at: datetime | None) -> bool:
        """Keep when the patient wished to be contacted, None for no more; False where the occasion is closed.

        The first wish counts: who sends again has waited since then.
        """
        where = [OCCASION.c.id == occasion_id, OCCASION.c.state == OccasionState.OPEN]
        if at is not None:
            where.append(OCCASION.c.contact_wished_at.is_(None))
        return self.scope.update(OCCASION, where, {"contact_wished_at": at}) == 1

    def enrolments_of(self, occasion_id: OccasionId) -> tuple[EnrolmentId, ...]:
        """Return the enrolments whose slots an occasion asks, oldest first."""
        query = self.scope.select(SLOT, SLOT.c.occasion_id == occasion_id).with_only_columns(SLOT.c.enrolment_id)
        rows = self.scope.all(query.distinct().order_by(SLOT.c.enrolment_id))
        return tuple(EnrolmentId(row.enrolment_id) for row in rows)


def to_occasion(row: Found) -> Occasion:
    """Make an occasion of its row."""
    return to_value(Occasion, row, reminder_days=tuple(row.reminder_days))

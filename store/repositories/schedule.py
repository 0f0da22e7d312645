"""Series and slots: what is asked of a patient when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam

from delivery.schedule import EnrolmentState, Series, Slot, SlotState
from kernel.ids import EnrolmentId, OccasionId, PatientRef, SeriesId, SlotId
from store.base import table_of
from store.scope import Found, Scope, Where, of_clinic
from store.tables.enrolment import EnrolmentRow
from store.tables.series import SeriesRow
from store.tables.slot import SlotRow
from store.values import to_columns, to_value

ENROLMENT = table_of(EnrolmentRow)
SERIES = table_of(SeriesRow)
SLOT = table_of(SlotRow)
OF_OCCASION = of_clinic(SLOT, SLOT.c.occasion_id == bindparam("of_occasion")).order_by(SLOT.c.due_at, SLOT.c.id)
WITH_KIND = OF_OCCASION.add_columns(SERIES.c.occasion_kind).join(
    SERIES, and_(SERIES.c.clinic_id == SLOT.c.clinic_id, SERIES.c.id == SLOT.c.series_id)
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Reads and changes series and slots."""

    scope: Scope

    def add_series(self, series: Series) -> None:
        """Add a series; its number taken, or an unknown enrolment, is a ConflictError."""
        self.scope.insert(SERIES, {**to_columns(series), "ask": list(series.ask)})

    def series(self, series_id: SeriesId) -> Series:
        """Return a series; NotFoundError if there is none in this clinic."""
        return series_of(self.scope.get(SERIES, series_id))

    def series_by_id(self, series_ids: Collection[SeriesId]) -> Mapping[SeriesId, Series]:
        """Return several series by their ids; unknown ones are left out."""
        query = self.scope.select(SERIES, SERIES.c.id.in_(series_ids))
        return {SeriesId(row.id): series_of(row) for row in self.scope.all(query)}

    def next_n(self, enrolment_id: EnrolmentId) -> int:
        """Return the number of the enrolment's next series; whoever adds it holds the enrolment's lock."""
        row = self.scope.first(
            self.scope.select(SERIES, SERIES.c.enrolment_id == enrolment_id).order_by(SERIES.c.n.desc())
        )
        return 1 if row is None else row.n + 1

    def running_series(self, enrolment_id: EnrolmentId) -> tuple[Series, ...]:
        """Return the series of an enrolment that have not ended, by number."""
        query = self.scope.select(SERIES, SERIES.c.enrolment_id == enrolment_id, SERIES.c.ended_at.is_(None))
        return tuple(series_of(row) for row in self.scope.all(query.order_by(SERIES.c.n)))

    def all_series(self, enrolment_id: EnrolmentId) -> tuple[Series, ...]:
        """Return every series of an enrolment, ended ones too, by number."""
        query = self.scope.select(SERIES, SERIES.c.enrolment_id == enrolment_id).order_by(SERIES.c.n)
        return tuple(series_of(row) for row in self.scope.all(query))

    def end_series(self, series_id: SeriesId, at: datetime) -> bool:
        """End a series; False if it has ended already."""
        running = (SERIES.c.id == series_id, SERIES.c.ended_at.is_(None))
        return self.scope.update(SERIES, running, {"ended_at": at}) == 1

    def add_slot(self, slot: Slot) -> None:
        """Add a slot; a `k` that the series has already is a ConflictError."""
        self.scope.insert(SLOT, to_columns(slot))

    def planned_slots(self, enrolment_id: EnrolmentId) -> tuple[Slot, ...]:
        """Return the slots of an enrolment that are still to come, soonest first."""
        return self._slots(SLOT.c.enrolment_id == enrolment_id, SLOT.c.state == SlotState.PLANNED)

    def slots_of(self, enrolment_id: EnrolmentId) -> tuple[Slot, ...]:
        """Return all slots of an enrolment, soonest first."""
        return self._slots(SLOT.c.enrolment_id == enrolment_id)

    def due_slots(self, patient_ref: PatientRef, before: datetime) -> tuple[Slot, ...]:
        """Return a patient's planned slots of active enrolments, due at `before` or earlier, soonest first."""
        active = self.scope.select(ENROLMENT, ENROLMENT.c.state == EnrolmentState.ACTIVE).with_only_columns(
            ENROLMENT.c.id
        )
        return self._slots(
            SLOT.c.patient_ref == patient_ref,
            SLOT.c.state == SlotState.PLANNED,
            SLOT.c.due_at <= before,
            SLOT.c.enrolment_id.in_(active),
        )

    def last_slot(self, series_id: SeriesId) -> Slot | None:
        """Return the slot of a series with the highest `k`."""
        row = self.scope.first(self.scope.select(SLOT, SLOT.c.series_id == series_id).order_by(SLOT.c.k.desc()))
        return None if row is None else to_value(Slot, row)

    def of_occasion(self, occasion_id: OccasionId) -> tuple[Slot, ...]:
        """Return the slots that an occasion asks, soonest first."""
        return tuple(to_value(Slot, row) for row in self.scope.rows(OF_OCCASION, of_occasion=occasion_id))

    def with_kinds(self, occasion_id: OccasionId) -> tuple[tuple[Slot, str], ...]:
        """Return the slots that an occasion asks, soonest first, each with the kind of its series."""
        rows = self.scope.rows(WITH_KIND, of_occasion=occasion_id)
        return tuple((to_value(Slot, row), row.occasion_kind) for row in rows)

    def open_slot(self, slot_id: SlotId, occasion_id: OccasionId, *, asked_by: str | None = None) -> bool:
        """Let an occasion ask a planned slot; False if the slot is planned no more.

        Args:
            asked_by: the licence-free variant that asks in the programme's place.
        """
        planned = (SLOT.c.id == slot_id, SLOT.c.state == SlotState.PLANNED)
        values = {"state": SlotState.OPEN, "occasion_id": occasion_id, "asked_by": asked_by}
        return self.scope.update(SLOT, planned, values) == 1

    def return_slot(self, slot: Slot) -> bool:
        """Plan an open slot again, as if it had never been opened; False if it is open no more.

        The slots that were planned after it go, because opening it plans them again.
        """
        is_open = (SLOT.c.id == slot.id, SLOT.c.state == SlotState.OPEN)
        values = {"state": SlotState.PLANNED, "occasion_id": None, "asked_by": None}
        returned = self.scope.update(SLOT, is_open, values) == 1
        if returned:
            later = (SLOT.c.series_id == slot.series_id, SLOT.c.k > slot.k, SLOT.c.state == SlotState.PLANNED)
            self.scope.delete(SLOT, *later)
        return returned

    def answer_slot(self, slot_id: SlotId, occasion_id: OccasionId) -> bool:
        """Count a planned slot as answered by an occasion not opened for it; False if it is planned no more."""
        planned = (SLOT.c.id == slot_id, SLOT.c.state == SlotState.PLANNED)
        return self.scope.update(SLOT, planned, {"state": SlotState.ANSWERED, "occasion_id": occasion_id}) == 1

    def put_off(self, slot_id: SlotId, due_at: datetime) -> bool:
        """Ask a planned slot at another time; False if it is planned no more."""
        planned = (SLOT.c.id == slot_id, SLOT.c.state == SlotState.PLANNED)
        return self.scope.update(SLOT, planned, {"due_at": due_at}) == 1

    def cancel_slot(self, slot_id: SlotId) -> bool:
        """Cancel a slot that is planned or open; False if it is neither."""
        live = (SLOT.c.id == slot_id, SLOT.c.state.in_((SlotState.PLANNED, SlotState.OPEN)))
        return self.scope.update(SLOT, live, {"state": SlotState.CANCELLED}) == 1

    def close_slots(self, occasion_id: OccasionId, state: SlotState) -> tuple[Slot, ...]:
        """Close the open slots of an occasion and return them, soonest first."""
        opened = (SLOT.c.occasion_id == occasion_id, SLOT.c.state == SlotState.OPEN)
        rows = self.scope.update_returning(SLOT, opened, {"state": state})
        return tuple(sorted((to_value(Slot, row) for row in rows), key=lambda slot: (slot.due_at, slot.id)))

    def cancel_planned(self, series_id: SeriesId) -> int:
        """Cancel the planned slots of a series; tell how many there were."""
        planned = (SLOT.c.series_id == series_id, SLOT.c.state == SlotState.PLANNED)
        return self.scope.update(SLOT, planned, {"state": SlotState.CANCELLED})

    def _slots(self, *where: Where) -> tuple[Slot, ...]:
        query = self.scope.select(SLOT, *where).order_by(SLOT.c.due_at, SLOT.c.id)
        return tuple(to_value(Slot, row) for row in self.scope.all(query))


def series_of(row: Found) -> Series:
    """Make the value of a row."""
    return to_value(Series, row, ask=tuple(row.ask))

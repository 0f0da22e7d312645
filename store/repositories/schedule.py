"""Series and slots: what is asked of a patient when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from delivery.schedule import EnrolmentState, Series, Slot, SlotState
from kernel.errors import ConflictError
from kernel.ids import EnrolmentId, OccasionId, PatientRef, SeriesId, SlotId
from store.base import table_of
from store.scope import OF_CLINIC, Found, Scope, Where, change_of_clinic, of_clinic
from store.tables.enrolment import EnrolmentRow
from store.tables.series import SeriesRow
from store.tables.slot import SlotRow
from store.types import UtcDateTime
from store.values import batched, to_columns, to_value, to_values

ENROLMENT = table_of(EnrolmentRow)
SERIES = table_of(SeriesRow)
SLOT = table_of(SlotRow)
OF_OCCASION = of_clinic(SLOT, SLOT.c.occasion_id == bindparam("of_occasion")).order_by(SLOT.c.due_at, SLOT.c.id)
WITH_KIND = OF_OCCASION.add_columns(SERIES.c.occasion_kind).join(
    SERIES, and_(SERIES.c.clinic_id == SLOT.c.clinic_id, SERIES.c.id == SLOT.c.series_id)
)
SERIES_OF = of_clinic(SERIES, SERIES.c.id.in_(bindparam("of_ids", expanding=True)))
NEWEST_N = (
    select(SERIES.c.enrolment_id, func.max(SERIES.c.n).label("n"))
    .where(SERIES.c.clinic_id == bindparam(OF_CLINIC))
    .where(SERIES.c.enrolment_id.in_(bindparam("of_enrolments", expanding=True)))
    .group_by(SERIES.c.enrolment_id)
)
IS_ACTIVE = and_(
    ENROLMENT.c.clinic_id == SLOT.c.clinic_id,
    ENROLMENT.c.id == SLOT.c.enrolment_id,
    ENROLMENT.c.state == EnrolmentState.ACTIVE,
)
DUE_SLOTS = (
    of_clinic(
        SLOT,
        SLOT.c.patient_ref.in_(bindparam("of_patients", expanding=True)),
        SLOT.c.state == SlotState.PLANNED,
        SLOT.c.due_at <= bindparam("of_before", type_=UtcDateTime),
    )
    .join(ENROLMENT, IS_ACTIVE)
    .order_by(SLOT.c.due_at, SLOT.c.id)
)
CHANGE_PLANNED = change_of_clinic(SLOT, SLOT.c.id == bindparam("of_id"), SLOT.c.state == SlotState.PLANNED).values(
    {name: bindparam(f"new_{name}") for name in ("state", "due_at", "occasion_id", "asked_by")}
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Reads and changes series and slots."""

    scope: Scope

    def add_series(self, series: Series) -> None:
        """Add a series; its number taken, or an unknown enrolment, is a ConflictError."""
        self.add_all_series([series])

    def add_all_series(self, series: Sequence[Series]) -> None:
        """Add several series by one statement, each as `add_series` does."""
        self.scope.insert_all(SERIES, [{**to_columns(one), "ask": list(one.ask)} for one in series])

    def series(self, series_id: SeriesId) -> Series:
        """Return a series; NotFoundError if there is none in this clinic."""
        return series_of(self.scope.get(SERIES, series_id))

    def series_by_id(self, series_ids: Collection[SeriesId]) -> Mapping[SeriesId, Series]:
        """Return several series by their ids; unknown ones are left out."""
        return {
            one.id: one
            for batch in batched(sorted(series_ids))
            for one in to_values(Series, self.scope.rows(SERIES_OF, of_ids=batch), ask=tuple)
        }

    def next_n(self, enrolment_id: EnrolmentId) -> int:
        """Return the number of the enrolment's next series; whoever adds it holds the enrolment's lock."""
        return self.newest_n([enrolment_id]).get(enrolment_id, 0) + 1

    def newest_n(self, enrolment_ids: Collection[EnrolmentId]) -> Mapping[EnrolmentId, int]:
        """Return the number of the newest series of each enrolment that has any."""
        return {
            EnrolmentId(row.enrolment_id): row.n
            for batch in batched(sorted(enrolment_ids))
            for row in self.scope.rows(NEWEST_N, of_enrolments=batch)
        }

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
        self.add_all_slots([slot])

    def add_all_slots(self, slots: Sequence[Slot]) -> None:
        """Add several slots by one statement, each as `add_slot` does."""
        self.scope.insert_all(SLOT, [to_columns(slot) for slot in slots])

    def planned_slots(self, enrolment_id: EnrolmentId) -> tuple[Slot, ...]:
        """Return the slots of an enrolment that are still to come, soonest first."""
        return self._slots(SLOT.c.enrolment_id == enrolment_id, SLOT.c.state == SlotState.PLANNED)

    def slots_of(self, enrolment_id: EnrolmentId) -> tuple[Slot, ...]:
        """Return all slots of an enrolment, soonest first."""
        return self._slots(SLOT.c.enrolment_id == enrolment_id)

    def due_slots(self, patient_refs: Collection[PatientRef], before: datetime) -> tuple[Slot, ...]:
        """Return the planned slots of patients' active enrolments, due at `before` or earlier, soonest first."""
        return tuple(
            slot
            for batch in batched(sorted(patient_refs))
            for slot in to_values(Slot, self.scope.rows(DUE_SLOTS, of_patients=batch, of_before=before))
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

    def change_planned(self, slots: Sequence[Slot]) -> None:
        """Write what planned slots have become: open, answered, cancelled, or planned for another time.

        Raises:
            ConflictError: one of them is planned no more, because somebody else was faster.
        """
        if slots and self.scope.change_all(CHANGE_PLANNED, [_changed(slot) for slot in slots]) != len(slots):
            raise ConflictError("A slot was taken by somebody else.")

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


def _changed(slot: Slot) -> Mapping[str, object]:
    return {
        "of_id": slot.id,
        "new_state": slot.state,
        "new_due_at": slot.due_at,
        "new_occasion_id": slot.occasion_id,
        "new_asked_by": slot.asked_by,
    }

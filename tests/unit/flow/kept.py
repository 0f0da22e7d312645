"""One enrolment's row of the worklist, and what befalls it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from delivery.postponement import Postponement
from delivery.schedule import OccasionState
from delivery.worklist import AlertKind
from flow.noting import note_answer, note_decision
from kernel.ids import OccasionId, PersonId, PostponementId, SuggestionId, new_id
from scoring.levels import Colour, DifferentiationLevel, Urgency
from store.database import Store
from store.transaction import Tx
from tests.builders import CLINIC_ID, NOW, a_decision, a_slot, a_suggestion, an_alert, an_occasion
from tests.stored import Asked
from tests.way import CONTENT

T = TypeVar("T")
URGENCY = {
    Colour.GREEN: Urgency.ROUTINE,
    Colour.UNKNOWN: Urgency.WITHIN_1_WEEK,
    Colour.YELLOW: Urgency.WITHIN_2_WEEKS,
    Colour.RED: Urgency.SAME_DAY,
}


@dataclass
class Kept:
    """One enrolment's row, and what befalls it."""

    store: Store
    asked: Asked
    occasion_id: OccasionId

    def act(self, do: Callable[[Tx], T]) -> T:
        with self.store.write(CLINIC_ID, self.asked.actor) as tx:
            return do(tx)

    def answer(self, colour: Colour, days: int = 0, urgency: Urgency | None = None, **other: Any):
        alert = an_alert(colour=colour, urgency=urgency or URGENCY[colour])
        values = {"alert": alert, "made_at": NOW + timedelta(days=days), "n": 0, **other}
        made = a_suggestion(self.asked.enrolment.id, self.occasion_id, id=SuggestionId(new_id()), **values)

        def file(tx):
            filed = tx.suggestions.append(made)
            note_answer(tx, CONTENT, self.asked.enrolment, filed)
            return filed

        return self.act(file)

    def next_occasion(self) -> None:
        """Close the open occasion and open another, which asks the same enrolment."""
        occasion = an_occasion(self.asked.patient_ref, opened_at=NOW + timedelta(days=1))
        slot = a_slot(self.asked.series, self.asked.patient_ref, k=int(occasion.id[-6:], 16) + 2)

        def open_(tx):
            tx.occasions.close(self.occasion_id, OccasionState.EXPIRED, NOW)
            tx.occasions.add(occasion, occasion.id.ljust(64, "0"))
            tx.schedule.add_all_slots([slot])
            tx.schedule.open_slot(slot.id, occasion.id)

        self.act(open_)
        self.occasion_id = occasion.id

    def decide(self, suggestion: Any, colour: Colour, level: int = 2) -> None:
        decision = a_decision(suggestion, colour=colour, level=DifferentiationLevel(level))
        self.act(lambda tx: note_decision(tx, decision))

    def postpone(self, until: date, expected: Colour) -> PostponementId:
        by = (PersonId("p"), "Lise Læge", NOW)
        one = Postponement(PostponementId(new_id()), self.asked.enrolment.id, until, expected, "Ferie.", *by)

        def put_off(tx):
            tx.postponements.add(one)
            assert tx.work.postpone(one.enrolment_id, one.id, until, expected)

        self.act(put_off)
        return one.id

    @property
    def row(self) -> Any:
        return self.act(lambda tx: next(iter(tx.work_pages.rows([self.asked.enrolment.id])), None))

    @property
    def alerts(self) -> tuple[AlertKind, ...]:
        return self.act(lambda tx: tuple(one.kind for one in tx.alerts.open_of(self.asked.enrolment.id)))

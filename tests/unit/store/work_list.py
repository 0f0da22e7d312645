"""A clinic with rows put on its worklist by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from delivery.work_query import Tab, Wanted
from kernel.ids import PatientRef
from security.cpr import parse_identifier
from store.base import table_of
from store.database import Store
from store.tables.work import WorkRow
from store.transaction import Tx
from tests.builders import CLINIC_ID, NOW, an_enrolment

WORK = table_of(WorkRow)
T = TypeVar("T")
TODAY = date(2027, 1, 11)
DAY = timedelta(days=1)


@dataclass
class List:
    """A clinic with as many patients as rows are put on its list."""

    store: Store
    actor: Any
    of: dict[str, str] = field(default_factory=dict)

    def act(self, do: Callable[[Tx], T]) -> T:
        with self.store.write(CLINIC_ID, self.actor) as tx:
            return do(tx)

    def patient(self) -> PatientRef:
        number = len(self.of) + 1
        identifier = parse_identifier(f"010190-1{chr(65 + number // 260)}{chr(65 + number // 10 % 26)}{number % 10}")
        return self.act(lambda tx: tx.patients.add(identifier, f"Person {number}"))

    def put(self, label: str, patient_ref: PatientRef | None = None, package: str = "KOL", **row: Any) -> PatientRef:
        """Put a row on the list; without anything said it waits, yellow, until tomorrow."""
        ref = patient_ref or self.patient()
        enrolment = an_enrolment(ref, package=package)
        values = {
            "clinic_id": CLINIC_ID,
            "id": enrolment.id,
            "patient_ref": ref,
            "package": package,
            "waits": True,
            "tier": 1,
            "due_day": TODAY + DAY,
            "place": 1,
            "step": 1,
            "known_place": 3,
            "answered_at": NOW,
            "level": 2,
            **row,
        }
        if values["due_day"] is None:
            values |= {"waits": False}
        self.of[enrolment.id] = label

        def add(tx):
            tx.enrolments.add(enrolment)
            tx.scope.insert(WORK, values)

        self.act(add)
        return ref

    def page(self, tab: Tab = Tab.ASSESS, limit: int = 99, **wanted: Any) -> list[str]:
        places = self.act(lambda tx: tx.work_pages.page(Wanted(tab, **wanted), limit))
        return [self.of[place.enrolment_id] for place in places]

    def count(self, tab: Tab = Tab.ASSESS, **wanted: Any) -> int:
        return self.act(lambda tx: tx.work_pages.count(Wanted(tab, **wanted)))

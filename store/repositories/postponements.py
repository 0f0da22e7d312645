"""Postponements: who put off whom, until when and why, and how it ended."""

from dataclasses import dataclass
from datetime import datetime

from delivery.postponement import Ended, Postponement
from kernel.ids import EnrolmentId, PatientRef, PostponementId
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.enrolment import EnrolmentRow
from store.tables.postponement import PostponementRow
from store.values import to_columns, to_value

ENROLMENT = table_of(EnrolmentRow)
POSTPONEMENT = table_of(PostponementRow)


@dataclass(frozen=True, slots=True)
class Postponements:
    """Reads and writes the postponements of one clinic; the reason is free text and sealed."""

    scope: Scope

    def add(self, postponement: Postponement) -> None:
        """Add a postponement."""
        patient_ref, place = self._patient(postponement.enrolment_id), _place(postponement.id)
        sealed = seal_for_patient(self.scope, patient_ref, place, postponement.reason.encode())
        columns = to_columns(postponement, without=frozenset({"reason"}))
        self.scope.insert(POSTPONEMENT, {**columns, "reason_enc": sealed})

    def get(self, postponement_id: PostponementId) -> Postponement:
        """Return a postponement; NotFoundError if there is none in this clinic."""
        return self._value(self.scope.get(POSTPONEMENT, postponement_id))

    def end(self, postponement_id: PostponementId, why: Ended, at: datetime) -> bool:
        """End a postponement; False if it had ended."""
        running = (POSTPONEMENT.c.id == postponement_id, POSTPONEMENT.c.ended_at.is_(None))
        return self.scope.update(POSTPONEMENT, running, {"ended_at": at, "ended_why": why.value}) == 1

    def of_enrolment(self, enrolment_id: EnrolmentId) -> tuple[Postponement, ...]:
        """Return all postponements of an enrolment, oldest first."""
        query = self.scope.select(POSTPONEMENT, POSTPONEMENT.c.enrolment_id == enrolment_id)
        rows = self.scope.all(query.order_by(POSTPONEMENT.c.set_at, POSTPONEMENT.c.id))
        return tuple(self._value(row) for row in rows)

    def _value(self, row: Found) -> Postponement:
        patient_ref = self._patient(EnrolmentId(row.enrolment_id))
        reason = open_for_patient(self.scope, patient_ref, _place(row.id), row.reason_enc).decode()
        return to_value(Postponement, row, reason=reason, ended_why=Ended(row.ended_why) if row.ended_why else None)

    def _patient(self, enrolment_id: EnrolmentId) -> PatientRef:
        return PatientRef(self.scope.get(ENROLMENT, enrolment_id).patient_ref)


def _place(postponement_id: str) -> str:
    return f"postponement.reason/{postponement_id}"

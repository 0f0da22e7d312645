"""Candidates: patients of lists, in and out set by set, and what somebody said to each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, tuple_

from delivery.candidate import Candidate, CandidateState
from delivery.schedule import EnrolmentState
from kernel.errors import NotFoundError
from kernel.ids import CandidateId, EnrolmentId, PatientRef
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.candidate import CandidateRow
from store.tables.enrolment import EnrolmentRow
from store.values import batched, to_columns, to_value

CANDIDATE = table_of(CandidateRow)
ENROLMENT = table_of(EnrolmentRow)
OPEN = (CandidateState.WAITING, CandidateState.EXCLUDED)
RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
REASON = frozenset({"reason"})

Place = tuple[PatientRef, str]
"""A patient and a package."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Reads, adds and assesses candidates."""

    scope: Scope

    def add_all(self, candidates: Sequence[Candidate]) -> None:
        """Add candidates whom nobody has assessed; a patient who is open for the package is a ConflictError."""
        rows = [{**to_columns(candidate, without=REASON), "reason_enc": None} for candidate in candidates]
        self.scope.insert_all(CANDIDATE, rows)

    def open_among(self, places: Collection[Place]) -> Mapping[Place, CandidateState]:
        """Return which of these are candidates already, waiting or excluded."""
        found: dict[Place, CandidateState] = {}
        for batch in batched(sorted(places)):
            here = tuple_(CANDIDATE.c.patient_ref, CANDIDATE.c.package).in_(batch)
            for row in self.scope.all(self.scope.select(CANDIDATE, here, CANDIDATE.c.state.in_(OPEN))):
                found[PatientRef(row.patient_ref), row.package] = row.state
        return found

    def any_of(self, patient_ref: PatientRef) -> bool:
        """Tell whether somebody is to decide on a patient: waiting, or left out until a later day."""
        query = self.scope.select(CANDIDATE, CANDIDATE.c.patient_ref == patient_ref, CANDIDATE.c.state.in_(OPEN))
        return self.scope.first(query) is not None

    def enrolled_among(self, places: Collection[Place]) -> Mapping[Place, EnrolmentId]:
        """Return which of these are in the package already."""
        found: dict[Place, EnrolmentId] = {}
        for batch in batched(sorted(places)):
            here = tuple_(ENROLMENT.c.patient_ref, ENROLMENT.c.package).in_(batch)
            for row in self.scope.all(self.scope.select(ENROLMENT, here, ENROLMENT.c.state.in_(RUNNING))):
                found[PatientRef(row.patient_ref), row.package] = EnrolmentId(row.id)
        return found

    def get(self, candidate_id: CandidateId) -> Candidate:
        """Return a candidate; NotFoundError if there is none in this clinic."""
        return self._value(self.scope.get(CANDIDATE, candidate_id))

    def get_all(self, candidate_ids: Collection[CandidateId], *, lock: bool = False) -> tuple[Candidate, ...]:
        """Return candidates, by id.

        Args:
            lock: let nobody else change them before this transaction ends.

        Raises:
            NotFoundError: one of them is not of this clinic.
        """
        wanted = sorted(set(candidate_ids))
        rows: list[Found] = []
        for batch in batched(wanted):
            query = self.scope.select(CANDIDATE, CANDIDATE.c.id.in_(batch)).order_by(CANDIDATE.c.id)
            rows.extend(self.scope.all(query.with_for_update(key_share=True) if lock else query))
        if len(rows) != len(wanted):
            raise NotFoundError("There is no such candidate.")
        return tuple(self._value(row) for row in rows)

    def listed(
        self, state: CandidateState, *, review_by: date, limit: int, after: CandidateId | None = None
    ) -> tuple[Candidate, ...]:
        """Return a page of candidates in the order of their ids.

        Args:
            state: WAITING lists those too whose exclusion is to be looked at again.
            review_by: the day on which that is asked.
            after: the last id of the page before.
        """
        for_review = (CANDIDATE.c.state == CandidateState.EXCLUDED) & (CANDIDATE.c.review_on <= review_by)
        is_listed = CANDIDATE.c.state == state
        where = or_(is_listed, for_review) if state is CandidateState.WAITING else is_listed
        query = self.scope.select(CANDIDATE, where).order_by(CANDIDATE.c.id).limit(limit)
        if after is not None:
            query = query.where(CANDIDATE.c.id > after)
        return tuple(self._value(row) for row in self.scope.all(query))

    def assess_all(self, candidates: Sequence[Candidate]) -> None:
        """Write by one statement what somebody said to candidates whom this transaction has locked."""
        self.scope.update_all(CANDIDATE, [self._said(candidate) for candidate in candidates])

    def _said(self, candidate: Candidate) -> Mapping[str, object]:
        reason_enc = None if candidate.reason is None else self._seal(candidate, candidate.reason)
        return {**to_columns(candidate, without=REASON), "reason_enc": reason_enc}

    def _seal(self, candidate: Candidate, reason: str) -> bytes:
        return seal_for_patient(self.scope, candidate.patient_ref, f"candidate.reason/{candidate.id}", reason.encode())

    def _value(self, row: Found) -> Candidate:
        reason = None
        if row.reason_enc is not None:
            ref = PatientRef(row.patient_ref)
            reason = open_for_patient(self.scope, ref, f"candidate.reason/{row.id}", row.reason_enc).decode()
        return to_value(Candidate, row, reason=reason)

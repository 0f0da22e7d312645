"""Drafts: what a patient has filled in so far, sealed."""

from dataclasses import dataclass, field
from datetime import datetime

from kernel.errors import ConflictError
from kernel.ids import PatientRef, RequestId
from store.base import table_of
from store.scope import Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.draft import DraftRow
from store.tables.request import RequestRow

DRAFT = table_of(DraftRow)
REQUEST = table_of(RequestRow)


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-filled response.

    Args:
        raw: bytes of a QuestionnaireResponse `in-progress`.
        version: grows with each saving, from 1.
        begun: spot of the item that was saved while the patient still stood on it; None when the patient went on.
        saved_at: aware UTC.
    """

    raw: bytes = field(repr=False)
    version: int
    begun: str | None = field(default=None, repr=False)
    saved_at: datetime | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Drafts:
    """Reads and saves drafts."""

    scope: Scope

    def get(self, request_id: RequestId) -> Draft | None:
        """Return the draft of a request."""
        row = self.scope.first(self.scope.select(DRAFT, DRAFT.c.request_id == request_id))
        if row is None:
            return None
        raw = open_for_patient(self.scope, self._patient(request_id), _place(request_id), row.body_enc)
        return Draft(raw, row.version, row.begun, row.saved_at)

    def save(self, request_id: RequestId, raw: bytes, expected_version: int, *, begun: str | None = None) -> int:
        """Save a draft.

        Args:
            expected_version: version that the change was made on; 0 for the first.
            begun: spot of the item on which the patient still stands.

        Returns:
            The new version.

        Raises:
            NotFoundError: there is no such request in this clinic.
            ConflictError: the draft has been saved by somebody else since.
        """
        version = expected_version + 1
        columns = {
            "body_enc": seal_for_patient(self.scope, self._patient(request_id), _place(request_id), raw),
            "version": version,
            "saved_at": self.scope.now,
            "begun": begun,
        }
        if expected_version == 0:
            done = self.scope.insert_once(DRAFT, ("clinic_id", "request_id"), {"request_id": request_id, **columns})
        else:
            where = (DRAFT.c.request_id == request_id, DRAFT.c.version == expected_version)
            done = self.scope.update(DRAFT, where, columns) == 1
        if not done:
            raise ConflictError("The draft has been changed elsewhere.")
        return version

    def remove(self, request_id: RequestId) -> None:
        """Remove the draft of a request, if there is one."""
        self.scope.delete(DRAFT, DRAFT.c.request_id == request_id)

    def _patient(self, request_id: RequestId) -> PatientRef:
        return PatientRef(self.scope.get(REQUEST, request_id).patient_ref)


def _place(request_id: RequestId) -> str:
    return f"draft.body/{request_id}"

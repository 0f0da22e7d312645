"""SORT: an answer that fits no request is assigned to one by a person, or discarded with a reason; never guessed."""

from dataclasses import dataclass, field
from datetime import datetime

from delivery.content import Content
from delivery.schedule import Request
from delivery.unmatched import UnmatchedResponse
from flow.matching import subject_of
from flow.receive import Received, ReceiveResponse
from kernel.errors import ConflictError, InvalidInputError, InvalidResponseError, Issue
from kernel.ids import PatientRef, RequestId, UnmatchedId
from questionnaires.gate import check_response
from questionnaires.model import Text
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import masked
from security.policy import Action, allow
from store.database import Store
from store.repositories.unmatched import MOST_REQUESTS
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class PossibleRequest:
    """An open request for the same questionnaire.

    Args:
        name: of the patient, for the person who chooses.
        identifier: masked behind the date of birth, to tell patients of the same name apart.
        requested_at: aware UTC.
    """

    request_id: RequestId
    patient_ref: PatientRef
    name: str = field(repr=False)
    identifier: str = field(repr=False)
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class TrayEntry:
    """One answer in the tray, without what was answered.

    Args:
        possible: requests that it may be assigned to, newest first.
    """

    unmatched: UnmatchedResponse
    title: Text
    possible: tuple[PossibleRequest, ...]

    @property
    def may_have_more(self) -> bool:
        """Whether as many requests are named as can be, so that older ones may be left out."""
        return len(self.possible) >= MOST_REQUESTS


@dataclass(frozen=True, slots=True)
class SortUnmatched:
    """The use cases of the tray: look, assign, discard."""

    store: Store
    content: Content
    receive: ReceiveResponse

    def waiting(self, actor: Actor) -> int:
        """Count what waits; nothing of it is looked at."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.unmatched.count_waiting()

    def listed(self, actor: Actor) -> tuple[TrayEntry, ...]:
        """Return what waits, oldest first; whose names were shown is on record."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            entries = tuple(self._entry(tx, unmatched) for unmatched in tx.unmatched.waiting())
            patients = {one.patient_ref for entry in entries for one in entry.possible}
            if patients:
                tx.audit.record(AuditEvent("read", "Unmatched", tuple(sorted(patients))))
        return entries

    def assign(self, actor: Actor, unmatched_id: UnmatchedId, request_id: RequestId) -> Received:
        """File the answer as the answer to a request, as the person says.

        Raises:
            NotFoundError: no such answer in this clinic.
            InvalidResponseError: the answer names another patient of this clinic, or the request asks something else.
            ConflictError: somebody was quicker.
            NotOpenError: the request is closed or answered.
        """
        allow(actor, Action.READ_WORKLIST)
        allow(actor, Action.SUBMIT_RESPONSE)
        with self.store.read(actor.clinic_id, actor) as tx:
            unmatched, raw = tx.unmatched.get(unmatched_id), tx.unmatched.raw(unmatched_id)
            names_own_patient = self._names_own_patient(tx, raw)
        submission = self.receive.prepare_for(raw, request_id, via=unmatched.channel, keep_subject=names_own_patient)
        with self.store.write(actor.clinic_id, actor) as tx:
            received = self.receive.file_in(tx, submission)
            if not tx.unmatched.assign(unmatched_id, request_id):
                raise _sorted_already()
            patient_ref = tx.requests.get(request_id).patient_ref
            tx.audit.record(AuditEvent("assign", f"Unmatched/{unmatched_id}", (patient_ref,)))
        return received

    def discard(self, actor: Actor, unmatched_id: UnmatchedId, reason: str) -> None:
        """Close an answer that belongs to nobody here; it is kept for a while, sealed, with the reason.

        Raises:
            NotFoundError: no such answer in this clinic.
            InvalidInputError: no reason is given.
            ConflictError: somebody was quicker.
        """
        allow(actor, Action.READ_WORKLIST)
        if not reason.strip():
            issue = Issue("required", "Give a reason for discarding an answer.", "reason", rule="reason-missing")
            raise InvalidInputError(issue.text, issues=[issue])
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.unmatched.get(unmatched_id)
            if not tx.unmatched.discard(unmatched_id, reason.strip()):
                raise _sorted_already()
            tx.audit.record(AuditEvent("discard", f"Unmatched/{unmatched_id}"))

    def _entry(self, tx: Tx, unmatched: UnmatchedResponse) -> TrayEntry:
        possible = tuple(_possible(tx, one) for one in tx.unmatched.requests_asking(unmatched.questionnaire))
        return TrayEntry(unmatched, self.content.questionnaires.get(unmatched.questionnaire).title, possible)

    def _names_own_patient(self, tx: Tx, raw: bytes) -> bool:
        """Tell whether the answer names a patient of this clinic; then a person may not say otherwise."""
        try:
            return subject_of(tx, check_response(raw, self.content.questionnaires)) is not None
        except InvalidResponseError:
            return False


def _possible(tx: Tx, request: Request) -> PossibleRequest:
    identity = tx.patients.identity(request.patient_ref)
    masked_identifier = masked(identity.identifier)
    return PossibleRequest(request.id, identity.ref, identity.name, masked_identifier, request.requested_at)


def _sorted_already() -> ConflictError:
    text = "Somebody has assigned or discarded this answer already."
    return ConflictError(text, issues=[Issue("conflict", text, rule="sorted-already")])

"""RECEIVE: a response is checked, scored and filed once, whatever door it came by and however often."""

import hashlib
from dataclasses import dataclass, field, replace

from delivery.content import Content
from delivery.schedule import Occasion, OccasionState, Request, RequestState, SlotState
from flow.matching import matched_request
from flow.report import enqueue_report
from flow.suggest import Suggest
from flow.withdrawal import withdraw_elsewhere
from kernel.clock import Clock
from kernel.errors import ConflictError, InvalidResponseError, Issue, NotOpenError
from kernel.ids import RequestId, ResponseId, new_id
from questionnaires.filed import FiledResponse, Vector
from questionnaires.gate import check_response
from questionnaires.model import ResponseAnswers
from questionnaires.vector import vector_of
from scoring.result import Scored
from scoring.scores import score
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

OPEN_STATES = (RequestState.REQUESTED, RequestState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Received:
    """What came of a response.

    Args:
        response_id: of the filed response.
        created: False when the very same bytes had been filed before.
    """

    response_id: ResponseId
    created: bool


@dataclass(frozen=True, slots=True)
class Submission:
    """A response on its way: decoded, checked, scored and coded before any transaction begins.

    Args:
        raw: as submitted.
        sha256: hex digest of `raw`.
        via: the door it came by.
    """

    raw: bytes = field(repr=False)
    sha256: str
    via: str
    checked: ResponseAnswers
    scored: Scored
    vector: Vector = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiveResponse:
    """The use case."""

    store: Store
    content: Content
    clock: Clock
    suggest: Suggest

    def __call__(self, actor: Actor, raw: bytes, *, via: str) -> Received:
        """File a completed response to one of our requests.

        Args:
            raw: the submitted bytes; they are stored as they are.
            via: the door it came by: `form`, `fhir`, or a channel's name.

        Raises:
            MalformedInputError, InvalidResponseError, UnknownQuestionnaireError: every fault is named; nothing changed.
            ConflictError: the request was answered before, with other bytes.
            NotOpenError: the answer comes too late.
        """
        allow(actor, Action.SUBMIT_RESPONSE)
        submission = self.prepare(raw, via)
        try:
            with self.store.write(actor.clinic_id, actor) as tx:
                return self.file_in(tx, submission)
        except ConflictError:
            # Two of the same at once: the constraint let one through, and the other now finds it filed.
            with self.store.write(actor.clinic_id, actor) as tx:
                return self.file_in(tx, submission)

    def prepare_for(self, raw: bytes, request_id: RequestId, *, via: str, keep_subject: bool) -> Submission:
        """Prepare an answer of which a person says which request it answers, whatever it says itself.

        Args:
            keep_subject: the subject that it names must be the request's, too.
        """
        submission = self.prepare(raw, via)
        checked = replace(submission.checked, request=request_id)
        if not keep_subject:
            checked = replace(checked, subject=None, subject_identifier=None)
        return replace(submission, checked=checked)

    def prepare(self, raw: bytes, via: str) -> Submission:
        """Do all that needs no transaction: decode, check, score and code.

        Raises:
            MalformedInputError, InvalidResponseError, UnknownQuestionnaireError: as for the use case.
        """
        checked = check_response(raw, self.content.questionnaires)
        if checked.status != "completed":
            issue = Issue(
                "business-rule",
                "Only a completed response can be filed.",
                "QuestionnaireResponse.status",
                rule="not-completed",
            )
            raise InvalidResponseError(issue.text, issues=[issue])
        questionnaire = self.content.questionnaires.get(checked.questionnaire)
        scored = score(self.content.catalogue.rule_for(checked.questionnaire), questionnaire, checked)
        vector = vector_of(questionnaire, checked)
        return Submission(raw, hashlib.sha256(raw).hexdigest(), via, checked, scored, vector)

    def file_in(self, tx: Tx, submission: Submission) -> Received:
        """File the submission inside a transaction of the caller."""
        matched = matched_request(tx, submission.checked)
        request, occasion = matched.request, matched.occasion
        if not request.state.is_open:
            # Only a closed request can have an answer: it is closed by the transaction that files it.
            earlier = tx.responses.versions(request.id)
            if earlier:
                return _same_or_conflict(earlier, submission)
        _refuse_closed(tx, request)
        response = self._filed(tx, request, submission)
        if not any(one.state.is_open for one in matched.asked if one.id != request.id):
            occasion = _finish(tx, occasion, submission.via)
        for enrolment in tx.enrolments.lock_asking(occasion.id):
            self.suggest(tx, enrolment, occasion, matched.asked)
            enqueue_report(tx, enrolment, response_id=response.id)
        tx.audit.record(AuditEvent("receive", f"QuestionnaireResponse/{response.id}", (request.patient_ref,)))
        return Received(response.id, created=True)

    def _filed(self, tx: Tx, request: Request, submission: Submission) -> FiledResponse:
        response = FiledResponse(
            id=ResponseId(new_id()),
            request_id=request.id,
            patient_ref=request.patient_ref,
            questionnaire=request.questionnaire,
            status=submission.checked.status,
            # A sender's clock may run ahead: an answer is never newer than its receipt; an older one is older.
            authored_at=min(submission.checked.authored or tx.now, tx.now),
            received_at=tx.now,
            via=submission.via,
            sha256=submission.sha256,
            vector=submission.vector,
            definition_sha256=self.content.questionnaires.get(request.questionnaire).sha256,
            wording=self.content.wording(request.questionnaire),
        )
        tx.responses.add(response, submission.raw)
        tx.scores.add(response, submission.scored)
        if request.state is RequestState.IN_PROGRESS:
            tx.drafts.remove(request.id)
            tx.unsent.sent(request.id)
        if not tx.requests.move(request.id, OPEN_STATES, RequestState.COMPLETED, tx.now):
            raise ConflictError("The request was closed by somebody else.")
        return response


def _same_or_conflict(earlier: tuple[FiledResponse, ...], submission: Submission) -> Received:
    if any(version.sha256 == submission.sha256 for version in earlier):
        return Received(earlier[0].id, created=False)
    text = "The request was answered before, with another answer."
    raise AnsweredError(
        text, issues=[Issue("conflict", text, "QuestionnaireResponse.basedOn", rule="already-answered")]
    )


class AnsweredError(NotOpenError):
    """The request holds another answer already; not a race, so it is not tried again."""

    issue_code = "conflict"


def _refuse_closed(tx: Tx, request: Request) -> None:
    if not request.state.is_open or tx.now >= request.expires_at:
        text = "The answer comes too late: the request is closed."
        raise NotOpenError(
            text, issues=[Issue("business-rule", text, "QuestionnaireResponse.basedOn", rule="too-late")]
        )


def _finish(tx: Tx, occasion: Occasion, via: str) -> Occasion:
    """Close an occasion of which everything is answered, with its slots and its unsent messages."""
    tx.occasions.close(occasion.id, OccasionState.COMPLETED, tx.now)
    tx.schedule.close_slots(occasion.id, SlotState.ANSWERED)
    tx.outbox.cancel_open(occasion.id)
    withdraw_elsewhere(tx, occasion.id, via=via)
    return tx.occasions.get(occasion.id)

"""AMEND: a filed response is corrected or withdrawn as a new version; what was known before is kept beside it."""

import hashlib
from dataclasses import dataclass, field

from delivery.content import Content
from delivery.schedule import Enrolment, Request
from flow.matching import demand_match
from flow.record import responses_behind
from flow.report import enqueue_report
from flow.suggest import Suggest
from kernel.clock import Clock
from kernel.errors import InvalidResponseError, Issue, NotFoundError, NotOpenError, StaleVersionError
from kernel.ids import EnrolmentId, ResponseId, new_id
from questionnaires.filed import FiledResponse
from questionnaires.gate import CHANGING_STATUSES, check_response
from questionnaires.model import ResponseAnswers
from questionnaires.vector import vector_of
from scoring.scores import score
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.repositories.responses import RETRACTED
from store.transaction import Tx

AMENDED = "amended"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of a filed response.

    Args:
        response_id: the id under which the response is known, whatever its version.
        version: that the change was made on.
        raw: the whole response as it is to be from now on.
    """

    response_id: ResponseId
    version: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Amended:
    """What came of it.

    Args:
        response_id: as in the amendment.
        version: the current one.
    """

    response_id: ResponseId
    version: int


@dataclass(frozen=True, slots=True)
class AmendResponse:
    """The use case."""

    store: Store
    content: Content
    clock: Clock
    suggest: Suggest

    def __call__(self, actor: Actor, amendment: Amendment) -> Amended:
        """File a new version of a response; score it, suggest anew and report.

        Status `amended` corrects the answers; `entered-in-error` withdraws them: they stay readable and count for
        nothing. The same change sent twice is one version.

        Raises:
            MalformedInputError, InvalidResponseError, UnknownQuestionnaireError: every fault is named; nothing changed.
            NotFoundError: there is no such response in the actor's clinic.
            StaleVersionError: the response has another version by now.
            NotOpenError: the response was withdrawn before.
        """
        allow(actor, Action.AMEND_RESPONSE)
        checked = check_response(amendment.raw, self.content.questionnaires, statuses=CHANGING_STATUSES)
        _demand_change(checked)
        with self.store.write(actor.clinic_id, actor) as tx:
            request, versions = _known(tx, amendment.response_id)
            if _is_repeated(versions[-1], amendment):
                return Amended(amendment.response_id, versions[-1].version)
            _demand_current(versions[-1], amendment)
            demand_match(tx, checked, request)
            response = self._filed(tx, versions[-1], amendment, checked)
            for enrolment in _concerned(tx, request, versions):
                self._suggest_anew(tx, enrolment, request)
                enqueue_report(tx, enrolment, response_id=response.id)
            tx.audit.record(_act(amendment, response))
        return Amended(amendment.response_id, response.version)

    def _filed(self, tx: Tx, current: FiledResponse, amendment: Amendment, checked: ResponseAnswers) -> FiledResponse:
        questionnaire = self.content.questionnaires.get(checked.questionnaire)
        response = FiledResponse(
            id=ResponseId(new_id()),
            request_id=current.request_id,
            patient_ref=current.patient_ref,
            questionnaire=current.questionnaire,
            status=checked.status,
            # What is corrected today was answered then: a correction makes no answer younger.
            authored_at=min(checked.authored or current.authored_at, current.authored_at),
            received_at=tx.now,
            via="fhir",
            sha256=hashlib.sha256(amendment.raw).hexdigest(),
            vector=vector_of(questionnaire, checked),
            version=current.version + 1,
            definition_sha256=questionnaire.sha256,
            # A correction is made of what was answered, and that was asked in these words.
            wording=current.wording,
        )
        tx.responses.add(response, amendment.raw)
        if response.status == AMENDED:
            rule = self.content.catalogue.rule_for(checked.questionnaire)
            tx.scores.add(response, score(rule, questionnaire, checked))
        return response

    def _suggest_anew(self, tx: Tx, enrolment: Enrolment, request: Request) -> None:
        """Advise on the enrolment's newest occasion; the advice that was given at an older one stays as it was."""
        newest = tx.suggestions.newest(enrolment.id)
        occasion_id = newest.occasion_id if newest else request.occasion_id
        self.suggest(tx, enrolment, tx.occasions.get(occasion_id), tx.requests.of_occasion(occasion_id))


def _demand_change(checked: ResponseAnswers) -> None:
    if checked.status in (AMENDED, RETRACTED):
        return
    text = "A filed response is changed with the status amended, or withdrawn with entered-in-error."
    issue = Issue("business-rule", text, "QuestionnaireResponse.status", rule="not-a-change")
    raise InvalidResponseError(text, issues=[issue])


def _known(tx: Tx, response_id: ResponseId) -> tuple[Request, tuple[FiledResponse, ...]]:
    """Return request and versions of a response, with changes of the occasion's answers let through one by one."""
    place = tx.responses.places({response_id}).get(response_id)
    if place is None or place.first_id != response_id:
        raise NotFoundError("No such QuestionnaireResponse.")
    request = tx.requests.get(tx.responses.get(response_id).request_id)
    tx.occasions.lock(request.occasion_id)
    return request, tx.responses.versions(request.id)


def _is_repeated(current: FiledResponse, amendment: Amendment) -> bool:
    """Tell whether this very change has been filed: its answer may have been lost on the way."""
    same = current.sha256 == hashlib.sha256(amendment.raw).hexdigest()
    return same and amendment.version in (current.version, current.version - 1)


def _demand_current(current: FiledResponse, amendment: Amendment) -> None:
    if amendment.version != current.version:
        text = "The response has another version by now; read it again."
        raise StaleVersionError(text, issues=[Issue("conflict", text, "http.If-Match", rule="stale-version")])
    if current.status == RETRACTED:
        text = "The response was withdrawn as entered in error; it takes no more changes."
        issue = Issue("business-rule", text, "QuestionnaireResponse.status", rule="withdrawn")
        raise NotOpenError(text, issues=[issue])


def _concerned(tx: Tx, request: Request, versions: tuple[FiledResponse, ...]) -> tuple[Enrolment, ...]:
    """Find, locked, the enrolments that the occasion asked for, and those whose newest suggestion used the answer."""
    asked = tx.occasions.enrolments_of(request.occasion_id)
    used = {version.id for version in versions}
    served = (one.id for one in tx.enrolments.running_of(request.patient_ref) if _is_used(tx, one.id, used))
    return tuple(tx.enrolments.lock(enrolment_id) for enrolment_id in sorted({*asked, *served}))


def _is_used(tx: Tx, enrolment_id: EnrolmentId, response_ids: set[ResponseId]) -> bool:
    newest = tx.suggestions.newest(enrolment_id)
    return newest is not None and bool(responses_behind(newest) & response_ids)


def _act(amendment: Amendment, response: FiledResponse) -> AuditEvent:
    entity = f"QuestionnaireResponse/{amendment.response_id}/_history/{response.version}"
    return AuditEvent("retract" if response.status == RETRACTED else "amend", entity, (response.patient_ref,))

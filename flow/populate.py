"""POPULATE: a response is begun with what is known of the patient and still valid, and says where it is known from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from delivery.content import Content
from delivery.schedule import Enrolment
from delivery.validity import validity_of
from flow.identify import UNKNOWN
from flow.relation import is_treated
from kernel.errors import NotFoundError
from kernel.ids import PatientRef
from questionnaires.build import ResponseAbout, build_response
from questionnaires.gate import check_response
from questionnaires.model import Answer, Coded, Questionnaire
from questionnaires.statuses import CHANGING_STATUSES
from scoring.history import PastResponse
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier
from security.policy import Action, allow
from store.database import Store
from store.repositories.responses import ResponseVersion
from store.transaction import Tx

Answers = Mapping[str, tuple[Answer, ...]]


@dataclass(frozen=True, slots=True)
class Populated:
    """A begun response.

    Args:
        raw: FHIR JSON, in progress, about the pseudonym.
        known: linkIds of the items that have an answer.
        source: the response that the answers are from; None if nothing is known.
    """

    raw: bytes = field(repr=False)
    known: frozenset[str]
    source: ResponseVersion | None


@dataclass(frozen=True, slots=True)
class PopulateResponse:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, questionnaire: Questionnaire, subject: PatientRef | Identifier) -> Populated:
        """Begin a response with the newest answers to the same items that are still valid.

        How long an answer is valid is what the tables of the patient's packages say, the shortest of them. Where none
        says it, and for a safety screen, nothing is known: what was answered before says nothing of today.

        Args:
            subject: pseudonym, or an identifier that the clinic knows.

        Raises:
            NotFoundError: no such patient in the actor's clinic; another clinic's looks the same, and so does one whom
                the clinic does not treat, to its staff.
        """
        allow(actor, Action.READ_RECORDS)
        if isinstance(subject, Identifier):
            allow(actor, Action.READ_IDENTIFIER)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = _patient(tx, subject)
            if is_treated(tx, patient_ref):
                return self._begun(tx, patient_ref, questionnaire)
        raise NotFoundError(UNKNOWN)

    def _begun(self, tx: Tx, patient_ref: PatientRef, questionnaire: Questionnaire) -> Populated:
        past = self._newest(tx, patient_ref, questionnaire)
        answers = {} if past is None else self._answers(tx, past, questionnaire)
        source = None if past is None else tx.responses.places({past.id})[past.id]
        tx.audit.record(AuditEvent("populate", f"Questionnaire/{questionnaire.fhir_id}", (patient_ref,)))
        about = ResponseAbout("in-progress", tx.now, subject=f"Patient/{patient_ref}")
        return Populated(build_response(questionnaire, answers, about=about), frozenset(answers), source)

    def _newest(self, tx: Tx, patient_ref: PatientRef, questionnaire: Questionnaire) -> PastResponse | None:
        """Find the newest response to any version of the questionnaire that is still valid for every package."""
        enrolments = tx.enrolments.running_of(patient_ref)
        days = [known for one in enrolments if (known := self._valid_days(one, questionnaire)) is not None]
        if not days or questionnaire.safety_screen:
            return None
        oldest = tx.now - timedelta(days=min(days))
        past = {
            one.id: one
            for enrolment in enrolments
            for one in tx.history.of(enrolment).responses
            if one.questionnaire.partition("|")[0] == questionnaire.url and one.answered_at >= oldest
        }
        return max(past.values(), key=lambda one: (one.answered_at, one.id), default=None)

    def _valid_days(self, enrolment: Enrolment, questionnaire: Questionnaire) -> int | None:
        programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
        return validity_of(self.content, programme, enrolment.slots).days.get(questionnaire.id)

    def _answers(self, tx: Tx, past: PastResponse, questionnaire: Questionnaire) -> Answers:
        registry = self.content.questionnaires
        given = check_response(tx.responses.raw(past.id), registry, statuses=CHANGING_STATUSES).answers
        before = registry.get(past.questionnaire).by_link_id
        return {
            link_id: answers
            for link_id, answers in given.items()
            if link_id in questionnaire.by_link_id
            and before[link_id].type is questionnaire.by_link_id[link_id].type
            and all(_is_offered(questionnaire, link_id, answer) for answer in answers)
        }


def _is_offered(questionnaire: Questionnaire, link_id: str, answer: Answer) -> bool:
    """Tell whether this version takes the answer: it may have other options than the one before it."""
    offered = {(one.system, one.code) for one in questionnaire.by_link_id[link_id].options}
    return not isinstance(answer, Coded) or (answer.system, answer.code) in offered


def _patient(tx: Tx, subject: PatientRef | Identifier) -> PatientRef:
    found = tx.patients.find(subject) if isinstance(subject, Identifier) else subject
    try:
        if found is not None:
            return tx.patients.identity(found).ref
    except NotFoundError:
        pass  # Told below in the words that fit: what was asked for is a Patient.
    raise NotFoundError(UNKNOWN)

"""MATCH: the request that a response fulfils, and the patient that it is about; never a guess."""

from dataclasses import dataclass, replace

from delivery.schedule import Occasion, Request
from kernel.errors import InvalidInputError, InvalidResponseError, Issue
from kernel.ids import PatientRef, RequestId
from questionnaires.model import ResponseAnswers
from security.actor import Actor, Role
from security.cpr import parse_identifier
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Matched:
    """The request that a response fulfils, within its occasion.

    Args:
        occasion: locked.
        asked: all its requests, in the order of asking.
        request: the one of them that is answered.
    """

    occasion: Occasion
    asked: tuple[Request, ...]
    request: Request


def matched_request(tx: Tx, checked: ResponseAnswers) -> Matched:
    """Find the request that the response fulfils, and lock its occasion.

    Everything is looked up inside the caller's clinic, so another clinic's request or patient is simply unknown.
    The answers of one occasion go through one by one: the last of them must see that it is the last.

    Raises:
        InvalidResponseError: the response fits none; the issue names the element.
    """
    subject = subject_of(tx, checked)
    if checked.request:
        request_id = RequestId(checked.request)
    elif subject:
        request_id = _newest_request(tx, subject, checked)
    else:
        raise _unmatched("The response names neither a request nor a subject.", "basedOn")
    occasion = tx.occasions.lock_of_request(request_id)
    if occasion is None or not _is_theirs(tx.actor, occasion):
        raise _unmatched("No such request.", "basedOn")
    asked = tx.requests.of_occasion(occasion.id)
    request = next(one for one in asked if one.id == request_id)
    _demand_fit(checked, request, subject)
    return Matched(occasion, asked, request)


def _is_theirs(actor: Actor, occasion: Occasion) -> bool:
    """Tell whether the actor may know of an occasion of the clinic: patients, and who answers for one, of one alone."""
    if actor.patient_ref is not None:
        return actor.patient_ref == occasion.patient_ref
    return actor.role is not Role.PATIENT or actor.id == occasion.patient_ref


def demand_match(tx: Tx, checked: ResponseAnswers, request: Request) -> None:
    """Refuse a response that says of itself that it belongs elsewhere than to this request.

    Raises:
        InvalidResponseError: the issue names the element.
    """
    if checked.request not in (None, request.id):
        raise _unmatched("The response belongs to another request.", "basedOn")
    _demand_fit(checked, request, subject_of(tx, checked))


def subject_of(tx: Tx, checked: ResponseAnswers) -> PatientRef | None:
    """Return the pseudonym of the subject that a response names, if it names one.

    Raises:
        InvalidResponseError: the identifier is none, or nobody of the clinic has it.
    """
    if checked.subject_identifier:
        try:
            found = tx.patients.find(parse_identifier(checked.subject_identifier[1]))
        except InvalidInputError as error:
            place = "QuestionnaireResponse.subject.identifier.value"
            issues = [replace(issue, expression=place) for issue in error.issues]
            raise InvalidResponseError(error.text, issues=issues) from error
        if found is None:
            raise _unmatched("No such subject.", "subject.identifier")
        return found
    if checked.subject:
        return PatientRef(checked.subject.removeprefix("Patient/"))
    return None


def _demand_fit(checked: ResponseAnswers, request: Request, subject: PatientRef | None) -> None:
    if subject and subject != request.patient_ref:
        raise _unmatched("The request belongs to another subject.", "subject")
    if request.questionnaire != checked.questionnaire:
        raise _unmatched("The request asks another questionnaire.", "questionnaire")


def _newest_request(tx: Tx, subject: PatientRef, checked: ResponseAnswers) -> RequestId:
    found = tx.requests.newest_for(subject, checked.questionnaire)
    if found is None:
        raise _unmatched("The subject was not asked this questionnaire.", "questionnaire")
    return found.id


def _unmatched(text: str, element: str) -> InvalidResponseError:
    issue = Issue("not-found", text, f"QuestionnaireResponse.{element}", rule="unmatched")
    return InvalidResponseError(text, issues=[issue])

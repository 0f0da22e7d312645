"""The gate: a response comes in as bytes and leaves as checked answers, or not at all."""

from itertools import chain
from types import MappingProxyType
from typing import Any

from kernel.errors import InvalidResponseError, Issue, MalformedInputError, UnknownQuestionnaireError
from questionnaires.asked import check_asked
from questionnaires.contained import check_contained, contained_ids
from questionnaires.datatypes import DATATYPES
from questionnaires.findings import Findings, Place
from questionnaires.model import ResponseAnswers
from questionnaires.plan import ResponsePlan, most_bytes_of
from questionnaires.primitives import is_string, moment_of
from questionnaires.quick import Answers, read_quick, read_quick_items
from questionnaires.references import request_of, subject_of
from questionnaires.registry import Registry
from questionnaires.statuses import ACCEPTED_STATUSES as ACCEPTED_STATUSES
from questionnaires.statuses import CHANGING_STATUSES as CHANGING_STATUSES
from questionnaires.statuses import FHIR_STATUSES, UNFINISHED_STATUSES
from questionnaires.strict_json import MOST_BYTES, decode_object, decode_proven, refuse_hidden, too_large
from questionnaires.structure import check_member, check_presence
from questionnaires.walk import Walk

RESOURCE = DATATYPES["QuestionnaireResponse"]
ROOT: Place = (None, "QuestionnaireResponse", -1)


def check_response(raw: bytes, registry: Registry, *, statuses: tuple[str, ...] = ACCEPTED_STATUSES) -> ResponseAnswers:
    """Check a submitted QuestionnaireResponse in full against its questionnaire.

    Args:
        raw: the submitted bytes.
        registry: the questionnaires that may be answered.
        statuses: that are accepted.

    Returns:
        The answers. A response that is `in-progress`, `stopped` or `entered-in-error` may leave required items open;
        every other rule holds for it too.

    Raises:
        MalformedInputError: no strict JSON, or another resource.
        UnknownQuestionnaireError: its canonical is not known, exactly, with version.
        InvalidResponseError: it breaks FHIR R4 or its questionnaire; `issues` names every fault with its element.

    Source: FHIR R4 QuestionnaireResponse; HL7 SDC 4.0.0 "validation"; docs/architecture.md section 8.
    """
    proven = decode_proven(raw, most_bytes=MOST_BYTES)
    resource = decode_object(raw, most_bytes=registry.most_bytes) if proven is None else proven
    found = _quick(resource, registry, statuses) if len(raw) <= MOST_BYTES else None
    if found is not None:
        return found
    if proven is not None:
        # The full way reads numbers with a fraction, which must not be floats.
        resource = decode_object(raw, most_bytes=registry.most_bytes)
    refuse_hidden(raw, resource)
    demand_response(resource)
    canonical = resource.get("questionnaire")
    if not is_string(canonical):
        raise _told(
            InvalidResponseError, "required", "missing-element", "questionnaire", "The response names no questionnaire."
        )
    try:
        plan = registry.plan(str(canonical))
    except UnknownQuestionnaireError as error:
        raise _told(
            UnknownQuestionnaireError, "not-found", "questionnaireNotFound", "questionnaire", error.text
        ) from None
    if len(raw) > most_bytes_of(plan):
        raise too_large(MOST_BYTES)
    return check_in_full(resource, plan, statuses, read=read_quick_items(resource, plan))


def _quick(resource: dict[str, Any], registry: Registry, statuses: tuple[str, ...]) -> ResponseAnswers | None:
    canonical = resource.get("questionnaire")
    plan = registry.find_plan(canonical) if isinstance(canonical, str) else None
    return read_quick(resource, plan, statuses) if plan is not None else None


def check_bytes(raw: bytes, plan: ResponsePlan, *, statuses: tuple[str, ...] = ACCEPTED_STATUSES) -> ResponseAnswers:
    """Check a submitted QuestionnaireResponse against a compiled questionnaire, whatever canonical it names.

    Raises:
        MalformedInputError: no strict JSON, or another resource.
        InvalidResponseError: as `check_response`.
    """
    resource = decode_object(raw, most_bytes=most_bytes_of(plan))
    found = read_quick(resource, plan, statuses)
    if found is not None:
        return found
    refuse_hidden(raw, resource)
    demand_response(resource)
    return check_in_full(resource, plan, statuses, read=read_quick_items(resource, plan))


def demand_response(resource: dict[str, Any]) -> None:
    """Refuse another resource than a QuestionnaireResponse.

    Raises:
        MalformedInputError: always with the element `resourceType`.
    """
    if resource.get("resourceType") != "QuestionnaireResponse":
        raise _told(
            MalformedInputError, "structure", "wrong-resource", "resourceType", "A QuestionnaireResponse is expected."
        )


def check_resource(
    resource: dict[str, Any], plan: ResponsePlan, *, statuses: tuple[str, ...] = ACCEPTED_STATUSES
) -> ResponseAnswers:
    """Check a decoded QuestionnaireResponse against a compiled questionnaire, whatever canonical it names.

    Raises:
        InvalidResponseError: as `check_response`.
    """
    found = read_quick(resource, plan, statuses)
    return found or check_in_full(resource, plan, statuses, read=read_quick_items(resource, plan))


def check_in_full(
    resource: dict[str, Any], plan: ResponsePlan, statuses: tuple[str, ...], *, read: Answers | None = None
) -> ResponseAnswers:
    """Check a decoded QuestionnaireResponse by the full way, which alone tells faults.

    Args:
        resource: decoded.
        plan: of its questionnaire.
        statuses: that are accepted.
        read: its items, where the short way has read them; else they are walked.

    Raises:
        InvalidResponseError: as `check_response`.
    """
    findings = Findings(contained_ids(resource))
    for name, member in resource.items():
        if name not in ("item", "contained"):
            check_member(name, member, RESOURCE, ROOT, findings)
    check_presence(resource, "QuestionnaireResponse", RESOURCE, ROOT, findings)
    status = resource.get("status")
    _check_status(status, statuses, findings)
    answers, skipped = read or _walked(resource, plan, findings)
    check_contained(resource, ROOT, findings)
    request = request_of(resource, ROOT, findings)
    if findings.issues:
        raise InvalidResponseError("The response breaks its questionnaire.", issues=findings.all())
    subject, subject_identifier = subject_of(resource)
    return ResponseAnswers(
        questionnaire=plan.questionnaire.canonical,
        status=str(status),
        authored=moment_of(resource["authored"]) if "authored" in resource else None,
        answers=MappingProxyType(answers),
        skipped=skipped,
        request=request,
        subject=subject,
        subject_identifier=subject_identifier,
    )


def _walked(resource: dict[str, Any], plan: ResponsePlan, findings: Findings) -> Answers:
    walk = Walk(plan, findings, ROOT)
    if "item" in resource:
        walk.items(resource["item"], walk.root)
    check_asked(plan, walk, findings, complete=resource.get("status") not in UNFINISHED_STATUSES)
    given = {
        link_id: answers
        for link_id, found in walk.found.items()
        if (answers := tuple(chain.from_iterable(one.answers for one in found)))
    }
    return given, frozenset(link_id for link_id, found in walk.found.items() if any(one.is_declined for one in found))


def _told(kind: type[Any], code: str, rule: str, element: str, text: str) -> Any:
    return kind(text, issues=[Issue(code, text, f"QuestionnaireResponse.{element}", rule=rule)])


def _check_status(status: Any, accepted: tuple[str, ...], findings: Findings) -> None:
    if not isinstance(status, str) or status in accepted:
        return  # A missing status, or one that is no text, is told by the structure check.
    findings.add("status-not-accepted" if status in FHIR_STATUSES else "unknown-status", (ROOT, "status", -1))

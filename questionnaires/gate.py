"""The gate: a response comes in as bytes and leaves as checked answers, or not at all."""

from types import MappingProxyType
from typing import Any

from kernel.errors import InvalidResponseError, Issue, MalformedInputError, UnknownQuestionnaireError
from questionnaires.datatypes import DATATYPES
from questionnaires.enablement import enabled
from questionnaires.findings import Findings, Place
from questionnaires.model import ItemType, ResponseAnswers
from questionnaires.plan import PlannedItem, ResponsePlan
from questionnaires.primitives import is_string, moment_of
from questionnaires.references import request_of, subject_of
from questionnaires.registry import Registry
from questionnaires.strict_json import parse_object
from questionnaires.structure import check_member, check_presence
from questionnaires.walk import Walk

RESOURCE = DATATYPES["QuestionnaireResponse"]
ROOT: Place = (None, "QuestionnaireResponse", -1)
FHIR_STATUSES = ("in-progress", "completed", "amended", "entered-in-error", "stopped")
ACCEPTED_STATUSES = ("in-progress", "completed", "amended")
CHANGING_STATUSES = (*ACCEPTED_STATUSES, "entered-in-error")
"""What a change of a filed response may say; nothing new begins as an error."""
UNFINISHED_STATUSES = ("in-progress", "entered-in-error")
"""These need not answer what is required."""


def check_response(raw: bytes, registry: Registry, *, statuses: tuple[str, ...] = ACCEPTED_STATUSES) -> ResponseAnswers:
    """Check a submitted QuestionnaireResponse in full against its questionnaire.

    Args:
        raw: the submitted bytes.
        registry: the questionnaires that may be answered.
        statuses: that are accepted.

    Returns:
        The answers. A response that is `in-progress` or `entered-in-error` may leave required items open; every other
        rule holds for it too.

    Raises:
        MalformedInputError: no strict JSON, or another resource.
        UnknownQuestionnaireError: its canonical is not known, exactly, with version.
        InvalidResponseError: it breaks FHIR R4 or its questionnaire; `issues` names every fault with its element.

    Source: FHIR R4 QuestionnaireResponse; HL7 SDC 4.0.0 "validation"; docs/architecture.md section 8.
    """
    resource = parse_object(raw)
    if resource.get("resourceType") != "QuestionnaireResponse":
        raise _told(
            MalformedInputError, "structure", "wrong-resource", "resourceType", "A QuestionnaireResponse is expected."
        )
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
    return check_resource(resource, plan, statuses=statuses)


def check_resource(
    resource: dict[str, Any], plan: ResponsePlan, *, statuses: tuple[str, ...] = ACCEPTED_STATUSES
) -> ResponseAnswers:
    """Check a decoded QuestionnaireResponse against a compiled questionnaire, whatever canonical it names.

    Raises:
        InvalidResponseError: as `check_response`.
    """
    findings = Findings()
    for name, member in resource.items():
        if name != "item":
            check_member(name, member, RESOURCE, ROOT, findings)
    check_presence(resource, "QuestionnaireResponse", RESOURCE, ROOT, findings)
    status = resource.get("status")
    _check_status(status, statuses, findings)
    walk = Walk(plan, findings)
    if "item" in resource:
        walk.items(resource["item"], None, ROOT)
    _check_asked(plan, walk, findings, complete=status not in UNFINISHED_STATUSES)
    request = request_of(resource, ROOT, findings)
    if findings.issues:
        raise InvalidResponseError("The response breaks its questionnaire.", issues=findings.all())
    subject, subject_identifier = subject_of(resource)
    return ResponseAnswers(
        questionnaire=plan.questionnaire.canonical,
        status=str(status),
        authored=moment_of(resource["authored"]) if "authored" in resource else None,
        answers=MappingProxyType(walk.answers),
        skipped=frozenset(walk.skipped),
        request=request,
        subject=subject,
        subject_identifier=subject_identifier,
    )


def _told(kind: type[Any], code: str, rule: str, element: str, text: str) -> Any:
    return kind(text, issues=[Issue(code, text, f"QuestionnaireResponse.{element}", rule=rule)])


def _check_status(status: Any, accepted: tuple[str, ...], findings: Findings) -> None:
    if not isinstance(status, str) or status in accepted:
        return  # A missing status, or one that is no text, is told by the structure check.
    findings.add("status-not-accepted" if status in FHIR_STATUSES else "unknown-status", (ROOT, "status", -1))


def _check_asked(plan: ResponsePlan, walk: Walk, findings: Findings, *, complete: bool) -> None:
    """Check what only the whole can tell: answers to items that were not asked, and required items left open."""
    if not plan.conditional and not plan.demanding:
        return
    asked = {item.link_id for item in enabled(plan.questionnaire, walk.answers)}
    for planned in plan.items.values():
        if planned.item.link_id not in asked:
            if not _hangs_on_refused(planned, plan, walk):
                _check_silent(planned, walk, findings)
        elif complete and planned.item.required and not _is_answered(planned, plan, walk):
            findings.add("required", _place_of(planned, walk), planned.item.link_id)


def _check_silent(planned: PlannedItem, walk: Walk, findings: Findings) -> None:
    link_id = planned.item.link_id
    if link_id in walk.answers or link_id in walk.skipped:
        findings.add("not-enabled", (walk.places[link_id], "answer", -1), link_id)


def _hangs_on_refused(planned: PlannedItem, plan: ResponsePlan, walk: Walk) -> bool:
    """Tell whether a refused answer decides about this item: then its absence from the asked ones proves nothing."""
    around = plan.items[planned.parent] if planned.parent is not None else None
    return (
        any(condition.question in walk.refused for condition in planned.item.enable_when)
        or any(_hangs_on_refused(plan.items[one.question], plan, walk) for one in planned.item.enable_when)
        or (around is not None and (around.item.link_id in walk.refused or _hangs_on_refused(around, plan, walk)))
    )


def _is_answered(planned: PlannedItem, plan: ResponsePlan, walk: Walk) -> bool:
    """Tell whether a required item has what it needs; a refused answer has been told already."""
    if planned.item.link_id in walk.answers or planned.item.link_id in walk.refused:
        return True
    return planned.item.type is ItemType.GROUP and any(
        _is_answered(plan.items[inner.link_id], plan, walk) for inner in planned.item.items
    )


def _place_of(planned: PlannedItem, walk: Walk) -> Place:
    """Find the nearest element that exists: the item, else the one around it, else the list that lacks it."""
    if planned.item.link_id in walk.places:
        return walk.places[planned.item.link_id]
    around = walk.places.get(planned.parent or "", ROOT)
    return (around, "item", -1)

"""Enrolment by CarePlan: a practice system or plan service posts a plan that instantiates one of our programmes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fhir.resources.R4B.careplan import CarePlan
from flask import Response, request
from pydantic import ValidationError

from delivery.recurrence import danish_date
from flow.care_plan import CarePlanOrder, EnrolByCarePlan
from flow.record import RecordKind
from flow.records import Records
from kernel.errors import InvalidInputError, Issue, MalformedInputError
from questionnaires.strict_json import parse_object
from security.policy import Action, may
from web.auth import current_actor
from web.fhir.answers import address, answered, returned
from web.fhir.negotiation import demand_resource
from web.fhir.patients import SYSTEMS
from web.fhir.resources import resource_of_plan

MOST_ISSUES = 100


@dataclass(frozen=True, slots=True)
class CarePlanDoor:
    """The view."""

    enrol: EnrolByCarePlan
    records: Records

    def create(self) -> Response:
        """Enrol the subject; the plan of the enrolment is at the address that is told."""
        demand_resource(request)
        actor = current_actor()
        enrolled = self.enrol(actor, care_plan_order(request.get_data()))

        def shown() -> str:
            if not may(actor, Action.READ_RECORDS):
                return ""
            return resource_of_plan(self.records.read(actor, RecordKind.PLAN, enrolled.enrolment_id))

        response = answered(returned(shown), 201)
        response.headers["Location"] = f"{address()}/CarePlan/{enrolled.enrolment_id}"
        return response


def care_plan_order(raw: bytes) -> CarePlanOrder:
    """Read what a submitted CarePlan asks for.

    Raises:
        MalformedInputError: no strict JSON, or another resource.
        InvalidInputError: it breaks FHIR R4, or says nothing that can be done; the element is named.
    """
    body = parse_object(raw)
    if body.get("resourceType") != "CarePlan":
        text = "A CarePlan is expected."
        raise MalformedInputError(text, issues=[Issue("structure", text, "CarePlan", rule="wrong-resource")])
    plan = _read(body)
    if plan.status not in ("draft", "active") or plan.intent not in ("plan", "order", "proposal"):
        element = "CarePlan.intent" if plan.status in ("draft", "active") else "CarePlan.status"
        raise _refused("business-rule", "Only a plan that is to begin enrols anybody.", element)
    identifier = plan.subject.identifier
    if identifier is None or not identifier.value:
        raise _refused("required", "The subject is named by a personal identifier.", "CarePlan.subject.identifier")
    if identifier.system and identifier.system not in SYSTEMS.values():
        text = "The subject is named by CPR number or replacement number."
        raise _refused("value", text, "CarePlan.subject.identifier.system")
    return CarePlanOrder(
        identifier=identifier.value,
        name=plan.subject.display or "",
        instantiates=tuple(plan.instantiatesCanonical or ()),
        start=_start(plan),
    )


def _read(body: Mapping[str, Any]) -> Any:
    try:
        return CarePlan.model_validate(body)
    except ValidationError as error:
        issues = [_issue(one["loc"]) for one in error.errors(include_input=False, include_context=False)[:MOST_ISSUES]]
        raise InvalidInputError("The CarePlan breaks FHIR R4.", issues=issues) from None


def _issue(place: tuple[int | str, ...]) -> Issue:
    """Name the element and nothing else: the library's words repeat what was sent."""
    path = "CarePlan"
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step.isascii() and step.isidentifier():
            path += f".{step}"
    return Issue("structure", "The element is not as FHIR R4 has it.", path, rule="not-r4")


def _start(plan: Any) -> date | None:
    start = plan.period.start if plan.period else None
    if isinstance(start, datetime):
        return danish_date(start)
    return start if isinstance(start, date) else None


def _refused(code: str, text: str, element: str) -> InvalidInputError:
    return InvalidInputError(text, issues=[Issue(code, text, element, rule="care-plan")])

"""Foreign questionnaires, as small as they can be, and what the gate says of their responses."""

import json
from typing import Any

from kernel.errors import ContentError, InvalidInputError
from questionnaires.gate import check_bytes
from questionnaires.model import Questionnaire, ResponseAnswers
from questionnaires.plan import ResponsePlan, plan_of
from questionnaires.reading import read_questionnaire

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
UCUM = "http://unitsofmeasure.org"
SYSTEM = "https://svarbro.example/fhir/CodeSystem/any"


def q(link_id: str, kind: str, *extensions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, **({"extension": list(extensions)} if extensions else {}), **more}


def ext(name: str, kind: str, value: Any, base: str = FHIR) -> dict[str, Any]:
    return {"url": f"{base}{name}", f"value{kind}": value}


def coded(code: str, **more: Any) -> dict[str, Any]:
    return {"valueCoding": {"system": SYSTEM, "code": code, **more}}


def when(question: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    return {"question": question, "operator": operator, f"answer{kind}": value}


def resource(*items: dict[str, Any], **more: Any) -> bytes:
    fields = {"resourceType": "Questionnaire", "status": "active", "item": list(items), **more}
    return json.dumps({name: value for name, value in fields.items() if value not in (None, [])}).encode()


def read(*items: dict[str, Any], **more: Any) -> Questionnaire:
    return read_questionnaire(resource(*items, **more), "any.json")


def form(*items: dict[str, Any], **more: Any) -> ResponsePlan:
    return plan_of(read(*items, **more))


def unread(*items: dict[str, Any], **more: Any) -> str:
    """Why a questionnaire is refused; empty if it is read."""
    try:
        read(*items, **more)
    except ContentError as error:
        return error.text
    return ""


def a(link_id: str, *values: Any, **more: Any) -> dict[str, Any]:
    """An item with answers: (kind, value) pairs, or whole answers."""
    answers = [value if isinstance(value, dict) else {f"value{value[0]}": value[1]} for value in values]
    return {"linkId": link_id, "answer": answers, **more}


def g(link_id: str, *inner: dict[str, Any]) -> dict[str, Any]:
    return {"linkId": link_id, **({"item": list(inner)} if inner else {})}


def response(*items: dict[str, Any], **more: Any) -> bytes:
    fields = {"resourceType": "QuestionnaireResponse", "questionnaire": "https://any.example|1", "status": "completed"}
    return json.dumps({**fields, **({"item": list(items)} if items else {}), **more}, ensure_ascii=False).encode()


def check(plan: ResponsePlan, *items: dict[str, Any], **more: Any) -> ResponseAnswers:
    return check_bytes(response(*items, **more), plan)


def faults(plan: ResponsePlan, *items: dict[str, Any], **more: Any) -> list[tuple[str | None, str, str | None]]:
    """(rule, place without the resource's name, linkId) of each fault; empty if the response passes."""
    try:
        check(plan, *items, **more)
    except InvalidInputError as error:
        told = [(one.rule, one.expression or "", one.link_id) for one in error.issues]
        return [(rule, place.removeprefix("QuestionnaireResponse."), link_id) for rule, place, link_id in told]
    return []


def rules(plan: ResponsePlan, *items: dict[str, Any], **more: Any) -> list[str | None]:
    return [rule for rule, _, _ in faults(plan, *items, **more)]

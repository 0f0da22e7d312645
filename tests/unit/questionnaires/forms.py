"""Small questionnaires and responses for tests."""

import json
from typing import Any

from kernel.errors import InvalidInputError
from questionnaires.definition import compile_questionnaire
from questionnaires.gate import check_response
from questionnaires.model import Questionnaire, ResponseAnswers
from questionnaires.registry import Registry

URL = "https://svarbro.example/fhir/Questionnaire/small"
SYSTEM = "https://svarbro.example/fhir/CodeSystem/small"
DECLINED = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}]
}


def english(text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}]}


def item(link_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "text": f"Om {link_id}", "_text": english(f"About {link_id}"), "type": kind, **more}


def integer(link_id: str, low: int | None = 0, high: int | None = 10, **more: Any) -> dict[str, Any]:
    bounds = [(name, value) for name, value in (("minValue", low), ("maxValue", high)) if value is not None]
    extensions = [
        {"url": f"http://hl7.org/fhir/StructureDefinition/{name}", "valueInteger": value} for name, value in bounds
    ]
    return item(link_id, "integer", **({"extension": extensions} if extensions else {}), **more)


def option(code: str, points: int | None, weight: str = "ordinalValue") -> dict[str, Any]:
    coding = {"valueCoding": {"system": SYSTEM, "code": code, "display": f"Svar {code}"}}
    if points is None:
        return coding
    extension = {"url": f"http://hl7.org/fhir/StructureDefinition/{weight}", "valueDecimal": points}
    return {"extension": [extension], **coding}


def value_set(name: str, *points: int) -> dict[str, Any]:
    """A contained value set that lists the same codes as `choice`, with English as a designation."""
    concepts = [
        {
            "code": str(one),
            "display": f"Svar {one}",
            "designation": [{"language": "en", "value": f"Answer {one}"}],
            "extension": option(str(one), one)["extension"],
        }
        for one in points
    ]
    compose = {"include": [{"system": SYSTEM, "concept": concepts}]}
    return {"resourceType": "ValueSet", "id": name, "status": "active", "compose": compose}


def choice(link_id: str, *points: int, **more: Any) -> dict[str, Any]:
    return item(link_id, "choice", answerOption=[option(str(one), one) for one in points], **more)


def when(question: str, operator: str = "=", *, answer: Any = True) -> dict[str, Any]:
    kind = "answerBoolean" if isinstance(answer, bool) else "answerInteger"
    kind = "answerCoding" if isinstance(answer, dict) else kind
    return {"question": question, "operator": operator, kind: answer}


def definition(*items: dict[str, Any], **more: Any) -> bytes:
    fields = {
        "resourceType": "Questionnaire",
        "id": "small-1.0.0",
        "url": URL,
        "version": "1.0.0",
        "title": "Lille skema",
        "_title": english("Small form"),
        "status": "active",
        "copyright": "ours",
        "item": list(items),
        **more,
    }
    return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()


def questionnaire(*items: dict[str, Any], **more: Any) -> Questionnaire:
    return compile_questionnaire(definition(*items, **more), "small.json")


def registry(*items: dict[str, Any], **more: Any) -> Registry:
    known = questionnaire(*items, **more)
    return Registry({known.canonical: known})


def answered(link_id: str, *answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "answer": list(answers), **more}


def coding(code: str, system: str = SYSTEM, **more: Any) -> dict[str, Any]:
    return {"valueCoding": {"system": system, "code": code, **more}}


def response(*items: Any, **more: Any) -> dict[str, Any]:
    fields = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{URL}|1.0.0",
        "status": "completed",
        "item": list(items) or None,
        **more,
    }
    return {name: value for name, value in fields.items() if value is not None}


def raw(resource: Any) -> bytes:
    return json.dumps(resource, ensure_ascii=False).encode()


def check(known: Registry, *items: Any, **more: Any) -> ResponseAnswers:
    return check_response(raw(response(*items, **more)), known)


def faults(known: Registry, *items: Any, **more: Any) -> list[tuple[str | None, str | None, str | None]]:
    """(rule, expression, linkId) of every issue; empty if the response passes."""
    try:
        check(known, *items, **more)
    except InvalidInputError as error:
        return [(one.rule, one.expression, one.link_id) for one in error.issues]
    return []


def rules(known: Registry, *items: Any, **more: Any) -> list[str | None]:
    return [rule for rule, _, _ in faults(known, *items, **more)]


FORM = registry(
    item("b", "boolean"),
    integer("n"),
    choice("c", 0, 1, 2),
    item("s", "string", maxLength=5),
    item("t", "text"),
    item("d", "display"),
    item("g", "group", item=[item("gb", "boolean"), item("gn", "boolean")]),
)

"""Answers for the demo: every question of a FHIR Questionnaire answered mildly, but for those that a step names."""

from collections.abc import Mapping
from typing import Any

ENABLE = {"=": lambda left, right: left == right, "!=": lambda left, right: left != right}


def mild_items(questionnaire: Mapping[str, Any], worse: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Answer the questions of a Questionnaire resource, in order.

    Args:
        questionnaire: as read from the FHIR door.
        worse: linkId -> the answer's value where it is not the mildest: a yes/no, a number, or the code of an option.
    """
    given: dict[str, Any] = {}
    items = []
    for item in questionnaire["item"]:
        if item["type"] == "display" or not _is_asked(item, given):
            continue
        name, value, plain = _answer(item, worse.get(item["linkId"]))
        given[item["linkId"]] = plain
        items.append({"linkId": item["linkId"], "answer": [{name: value}]})
    return items


def _is_asked(item: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    conditions = [
        ENABLE[one["operator"]](given.get(one["question"]), one["answerBoolean"]) for one in item.get("enableWhen", ())
    ]
    return not conditions or (any if item.get("enableBehavior") == "any" else all)(conditions)


def _answer(item: Mapping[str, Any], worse: Any) -> tuple[str, Any, Any]:
    """Return the element's name, its value, and the value that conditions compare."""
    kind = item["type"]
    if kind == "boolean":
        return "valueBoolean", bool(worse), bool(worse)
    if kind == "integer":
        return "valueInteger", int(worse or 0), int(worse or 0)
    if kind == "choice":
        codings = [option["valueCoding"] for option in item["answerOption"]]
        chosen = next((one for one in codings if one["code"] == str(worse)), codings[0])
        return "valueCoding", {"system": chosen["system"], "code": chosen["code"]}, chosen["code"]
    return "valueString", str(worse or "gå en tur"), worse

"""A published form as the gate proof reads it: from the JSON alone, without the code that it judges."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SENDABLE = (
    *("kol-status", "cat", "mmrc", "lrs-flags", "startback", "nrs-pain", "rmdq23", "odi", "psfs", "ompsq10"),
    *("shk-draft", "hls19-q12"),
)
"""What the default programmes ask."""
DEFINITIONS = Path(__file__).parents[2] / "questionnaires" / "definitions"
MIN_VALUE, MAX_VALUE = (f"http://hl7.org/fhir/StructureDefinition/{name}Value" for name in ("min", "max"))
KEY = {"boolean": "valueBoolean", "integer": "valueInteger", "string": "valueString", "choice": "valueCoding"}


@dataclass(frozen=True, slots=True)
class Question:
    """One item.

    Args:
        link_id, type, text: as published.
        codings: of a choice, its options.
        low, high: ends of a whole number.
        longest: of a text, in characters.
        when: its conditions as (linkId, operator, wanted).
        one_is_enough: one condition of several opens it.
    """

    link_id: str
    type: str
    text: str
    codings: tuple[Mapping[str, Any], ...]
    low: int
    high: int
    longest: int
    when: tuple[tuple[str, str, Any], ...]
    one_is_enough: bool

    def is_asked(self, given: Mapping[str, Any]) -> bool:
        """Tell whether it is asked after the answers so far."""
        if not self.when:
            return True
        held = [_holds(given.get(question), operator, wanted) for question, operator, wanted in self.when]
        return any(held) if self.one_is_enough else all(held)


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Args:
        name: short name.
        canonical: `url|version`.
        questions: in order; displays are among them, and none is nested.
    """

    name: str
    canonical: str
    questions: tuple[Question, ...]

    def position(self, link_id: str) -> int:
        """Tell the place of an item in the form, from 0."""
        return next(place for place, one in enumerate(self.questions) if one.link_id == link_id)

    def question(self, link_id: str) -> Question:
        """Find an item."""
        return self.questions[self.position(link_id)]


@cache
def form(name: str) -> Form:
    """Read a published form by its short name."""
    read = json.loads((DEFINITIONS / f"{name}-2.0.0.json").read_text(encoding="utf-8"))
    return Form(name, f"{read['url']}|{read['version']}", tuple(_question(item) for item in read["item"]))


def _question(item: Mapping[str, Any]) -> Question:
    if item["type"] not in {*KEY, "display"} or {"item", "required", "repeats", "readOnly"} & item.keys():
        raise NotImplementedError(item["linkId"])
    ends = {
        one["url"]: one["valueInteger"] for one in item.get("extension", ()) if one["url"] in (MIN_VALUE, MAX_VALUE)
    }
    return Question(
        item["linkId"],
        item["type"],
        item.get("text", ""),
        tuple({k: option["valueCoding"][k] for k in ("system", "code", "display")} for option in _options(item)),
        ends.get(MIN_VALUE, 0),
        ends.get(MAX_VALUE, 0),
        item.get("maxLength", 0),
        tuple((one["question"], one["operator"], one["answerBoolean"]) for one in item.get("enableWhen", ())),
        item.get("enableBehavior") == "any",
    )


def _options(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    options: list[Mapping[str, Any]] = item.get("answerOption", [])
    return options


def _holds(answer: Any, operator: str, wanted: Any) -> bool:
    if operator == "exists":
        return bool(wanted) == (answer is not None)
    if operator != "=":
        raise NotImplementedError(operator)
    return bool(answer is wanted)

"""Observation-based extraction: which items of a Questionnaire become Observations, and with which values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
EXTRACT = f"{SDC}/sdc-questionnaire-observationExtract"
CATEGORY = f"{SDC}/sdc-questionnaire-observation-extract-category"
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
AS_THEY_ARE = ("valueBoolean", "valueDateTime", "valueTime", "valueString", "valueQuantity")


@dataclass(frozen=True, slots=True)
class ExtractedItem:
    """One item whose answers become Observations.

    Args:
        code: codings of the item.
        category: CodeableConcepts that it or what is around it states.
        unit: coding of the unit of a number, if it has one.
    """

    code: Sequence[Mapping[str, Any]]
    category: Sequence[Mapping[str, Any]] = ()
    unit: Mapping[str, Any] | None = None

    def value(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Turn an answer into the value of an Observation; empty where Observations have no such value."""
        for name, value in answer.items():
            if name in AS_THEY_ARE:
                return {name: value}
            if name == "valueCoding":
                return {"valueCodeableConcept": {"coding": [value]}}
            if name in ("valueInteger", "valueDecimal"):
                return self._number(name, value)
            if name == "valueDate":
                return {"valueDateTime": value}
            if name == "valueUri":
                return {"valueString": value}
        return {}

    def _number(self, name: str, value: Any) -> dict[str, Any]:
        if self.unit is not None:
            unit = self.unit
            told = {"unit": unit.get("display"), "system": unit.get("system"), "code": unit.get("code")}
            return {"valueQuantity": {"value": value, **told}}
        # An Observation knows whole numbers, but no bare decimal.
        return {name: value} if name == "valueInteger" else {"valueQuantity": {"value": value}}


def extracted_items(source: bytes) -> Mapping[str, ExtractedItem]:
    """Find the items that are to be extracted, by linkId.

    An item is extracted if it, or the nearest around it that says anything of it, is flagged, and if it has a code.

    Args:
        source: of the Questionnaire.

    Source: HL7 SDC 4.0.0, observation-based extraction.
    """
    questionnaire = json.loads(source)
    return dict(_found(questionnaire.get("item", ()), _NOTHING.inside(questionnaire)))


@dataclass(frozen=True, slots=True)
class _Stated:
    """What is stated of all items inside an element, unless they state it themselves."""

    is_flagged: bool
    categories: Sequence[Mapping[str, Any]]

    def inside(self, element: Mapping[str, Any]) -> "_Stated":
        # A code, such as `independent`, asks for extraction as true does.
        is_flagged = next(_values(element, EXTRACT), self.is_flagged) is not False
        return _Stated(is_flagged, list(_values(element, CATEGORY)) or self.categories)


_NOTHING = _Stated(is_flagged=False, categories=())


def _found(items: Sequence[Mapping[str, Any]], around: _Stated) -> Iterator[tuple[str, ExtractedItem]]:
    for item in items:
        stated = around.inside(item)
        if stated.is_flagged and item.get("code"):
            unit = next(_values(item, UNIT), None)
            yield item["linkId"], ExtractedItem(item["code"], stated.categories, unit)
        yield from _found(item.get("item", ()), stated)


def _values(element: Mapping[str, Any], url: str) -> Iterator[Any]:
    for extension in element.get("extension", ()):
        if extension.get("url") == url:
            yield from (value for name, value in extension.items() if name.startswith("value"))


def answers_of(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Walk the answers of a response, nested ones too, each with the linkId of its item, in order."""
    for item in items:
        for answer in item.get("answer", ()):
            yield item["linkId"], answer
            yield from answers_of(answer.get("item", ()))
        yield from answers_of(item.get("item", ()))

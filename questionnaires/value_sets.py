"""The codes of a ValueSet that a Questionnaire brings along, where they are written out; none is looked up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Option, Text
from questionnaires.vocabulary import TRANSLATION

LISTED = ("system", "version", "concept", "id", "extension")


@dataclass(frozen=True, slots=True)
class Concept:
    """One code of a value set.

    Args:
        fields: `code`, `display`, `designation` and extensions, as they stand.
    """

    system: str
    version: str
    fields: Fields

    @property
    def option(self) -> Option:
        """The code as something to choose; without points, which only our own definitions give."""
        code = self.fields.text("code")
        return Option(self.system, code, Text(str(self.fields.raw.get("display", code))), None, self.version)

    @property
    def answer_option(self) -> dict[str, Any]:
        """The code as `answerOption` has it, with its extensions and its translations."""
        raw = self.fields.raw
        coding = {"system": self.system, "version": self.version, "code": raw["code"]}
        coding |= {name: raw[name] for name in ("display", "_display") if name in raw}
        said = [_translation(one) for one in self.fields.parts("designation") if "language" in one]
        if said and "_display" not in coding:
            coding["_display"] = {"extension": said}
        option: dict[str, Any] = {"valueCoding": {name: value for name, value in coding.items() if value}}
        return option | ({"extension": raw["extension"]} if "extension" in raw else {})


class ValueSets:
    """The value sets that a Questionnaire contains.

    Args:
        contained: `contained` of the Questionnaire.
        where: for messages.
    """

    def __init__(self, contained: Sequence[Fields]) -> None:
        self._known: dict[str, Fields] = {}
        for fields in contained:
            if fields.raw.get("resourceType") == "ValueSet":
                self._known |= dict(_names(fields))

    def options(self, canonical: str, where: str) -> tuple[Option, ...]:
        """List the codes of a value set as something to choose from; see `concepts`."""
        return tuple(one.option for one in self.concepts(canonical, where))

    def concepts(self, canonical: str, where: str) -> tuple[Concept, ...]:
        """List the codes of a value set.

        Args:
            canonical: `#id` of a contained one, or its `url` or `url|version`.
            where: item and element that name it, for messages.

        Raises:
            ContentError: it is not contained, or its codes are not written out.
        """
        fields = self._known.get(canonical)
        if fields is None:
            raise ContentError(f"{where}: the value set is not contained in the questionnaire, and none is looked up")
        for name in ("modifierExtension", "implicitRules"):
            if name in fields:
                raise ContentError(f"{where}: {name} of the value set is not supported")
        found = _expanded(fields, where) if "expansion" in fields else _composed(fields, where)
        concepts = {_key(one): one for one in found}
        if not concepts:
            raise ContentError(f"{where}: the value set is empty")
        return tuple(concepts.values())


def written_out(resource: dict[str, Any], where: str) -> dict[str, Any]:
    """Write the codes of contained value sets into the items that name them, as `answerOption`.

    Args:
        resource: a Questionnaire; it stays as it is.
        where: for messages.

    Raises:
        ContentError: as for `ValueSets.concepts`.
    """
    value_sets = ValueSets(Fields(resource, where).parts("contained"))
    return {**resource, "item": _all_written_out(resource.get("item", ()), value_sets, where)}


def _all_written_out(items: Any, value_sets: ValueSets, where: str) -> list[dict[str, Any]]:
    return [_written_out(one, value_sets, where) for one in items if isinstance(one, dict)]


def _written_out(item: dict[str, Any], value_sets: ValueSets, where: str) -> dict[str, Any]:
    made = {name: value for name, value in item.items() if name != "answerValueSet"}
    if "answerValueSet" in item:
        told = f"{where}: {item.get('linkId')}: answerValueSet"
        made["answerOption"] = [one.answer_option for one in value_sets.concepts(str(item["answerValueSet"]), told)]
    if "item" in item:
        made["item"] = _all_written_out(item["item"], value_sets, where)
    return made


def _names(fields: Fields) -> Iterator[tuple[str, Fields]]:
    told: Mapping[str, object] = fields.raw
    if "id" in told:
        yield f"#{told['id']}", fields
    if "url" in told:
        yield str(told["url"]), fields
        if "version" in told:
            yield f"{told['url']}|{told['version']}", fields


def _expanded(fields: Fields, where: str) -> list[Concept]:
    expansion = fields.part("expansion")
    found = list(_contains(expansion))
    total = expansion.raw.get("total", len(found))
    if total != len(found) or expansion.raw.get("offset", 0) != 0:
        raise ContentError(f"{where}: the expansion of the value set is not the whole of it")
    return found


def _contains(fields: Fields) -> Iterator[Concept]:
    for part in fields.parts("contains"):
        if not part.flag("abstract") and "code" in part:
            yield Concept(part.text("system"), "", part)
        yield from _contains(part)


def _composed(fields: Fields, where: str) -> list[Concept]:
    compose = fields.part("compose")
    left_out = {_key(one) for part in compose.parts("exclude") for one in _listed(part, where)}
    included = [one for part in compose.parts("include") for one in _listed(part, where)]
    return [one for one in included if _key(one) not in left_out]


def _key(concept: Concept) -> tuple[str, str]:
    return concept.system, concept.fields.text("code")


def _listed(part: Fields, where: str) -> Iterator[Concept]:
    if set(part.raw) - set(LISTED) or not part.parts("concept"):
        raise ContentError(f"{where}: the value set does not write its codes out, and no terminology is looked up")
    for concept in part.parts("concept"):
        yield Concept(part.text("system"), str(part.raw.get("version", "")), concept)


def _translation(designation: Fields) -> dict[str, Any]:
    parts = [
        {"url": "lang", "valueCode": designation.text("language")},
        {"url": "content", "valueString": designation.text("value")},
    ]
    return {"url": TRANSLATION, "extension": parts}

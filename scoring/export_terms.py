"""Writes in plain FHIRPath what a score counts: how many of its items are answered, and how many points they make.

Only functions of the FHIRPath specification are used, no `weight()` or `ordinal()` and no %questionnaire, so that every
renderer with FHIRPath gives the same number: points are counted code by code, as the rule gives them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.errors import SvarbroError
from scoring.rule import ScoredItem


class NotExpressibleError(SvarbroError):
    """This score cannot be written as an expression; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in a questionnaire.

    Args:
        path: FHIRPath to the list of items that it is in, in a response.
        type: FHIR item type.
        codes: of its options.
        asked_if: linkIds that its condition, or that of an item around it, looks at; empty if it is always asked.
    """

    path: str
    type: str
    codes: tuple[str, ...]
    asked_if: tuple[str, ...]


def places(
    items: Iterable[Mapping[str, Any]], path: str = "%resource", asked_if: tuple[str, ...] = ()
) -> dict[str, Place]:
    """Find every item of a Questionnaire by linkId.

    Args:
        items: `item` of the resource.
        path: FHIRPath to what they are in.
        asked_if: conditions of what they are in.
    """
    found: dict[str, Place] = {}
    for item in items:
        conditions = (*asked_if, *(when["question"] for when in item.get("enableWhen", ())))
        codes = tuple(
            option["valueCoding"]["code"] for option in item.get("answerOption", ()) if "valueCoding" in option
        )
        found[item["linkId"]] = Place(f"{path}.item", item["type"], codes, conditions)
        inside = f"{path}.item.where(linkId = {literal(item['linkId'])})" + (
            ".answer" if item["type"] != "group" else ""
        )
        found.update(places(item.get("item", ()), inside, conditions))
    return found


def literal(code: str) -> str:
    """Write a text as FHIRPath does."""
    escaped = code.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@dataclass(frozen=True, slots=True)
class Alike:
    """Items of one list that take the same answers for the same points.

    Args:
        place: of the first of them.
        points: code -> points; empty for yes/no and counts.
        link_ids: of all, in order.
    """

    place: Place
    points: tuple[tuple[str, int], ...]
    link_ids: tuple[str, ...]

    def given(self) -> str:
        """Give what was answered to all of them: codes, yes/no, or a count."""
        answers = f"{self.place.path}.where({among('linkId', self.link_ids)}).answer.value"
        return f"{answers}.code" if self.place.type == "choice" else answers

    def answered(self, given: str) -> str:
        """Count those that have points.

        Args:
            given: how to read what `given` gives.
        """
        known = [code for code, _ in self.points]
        if self.place.type != "choice" or set(known) == set(self.place.codes):
            return f"{given}.count()"
        return _having(given, known)

    def total(self, given: str) -> list[str]:
        """Add their points up; the terms are to be summed.

        Args:
            given: how to read what `given` gives.

        Raises:
            NotExpressibleError: more than one count.
        """
        if self.place.type == "boolean":
            return [f"{given}.where($this = true).count()"]
        if self.place.type == "integer":
            if len(self.link_ids) > 1:
                raise NotExpressibleError("it adds several counts up")
            return [f"iif({given}.exists(), {given}, 0)"]
        worth: dict[int, list[str]] = {}
        for code, points in self.points:
            if points:
                worth.setdefault(points, []).append(code)
        return [_times(points, _having(given, codes)) for points, codes in sorted(worth.items())]


def _having(given: str, codes: Sequence[str]) -> str:
    return f"{given}.where({among('$this', codes)}).count()"


def among(what: str, codes: Sequence[str]) -> str:
    """Write that something is one of these texts."""
    if len(codes) == 1:
        return f"{what} = {literal(codes[0])}"
    return f"{what} in ({' | '.join(literal(code) for code in codes)})"


def _times(points: int, counted: str) -> str:
    return counted if points == 1 else f"{points} * {counted}"


def alike(items: Sequence[ScoredItem], where: Mapping[str, Place]) -> list[Alike]:
    """Put items together that take the same answers for the same points.

    Raises:
        NotExpressibleError: an item that is no choice, yes/no or count.
    """
    groups: dict[tuple[str, str, tuple[str, ...], tuple[tuple[str, int], ...]], list[str]] = {}
    for item in items:
        place = where[item.link_id]
        if place.type not in ("choice", "boolean", "integer"):
            raise NotExpressibleError(f"it reads {item.link_id}, which is a {place.type}")
        points = tuple((code, points) for (_, code), points in item.points.items())
        groups.setdefault((place.path, place.type, place.codes, points), []).append(item.link_id)
    return [Alike(where[names[0]], key[3], tuple(names)) for key, names in groups.items()]

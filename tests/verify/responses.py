"""FHIR responses that stand on both sides of every edge of an instrument, and random ones with gaps."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from random import Random
from typing import Any

from questionnaires.model import ItemType, Questionnaire
from tests.oracle.reading import Answers, Given, Instrument, Params, Told
from tests.oracle.vectors import anything, is_asked, walk
from tests.proof.extent import FULL

Kinds = dict[str, tuple[str | None, bool]]
DECLINED = {
    "extension": [
        {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"},
    ]
}
VALUES = {ItemType.BOOLEAN: "valueBoolean", ItemType.INTEGER: "valueInteger", ItemType.STRING: "valueString"}


def edges(instrument: Instrument, params: Params, random: Random, *, whole: bool) -> Iterator[dict[str, Given]]:
    """Walk from the lowest to the highest answers with each number of gaps, and keep both sides of every change.

    A change is another band or category, or that a score becomes computable or stops being so.

    Args:
        instrument: to walk through.
        params: of its rule.
        random: which items are gaps, and which answer rises next.
        whole: with each number of gaps; else every change of every score once.
    """
    seen: set[tuple[str, object, object]] = set()
    lowest: Kinds = {}
    for missing in range(len(instrument.items) + 1):
        climbed = [*walk(instrument, random, missing)]
        kinds = [_kinds(instrument.score(given, params)) for given in climbed]
        if whole or kinds[0] != lowest:
            yield climbed[0]
        lowest = kinds[0]
        for place, (before, after) in enumerate(pairwise(kinds)):
            changes = {(name, before[name], after[name]) for name in before if before[name] != after[name]}
            if changes and (whole or changes - seen):
                seen |= changes
                yield from climbed[place : place + 2]
        if whole or missing == 0:
            yield climbed[-1]


def _kinds(told: Mapping[str, Told]) -> Kinds:
    return {name: (one.band, one.value is None) for name, one in told.items() if name != "profile"}


def vectors(instrument: Instrument, params: Params, drawn: int, seed: int) -> tuple[list[dict[str, Given]], int]:
    """Give the answers to try, and how many of them stand at an edge."""
    random = Random(f"{instrument.id} {seed}")
    at_edges = _distinct(edges(instrument, params, random, whole=FULL))
    return at_edges + [anything(instrument, random) for _ in range(drawn)], len(at_edges)


def _distinct(given: Iterator[dict[str, Given]]) -> list[dict[str, Given]]:
    return list({tuple(one.items()): one for one in given}.values())


def response(questionnaire: Questionnaire, instrument: Instrument, given: Answers, *, declined: bool) -> dict[str, Any]:
    """Write answers as a completed QuestionnaireResponse.

    Args:
        questionnaire: that is answered.
        instrument: its form.
        given: the answers.
        declined: asked items without answer are left out by saying so; else they are not there at all.
    """
    items = []
    for asked in instrument.items:
        item = {"linkId": asked.link_id, "text": questionnaire.by_link_id[asked.link_id].text.da}
        if asked.link_id in given:
            items.append({**item, "answer": [_answer(questionnaire, asked.link_id, given[asked.link_id])]})
        elif declined and is_asked(asked, given):
            items.append({**item, "answer": [DECLINED]})
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": str(questionnaire.canonical),
        "status": "completed",
        "authored": "2027-01-11T09:00:00+01:00",
        **({"item": items} if items else {}),
    }


def _answer(questionnaire: Questionnaire, link_id: str, given: Given) -> dict[str, Any]:
    item = questionnaire.by_link_id[link_id]
    if item.type is not ItemType.CHOICE:
        return {VALUES[item.type]: given}
    option = next(one for one in item.options if one.code == str(given))
    return {"valueCoding": {"system": option.system, "code": option.code, "display": option.display.da}}

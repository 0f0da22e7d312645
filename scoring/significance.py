"""Derives a Questionnaire that says which single answers decide an alert, as the national telemedicine profile does."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scoring.condition import Atom
from scoring.export_derived import derived
from scoring.levels import Colour
from scoring.rule import ScoreDefinition, ScoringRule
from scoring.table import Row, Table

FUT = "http://ehealth.sundhed.dk"
SIGNIFICANCE = f"{FUT}/fhir/StructureDefinition/ehealth-questionnaire-answerSignificance"
CONDITION = f"{FUT}/fhir/StructureDefinition/ehealth-answer-Condition"
INDICATOR = f"{FUT}/cs/questionnaire-item-significance-indicator"
SUFFIX = "significance"
COLOURS: Mapping[Colour, str] = {Colour.YELLOW: "yellow", Colour.RED: "red"}

Extension = dict[str, Any]


def with_answer_significance(questionnaire_source: bytes, rule: ScoringRule, tables: Sequence[Table]) -> bytes:
    """Derive a Questionnaire whose items carry the colour that one answer alone gives.

    Only what holds whatever the other answers are is said: sums, changes and decisions are left out, and no answer
    alone is ever green.

    Args:
        questionnaire_source: bytes of the Questionnaire that the rule scores.
        rule: its scoring rule.
        tables: alert tables that read it; others add nothing.

    Returns:
        A FHIR R4 Questionnaire, with a url of its own, that names the first one in `derivedFrom`.

    Source: `ehealth-questionnaire-answerSignificance` of the FUT implementation guide 8.0.0; docs/verification.md.
    """
    source: dict[str, Any] = json.loads(questionnaire_source)
    added: dict[str, list[Extension]] = {}
    for _, row, atom, definition in _deciding(rule, tables):
        for link_id, conditions in _answers(atom, definition):
            told = [_significance(*one, COLOURS[row.outcome.colour]) for one in conditions]
            known = added.setdefault(link_id, [])
            known += [one for one in told if one not in known]
    made = {**derived(source, SUFFIX), "item": [_with(item, added) for item in source["item"]]}
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def rows_said(rule: ScoringRule, tables: Sequence[Table]) -> tuple[tuple[str, str], ...]:
    """List the rows that the export says, as (table, row)."""
    return tuple(
        dict.fromkeys(
            (table.version.id, row.outcome.id)
            for table, row, atom, definition in _deciding(rule, tables)
            if any(True for _ in _answers(atom, definition))
        )
    )


def _deciding(rule: ScoringRule, tables: Sequence[Table]) -> Iterator[tuple[Table, Row, Atom, ScoreDefinition]]:
    """Find each condition on its own that is about a score of this questionnaire as it stands."""
    for table in tables:
        for row in table.rows:
            for atoms in row.when.alternatives:
                atom = atoms[0]
                definition = None if len(atoms) > 1 else _read(rule, table, atom)
                if definition is not None and row.outcome.colour in COLOURS:
                    yield table, row, atom, definition


def _read(rule: ScoringRule, table: Table, atom: Atom) -> ScoreDefinition | None:
    """Find the score of this questionnaire that a condition looks at, unless it compares it with earlier ones."""
    source = table.inputs[atom.name].source
    if source.use != "current" or source.questionnaire != rule.version.id:
        return None
    return rule.scores[source.score]


def _answers(atom: Atom, definition: ScoreDefinition) -> Iterator[tuple[str, list[tuple[str, Extension]]]]:
    """Give each item of which one answer makes the condition true, with operator and answer."""
    if definition.op == "any-true" and atom.op == "==" and atom.value == "yes":
        yield from ((item.link_id, [("=", {"valueBoolean": True})]) for item in definition.items)
    if definition.op != "value" or not isinstance(atom.value, int):
        return
    item, offset = definition.items[0], definition.constants.offset
    if item.points:
        holding = [key for key, points in item.points.items() if atom.holds({atom.name: points + offset})]
        yield item.link_id, [("=", {"valueCoding": {"system": system, "code": code}}) for system, code in holding]
    else:
        operator = "=" if atom.op == "==" else atom.op
        yield item.link_id, [(operator, {"valueInteger": atom.value - offset})]


def _significance(operator: str, answer: Extension, colour: str) -> Extension:
    condition = [{"url": "value", **answer}, {"url": "operator", "valueCode": operator}]
    return {
        "url": SIGNIFICANCE,
        "extension": [
            {"url": CONDITION, "extension": condition},
            {"url": "significance", "valueCoding": {"system": INDICATOR, "code": colour}},
        ],
    }


def _with(item: dict[str, Any], added: Mapping[str, list[Extension]]) -> dict[str, Any]:
    """Add to an item and to those in it."""
    more = added.get(item["linkId"], [])
    extensions = {"extension": [*item.get("extension", ()), *more]} if more else {}
    inside = {"item": [_with(one, added) for one in item["item"]]} if "item" in item else {}
    return {**item, **extensions, **inside}

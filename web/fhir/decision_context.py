"""The context of a result, after the national FUT profile: the exact table, and every input with its source."""

from collections.abc import Iterable, Mapping
from typing import Any

from kernel.ids import ResponseId
from scoring.result import RuleVersion
from scoring.suggestion import UsedInput
from store.repositories.responses import ResponseVersion
from web.fhir.response import place_of
from web.fhir.systems import library

Sources = Mapping[ResponseId, ResponseVersion]


def decision_context(
    table: RuleVersion, facts: Mapping[str, str], inputs: Iterable[UsedInput], sources: Sources
) -> dict[str, Any]:
    """Build the Parameters that a ClinicalImpression contains.

    Args:
        table: that was walked.
        facts: what it was walked for, such as the phase, as codes.
        sources: the responses that the inputs came from.
    """
    known = [
        {"name": "library", "valueCanonical": library(table.id, table.version)},
        {"name": "sha256", "valueString": table.sha256},
        *({"name": name, "valueCode": code} for name, code in facts.items()),
    ]
    used = [{"name": "input", "part": _input(one, sources)} for one in inputs]
    return {"resourceType": "Parameters", "id": "context", "parameter": [*known, *used]}


def _input(used: UsedInput, sources: Sources) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [
        {"name": "name", "valueString": used.name},
        {"name": "state", "valueCode": used.state},
    ]
    if used.value is not None:
        # Exact, as text: a fraction has no place in a FHIR decimal.
        parts.append({"name": "value", "valueString": str(used.value)})
    if used.questionnaire is not None:
        parts.append({"name": "questionnaire", "valueCanonical": used.questionnaire})
    if used.response_id is not None:
        parts.append({"name": "source", "valueReference": {"reference": place_of(sources[used.response_id])}})
    if used.age_days is not None:
        parts.append({"name": "ageDays", "valueInteger": used.age_days})
    return parts

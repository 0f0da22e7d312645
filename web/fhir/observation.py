"""Observation: one score of one response, with the rule that gave it."""

from decimal import Decimal
from typing import Any

from fhir.resources.R4B.observation import Observation

from flow.record import ObservationRecord
from scoring.catalogue import Catalogue
from scoring.result import RuleVersion, Score
from scoring.rule import ScoringRule
from store.repositories.responses import RETRACTED
from web.fhir.model import concept, instant, written
from web.fhir.response import place_of
from web.fhir.systems import (
    ABSENT_SCORES,
    DATA_ABSENT,
    ESTIMATED,
    EXACT_VALUE,
    OBSERVATION_CATEGORY,
    SCORES,
    SCORING_RULE,
    UCUM,
    bands,
    library,
)


def observation(record: ObservationRecord, catalogue: Catalogue) -> str:
    """Write the Observation of a score; one that is not computable says so and why."""
    made_at = instant(record.filed.rescored_at or record.response.received_at)
    return written(
        Observation,
        {
            "id": record.id,
            "meta": {"lastUpdated": made_at},
            "status": _status(record),
            "subject": {"reference": f"Patient/{record.patient_ref}"},
            "effectiveDateTime": instant(record.response.authored_at),
            "issued": made_at,
            "derivedFrom": [{"reference": place_of(record.version)}],
            **score_elements(catalogue.rule_for(record.response.questionnaire), record.filed.rule, record.filed.score),
        },
    )


def score_elements(rule: ScoringRule, made_by: RuleVersion, score: Score) -> dict[str, Any]:
    """Write what an Observation says of the score itself.

    Args:
        rule: names score and bands.
        made_by: the very version that gave the score.
    """
    return {
        "extension": _extensions(made_by, score),
        "category": [concept(OBSERVATION_CATEGORY, "survey")],
        "code": _code(rule, score.id),
        **_value(rule, score),
        "interpretation": _interpretation(rule, score),
    }


def _status(record: ObservationRecord) -> str:
    if not record.version.is_current:
        return RETRACTED
    is_changed = record.version.version > 1 or record.filed.rescored_at is not None
    return "amended" if is_changed else "final"


def codings(rule: ScoringRule, score_id: str) -> list[tuple[str, str, str]]:
    """Return (system, code, display) of a score: ours, and the national or international one if the content has it."""
    known = rule.code(score_id)
    ours = (SCORES, score_id, rule.label(score_id).da)
    return [known, ours] if known else [ours]


def _code(rule: ScoringRule, score_id: str) -> dict[str, Any]:
    names = ("system", "code", "display")
    return {
        "coding": [dict(zip(names, coding, strict=True)) for coding in codings(rule, score_id)],
        "text": rule.label(score_id).da,
    }


def _value(rule: ScoringRule, score: Score) -> dict[str, Any]:
    if score.display is not None:
        number = {"value": Decimal(score.display), "system": UCUM, "code": rule.unit(score.id)}
        return {"valueQuantity": number}
    if score.band is not None:
        return {"valueCodeableConcept": concept(bands(score.id), score.band, _band_name(rule, score))}
    why = [{"system": DATA_ABSENT, "code": "unknown"}, {"system": ABSENT_SCORES, "code": score.reason or "unknown"}]
    return {"dataAbsentReason": {"coding": why}}


def _interpretation(rule: ScoringRule, score: Score) -> list[dict[str, Any]]:
    if score.display is None or score.band is None:
        return []
    return [concept(bands(score.id), score.band, _band_name(rule, score))]


def _band_name(rule: ScoringRule, score: Score) -> str | None:
    label = rule.band_label(score.id, score.band or "")
    return label.clinician.da if label else None


def _extensions(rule: RuleVersion, score: Score) -> list[dict[str, Any]]:
    extensions: list[dict[str, Any]] = [{"url": SCORING_RULE, "valueCanonical": library(rule.id, rule.version)}]
    if score.value is not None:
        extensions.append({"url": EXACT_VALUE, "valueString": str(score.value)})
    if score.estimated:
        extensions.append({"url": ESTIMATED, "valueBoolean": True})
    return extensions

"""Derives a Questionnaire from one of ours in which SDC renderers compute the scores themselves."""

import json
from collections.abc import Mapping
from typing import Any

from kernel.errors import ContentError
from questionnaires.model import Text
from questionnaires.value_sets import written_out
from scoring.condition import Params
from scoring.export_derived import derived
from scoring.export_expressions import Calculated, Expressions, expressions_of
from scoring.export_terms import places
from scoring.rule import ScoringRule

CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
VARIABLE = "http://hl7.org/fhir/StructureDefinition/variable"
HIDDEN = "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
INTERNAL = "internal"
SUFFIX = "calculated"


def with_calculated_expressions(
    questionnaire_source: bytes, rule: ScoringRule, *, params: Params | None = None
) -> bytes:
    """Derive a Questionnaire with a hidden, read-only item per score that computes it.

    The truth stays the rule: the expressions are generated from it, with what it says of missing answers (not
    computable is no answer). A number is exact; the item `score-<id>-band` holds the code of its band, and a category
    is a code too.

    Args:
        questionnaire_source: bytes of the Questionnaire that the rule scores.
        rule: its scoring rule.
        params: overrides of the rule's parameters; names and values are those that the rule allows.

    Returns:
        A FHIR R4 Questionnaire, with a url of its own, that names the first one in `derivedFrom`.

    Raises:
        ContentError: an item of the Questionnaire already has the linkId of a score.

    Source: SDC 4.0.0, calculated expressions and variables; docs/verification.md.
    """
    source: dict[str, Any] = json.loads(questionnaire_source)
    where = places(written_out(source, "export")["item"])
    made = expressions_of(rule, where, {**rule.params, **(params or {})})
    items = [_item(one) for one in _shown(made)]
    taken = where.keys() & {item["linkId"] for item in items}
    if taken:
        raise ContentError(f"{source['url']}: {min(taken)} is the linkId of an item already")
    made_of = {
        **derived(source, SUFFIX),
        "extension": [*source.get("extension", ()), *_variables(made)],
        "item": [*source["item"], *items],
    }
    return json.dumps(made_of, ensure_ascii=False, indent=2).encode()


def left_out(questionnaire_source: bytes, rule: ScoringRule) -> Mapping[str, str]:
    """Tell which scores have no expression, and why.

    Args:
        questionnaire_source: bytes of the Questionnaire that the rule scores.
        rule: its scoring rule.
    """
    resource = written_out(json.loads(questionnaire_source), "export")
    return expressions_of(rule, places(resource["item"]), rule.params).left_out


def score_link_id(score_id: str, *, band: bool = False) -> str:
    """Name the item of a score, or that of its band."""
    return f"score-{score_id}{'-band' if band else ''}"


def _shown(made: Expressions) -> list[Calculated]:
    return [one for one in made.results if one.score.use != INTERNAL]


def _variables(made: Expressions) -> list[dict[str, Any]]:
    return [
        {"url": VARIABLE, "valueExpression": {"name": name, "language": "text/fhirpath", "expression": expression}}
        for name, expression in made.variables.items()
    ]


def _item(one: Calculated) -> dict[str, Any]:
    score = one.score
    is_code = one.is_band
    of_number = is_code and score.kind == "number"
    system, code, display = score.code or ("", "", "")
    return {
        "linkId": score_link_id(score.id, band=of_number),
        "extension": [
            {"url": HIDDEN, "valueBoolean": True},
            {"url": CALCULATED, "valueExpression": {"language": "text/fhirpath", "expression": one.expression}},
        ],
        **({"code": [{"system": system, "code": code, "display": display}]} if score.code and not of_number else {}),
        **_text(score.label),
        "type": "string" if is_code else "integer" if one.is_whole else "decimal",
        "readOnly": True,
    }


def _text(label: Text) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": label.in_language("en")}]
    return {"text": label.da, "_text": {"extension": [{"url": TRANSLATION, "extension": parts}]}}

"""A needs assessment as JSON in its column, exact in both directions."""

from collections.abc import Mapping
from typing import Any

from questionnaires.model import Text
from scoring.levels import Colour, DifferentiationLevel
from scoring.needs import Dimension, NeedsAssessment
from scoring.result import RuleVersion
from store.repositories.alert_json import (
    input_from_json,
    input_to_json,
    row_from_json,
    row_to_json,
    table_to_json,
    text_to_json,
)


def needs_to_json(needs: NeedsAssessment) -> dict[str, Any]:
    """Write a needs assessment."""
    return {
        "part": needs.part,
        "dimensions": [_dimension_to_json(dimension) for dimension in needs.dimensions],
        "level": None if needs.level is None else int(needs.level),
        "level_row": needs.level_row,
        "table": table_to_json(needs.table),
        "inputs": {name: input_to_json(used) for name, used in needs.inputs.items()},
    }


def needs_from_json(raw: Mapping[str, Any]) -> NeedsAssessment:
    """Read a needs assessment back."""
    return NeedsAssessment(
        part=raw["part"],
        dimensions=tuple(_dimension_from_json(dimension) for dimension in raw["dimensions"]),
        level=None if raw["level"] is None else DifferentiationLevel(raw["level"]),
        level_row=raw["level_row"],
        table=RuleVersion(**raw["table"]),
        inputs={name: input_from_json(used) for name, used in raw["inputs"].items()},
    )


def _dimension_to_json(dimension: Dimension) -> dict[str, Any]:
    return {
        "id": dimension.id,
        "title": text_to_json(dimension.title),
        "colour": dimension.colour.value,
        "required": dimension.required,
        "rows": [row_to_json(row) for row in dimension.rows],
    }


def _dimension_from_json(raw: Mapping[str, Any]) -> Dimension:
    return Dimension(
        id=raw["id"],
        title=Text(**raw["title"]),
        colour=Colour(raw["colour"]),
        required=raw["required"],
        rows=tuple(row_from_json(row) for row in raw["rows"]),
    )

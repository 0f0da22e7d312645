"""An alert as JSON in its column, exact in both directions."""

from collections.abc import Mapping
from typing import Any

from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.number import read_number
from scoring.result import RuleVersion
from scoring.suggestion import Alert, InputValue, MatchedRow, UsedInput


def alert_to_json(alert: Alert) -> dict[str, Any]:
    """Write an alert; colour, urgency and table have columns of their own too, for queries."""
    return {
        "colour": alert.colour.value,
        "urgency": alert.urgency.value,
        "rows": [row_to_json(row) for row in alert.rows],
        "action": text_to_json(alert.action),
        "incomplete": alert.incomplete,
        "table": table_to_json(alert.table),
        "phase": alert.phase,
        "inputs": {name: input_to_json(used) for name, used in alert.inputs.items()},
    }


def alert_from_json(raw: Mapping[str, Any]) -> Alert:
    """Read an alert back."""
    return Alert(
        colour=Colour(raw["colour"]),
        urgency=Urgency(raw["urgency"]),
        rows=tuple(row_from_json(row) for row in raw["rows"]),
        action=Text(**raw["action"]),
        incomplete=raw["incomplete"],
        table=RuleVersion(**raw["table"]),
        phase=raw["phase"],
        inputs={name: input_from_json(used) for name, used in raw["inputs"].items()},
    )


def table_to_json(table: RuleVersion) -> dict[str, str]:
    """Write which table was walked."""
    return {"id": table.id, "version": table.version, "sha256": table.sha256}


def row_to_json(row: MatchedRow) -> dict[str, Any]:
    """Write a row that matched."""
    return {
        "id": row.id,
        "colour": row.colour.value,
        "urgency": row.urgency.value,
        "reason": text_to_json(row.reason),
        "action": text_to_json(row.action),
        "source": row.source,
    }


def row_from_json(raw: Mapping[str, Any]) -> MatchedRow:
    """Read a row back."""
    return MatchedRow(
        id=raw["id"],
        colour=Colour(raw["colour"]),
        urgency=Urgency(raw["urgency"]),
        reason=Text(**raw["reason"]),
        action=Text(**raw["action"]),
        source=raw["source"],
    )


def input_to_json(used: UsedInput) -> dict[str, Any]:
    """Write an input that was used."""
    return {
        "value": _value_to_json(used.value),
        "state": used.state,
        "questionnaire": used.questionnaire,
        "response_id": used.response_id,
        "age_days": used.age_days,
        "name": used.name,
    }


def input_from_json(raw: Mapping[str, Any]) -> UsedInput:
    """Read an input back."""
    return UsedInput(**{**raw, "value": _value_from_json(raw["value"])})


def _value_to_json(value: InputValue) -> dict[str, str] | None:
    """Tell numbers and codes apart: a code may look like a number."""
    if value is None:
        return None
    return {"code": value} if isinstance(value, str) else {"number": str(value)}


def _value_from_json(raw: Mapping[str, str] | None) -> InputValue:
    if raw is None:
        return None
    return read_number(raw["number"]) if "number" in raw else raw["code"]


def text_to_json(text: Text) -> dict[str, str]:
    """Write a text in its languages."""
    return {"da": text.da, "en": text.en}

"""`svarbro suggest`: what a table says of given inputs; for scripts, and without web, database or FHIR models."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TextIO

import click

from kernel.errors import ContentError, InvalidInputError, MalformedInputError, SvarbroError
from questionnaires.registry import Registry
from questionnaires.strict_json import parse_object
from scoring.catalogue import Catalogue
from scoring.condition import FRACTION, Value
from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.given import given_inputs, given_needs
from scoring.needs_table import NeedsTable
from scoring.needs_vectors import told_needs
from scoring.table import Table
from scoring.table_vectors import told

GENERIC = "needs/generic"
PREFIX = "needs/"
ELEMENTS = frozenset({"phase", "part", "inputs", "estimated", "ages"})


@dataclass(frozen=True, slots=True)
class Line:
    """One case to evaluate.

    Args:
        chosen: phase of an alert table or part of a needs table; None if the line does not say.
        inputs: input name -> value; None means missing.
        estimated: names of inputs whose score is estimated.
        ages: input name -> days.
    """

    chosen: str | None
    inputs: Mapping[str, Value | None]
    estimated: tuple[str, ...]
    ages: Mapping[str, int]


@click.command()
@click.option("--table", "table_id", required=True, help="Such as alert/kol, needs/generic or needs/kol.")
@click.option("--part", help="Part of a needs table, where the lines do not name it.")
@click.option("--ndjson", is_flag=True, help="One case per line; otherwise the whole input is one case.")
@click.argument("source", type=click.File(encoding="utf-8"), default="-")
def suggest(table_id: str, part: str | None, source: TextIO, *, ndjson: bool) -> None:
    """Tell what a table suggests for each case of SOURCE (standard input by default).

    A case is {"phase": "followup", "inputs": {"cat": 24}, "estimated": [], "ages": {}}; for a needs table "part" stands
    for "phase". Exit codes: 0 all evaluated, 1 a case was refused, 2 misused.
    """
    evaluated = _evaluator(Catalogue.load(Registry.load()), table_id, part)
    is_refused = False
    for text in source if ndjson else [source.read()]:
        if not text.strip():
            continue
        try:
            result = evaluated(read_line(text))
        except SvarbroError as error:
            is_refused = True
            result = _refused(error)
        click.echo(json.dumps(result, ensure_ascii=False))
    if is_refused:
        raise click.exceptions.Exit(1)


def read_line(text: str) -> Line:
    """Read one case.

    Raises:
        MalformedInputError: it is not such an object.
    """
    raw = parse_object(text.strip().encode())
    inputs, estimated, ages = raw.get("inputs", {}), raw.get("estimated", []), raw.get("ages", {})
    chosen = raw.get("part", raw.get("phase"))
    shapes = (
        set(raw) <= ELEMENTS,
        isinstance(inputs, dict) and all(_is_value(value) for value in inputs.values()),
        isinstance(estimated, list) and all(isinstance(name, str) for name in estimated),
        isinstance(ages, dict) and all(type(days) is int for days in ages.values()),
        chosen is None or isinstance(chosen, str),
    )
    if not all(shapes):
        raise MalformedInputError("A case has phase or part, inputs, estimated and ages, and nothing else.")
    return Line(chosen, {name: _value(value) for name, value in inputs.items()}, tuple(estimated), ages)


def _is_value(value: Any) -> bool:
    return value is None or (isinstance(value, int | Decimal | str) and not isinstance(value, bool))


def _value(value: Any) -> Value | None:
    """Read a number exactly: a decimal as written, a fraction as `a/b`."""
    if isinstance(value, Decimal) or (isinstance(value, str) and FRACTION.fullmatch(value)):
        return Fraction(str(value))
    found: Value | None = value
    return found


def _evaluator(catalogue: Catalogue, table_id: str, part: str | None) -> Callable[[Line], dict[str, object]]:
    try:
        if not table_id.startswith(PREFIX):
            return _AlertLine(catalogue.table(table_id))
        name = table_id.removeprefix(PREFIX)
        generic = catalogue.needs(GENERIC)
        if name in generic.parts:
            return _NeedsLine(generic, name)
        return _NeedsLine(catalogue.needs(table_id), part)
    except ContentError as error:
        raise click.BadParameter(error.text, param_hint="--table") from error


@dataclass(frozen=True, slots=True)
class _AlertLine:
    table: Table

    def __call__(self, line: Line) -> dict[str, object]:
        if line.chosen not in self.table.phases:
            raise InvalidInputError("The phase is not one of the table's.")
        inputs = given_inputs(self.table, line.inputs, estimated=line.estimated, ages=line.ages)
        result = told(evaluate(self.table, line.chosen, inputs))
        return {
            **{name: result[name] for name in ("alert", "urgency", "reasons", "action")},
            "level": None,
            "incomplete": result["incomplete"],
        }


@dataclass(frozen=True, slots=True)
class _NeedsLine:
    table: NeedsTable
    part: str | None

    def __call__(self, line: Line) -> dict[str, object]:
        part = line.chosen if line.chosen in self.table.parts else self.part
        if part is None or part not in self.table.parts:
            raise InvalidInputError("The part is not one of the table's.")
        inputs = given_needs(self.table, line.inputs, estimated=line.estimated, ages=line.ages)
        result = assess(self.table, part, inputs)
        short = told_needs(result)
        reasons = [row.id for dimension in result.dimensions for row in dimension.rows]
        return {
            "dimensions": short["dimensions"],
            "reasons": reasons,
            "level": short["level"],
            "incomplete": short["incomplete"],
        }


def _refused(error: SvarbroError) -> dict[str, object]:
    issues = [{"rule": one.rule, "input": one.expression} for one in error.issues]
    return {"error": {"code": error.issue_code, "text": error.text, "issues": issues}}

"""Makes table inputs from values that are given outright: table vectors and the `suggest` command."""

from collections.abc import Collection, Mapping
from fractions import Fraction
from types import MappingProxyType

from kernel.errors import InvalidInputError, Issue
from scoring.condition import Value
from scoring.needs_table import NeedsTable
from scoring.number import plain
from scoring.suggestion import UsedInput
from scoring.table import Table
from scoring.table_input import TableInput


def given_inputs(
    table: Table,
    values: Mapping[str, Value | None],
    *,
    estimated: Collection[str] = (),
    ages: Mapping[str, int] = MappingProxyType({}),
) -> Mapping[str, UsedInput]:
    """Make the inputs of a table.

    Args:
        values: input name -> number or code; None or left out means missing.
        estimated: names of inputs whose score is estimated.
        ages: input name -> age in days; an input older than its `validFor` days is stale.

    Raises:
        InvalidInputError: an unknown input, or a value outside its domain; every one is named.
    """
    return _given(table.inputs, values, estimated, ages)


def given_needs(
    table: NeedsTable,
    values: Mapping[str, Value | None],
    *,
    estimated: Collection[str] = (),
    ages: Mapping[str, int] = MappingProxyType({}),
) -> Mapping[str, UsedInput]:
    """Make the inputs of a needs table, as `given_inputs` does; those of other parts may be given too."""
    return _given(table.inputs, values, estimated, ages)


def _given(
    inputs: Mapping[str, TableInput],
    values: Mapping[str, Value | None],
    estimated: Collection[str],
    ages: Mapping[str, int],
) -> Mapping[str, UsedInput]:
    names = {*values, *estimated, *ages}
    issues = [_issue("unknown-input") for _ in sorted(names - set(inputs))]
    known = {name: value for name, value in values.items() if value is not None and name in inputs}
    issues.extend(
        _issue("out-of-domain", name) for name, value in known.items() if not _is_in_domain(inputs[name], value)
    )
    if issues:
        raise InvalidInputError("The inputs are not those of the table.", issues=issues)
    return MappingProxyType(
        {
            name: _used(one, known.get(name), is_estimated=name in estimated, age=ages.get(name))
            for name, one in inputs.items()
        }
    )


def _issue(rule: str, name: str | None = None) -> Issue:
    texts = {"unknown-input": "The table has no such input.", "out-of-domain": "The value lies outside the domain."}
    return Issue("value", texts[rule], name, rule=rule)


def _is_in_domain(one: TableInput, value: Value) -> bool:
    if one.ends is None:
        return value in one.codes
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        return False
    return one.ends[0] <= value <= one.ends[1] and (one.kind == "number" or Fraction(value).denominator == 1)


def _used(one: TableInput, value: Value | None, *, is_estimated: bool, age: int | None) -> UsedInput:
    if age is not None and one.valid_days is not None and age > one.valid_days:
        return UsedInput(one.name, None, "stale", age_days=age)
    if value is None:
        return UsedInput(one.name, None, "missing", age_days=age)
    exact = value if isinstance(value, str) else plain(value)
    return UsedInput(one.name, exact, "estimated" if is_estimated else "present", age_days=age)

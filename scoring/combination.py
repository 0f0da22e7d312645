"""The ways a score is computed from other scores of the same questionnaire; a new way is one more entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from scoring.condition import Condition, Params, Value
from scoring.operations import Constants, Result


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of a decision.

    Args:
        code: what it gives; None means no result.
        when: its condition.
    """

    code: str | None
    when: Condition


@dataclass(frozen=True, slots=True)
class Combination:
    """One way to compute a score from scores.

    Args:
        kind: `number` or `category`.
        strategies: missing rules that it makes sense with.
        takes: what it needs of the rule, by the name in the file; with rows those name what it reads.
    """

    kind: str
    strategies: tuple[str, ...]
    takes: tuple[str, ...]


COMBINATIONS: MappingProxyType[str, Combination] = MappingProxyType(
    {
        "percent-of-range": Combination("number", ("inputs",), ("of",)),
        "decision": Combination("category", ("inputs", "rows"), ("rows", "inputsOn")),
        "bounds": Combination("category", ("all-completions",), ("of",)),
        "lookup": Combination("number", ("inputs",), ("of", "table")),
    }
)
NO_TABLE = "no table imported"
"""Why a score that is looked up has no value before its owner's table is there."""


def first_match(rows: tuple[Choice, ...], inputs: Mapping[str, Value | None], params: Params) -> Choice:
    """Find the first matching row; the last one always matches."""
    return next(row for row in rows if row.when.otherwise or row.when.holds(inputs, params))


def percent(value: Value | None, constants: Constants) -> Result | None:
    """Give a score as a percentage of its highest value."""
    return None if value is None or isinstance(value, str) else Fraction(100 * value) / constants.highest


def looked_up(value: Value | None, table: Mapping[int, Fraction] | None) -> Result | None:
    """Find a whole number in a table; None without a table."""
    return None if table is None or not isinstance(value, int | Fraction) else table[int(value)]


def agreed(results: set[Result | None]) -> Result | None:
    """Give the one result of all completions; None if they disagree."""
    return next(iter(results)) if len(results) == 1 else None


def completions(
    start: tuple[int, ...],
    gaps: Sequence[Sequence[tuple[int, ...]]],
    finish: Callable[[tuple[int, ...]], Result | None],
) -> set[Result | None]:
    """Walk every completion of the missing answers.

    Args:
        start: totals of the scores that are read, over the answered items.
        gaps: per missing item, per answer it could have, what that adds to each total.
        finish: computes the result of completed totals.
    """
    states = {start}
    for answers in gaps:
        states = {tuple(a + b for a, b in zip(state, more, strict=True)) for state in states for more in answers}
    return {finish(state) for state in states}

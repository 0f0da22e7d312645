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
        reads_rows: it has rows; otherwise it names one score in `of`.
    """

    kind: str
    strategies: tuple[str, ...]
    reads_rows: bool = False


COMBINATIONS: MappingProxyType[str, Combination] = MappingProxyType(
    {
        "percent-of-range": Combination("number", ("inputs",)),
        "decision": Combination("category", ("inputs", "rows"), reads_rows=True),
        "bounds": Combination("category", ("all-completions",)),
    }
)


def first_match(rows: tuple[Choice, ...], inputs: Mapping[str, Value | None], params: Params) -> Choice:
    """Find the first matching row; the last one always matches."""
    return next(row for row in rows if row.when.otherwise or row.when.holds(inputs, params))


def percent(value: Value | None, constants: Constants) -> Result | None:
    """Give a score as a percentage of its highest value."""
    return None if value is None or isinstance(value, str) else Fraction(100 * value) / constants.highest


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

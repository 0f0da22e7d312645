"""Writes one score of a rule in FHIRPath: exact as numerator and denominator, empty where its rule gives nothing.

Comparisons are written in whole numbers (`sum * 8 >= 10 * answered`), so no engine can round at the edge of a band.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from scoring.combination import Choice
from scoring.condition import Atom, Condition, Params
from scoring.export_terms import NotExpressibleError, Place, literal
from scoring.missing import MissingRule
from scoring.operations import Constants
from scoring.rule import ScoreDefinition

NOTHING = "{}"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number as FHIRPath: `top / bottom`, both whole.

    Args:
        top: numerator; empty when the score is not computable.
        bottom: denominator, never 0 where the numerator is not empty; `1` for whole numbers.
        decimals: of the score, for conditions on what is shown.
    """

    top: str
    bottom: str = "1"
    decimals: int = 0

    def shown(self) -> "Ratio":
        """Round half up; for numbers that are never negative."""
        if self.bottom == "1":
            return self
        scale = 10**self.decimals
        top = times(2 * scale, self.top)
        return Ratio(f"(({top} + {self.bottom}) div {times(2, self.bottom)})", str(scale))

    def value(self) -> str:
        """Write it as one number."""
        return self.top if self.bottom == "1" else f"{self.top} / {self.bottom}"


def times(factor: Fraction | int, number: str) -> str:
    """Multiply by a whole number, the shortest way."""
    if factor == 1:
        return number
    return str(factor) if number == "1" else f"({factor} * {number})"


def formula(definition: ScoreDefinition, points: str, answered: str) -> tuple[str, str]:
    """Give numerator and denominator of a score of items, before its missing-answer rule.

    Args:
        definition: of the score.
        points: what its items make.
        answered: how many of them are answered.

    Raises:
        NotExpressibleError: no such operation here.
    """
    if definition.op not in FORMULAS:
        raise NotExpressibleError(f"{definition.op} has no formula")
    return FORMULAS[definition.op](points, answered, definition.constants)


def _plus(points: str, _: str, constants: Constants) -> tuple[str, str]:
    offset = constants.offset
    return (f"({points} {'+' if offset > 0 else '-'} {abs(offset)})" if offset else points), "1"


def _mean(points: str, answered: str, _: Constants) -> tuple[str, str]:
    return points, answered


def _share(points: str, answered: str, constants: Constants) -> tuple[str, str]:
    return times(constants.multiply, points), answered


def _percent_of_max(points: str, answered: str, constants: Constants) -> tuple[str, str]:
    return times(100, points), times(constants.highest, answered)


def _whole_less(points: str, _: str, constants: Constants) -> tuple[str, str]:
    return f"({constants.per} - {points})", str(constants.per)


FORMULAS: MappingProxyType[str, Callable[[str, str, Constants], tuple[str, str]]] = MappingProxyType(
    {
        "value": _plus,
        "sum": _plus,
        "count-true": _plus,
        "count-ge": _plus,
        "mean": _mean,
        "share-ge": _share,
        "share-le": _share,
        "percent-of-max": _percent_of_max,
        "one-minus-decrements": _whole_less,
    }
)
SCALED = ("impute-mean", "prorate")
OVER_ANSWERED = ("available-mean", "available-share", "count-answered", "prorate-max", "strict-no")


def enough(rule: MissingRule, points: str, answered: str, asked: int, params: Params) -> str:
    """Write when a missing-answer rule lets a score count.

    Args:
        rule: as the parameters choose it.
        points: what the items make.
        answered: how many are answered.
        asked: how many there are.
        params: parameters of the rule.

    Raises:
        NotExpressibleError: no such strategy here.
    """
    if rule.strategy == "strict":
        return f"{answered} = {asked}"
    if rule.strategy in (*SCALED, *OVER_ANSWERED):
        return f"{answered} >= {max(_setting(rule.min_answered, params), 1)}"
    if rule.strategy == "known-from":
        return f"{answered} = {asked} or {points} >= {_setting(rule.threshold, params)}"
    raise NotExpressibleError(f"{rule.strategy} has no expression")


def _setting(setting: int | str, params: Params) -> int:
    return setting if isinstance(setting, int) else int(params[setting])


def needs_all(rule: MissingRule) -> bool:
    """Tell whether a rule must know how many items were asked."""
    return rule.strategy not in OVER_ANSWERED


def refuse_conditional(rule: MissingRule, asked_if: Sequence[Place]) -> None:
    """Refuse a score that must know how many items were asked where that depends on answers.

    Raises:
        NotExpressibleError: it does, and no gate of the rule says the same.
    """
    depends = {question for place in asked_if for question in place.asked_if}
    if depends - {rule.gate} and needs_all(rule):
        raise NotExpressibleError("how many of its items are asked depends on answers")


@dataclass(frozen=True, slots=True)
class Comparing:
    """Writes conditions on scores.

    Args:
        numbers: score id -> number.
        codes: score id -> FHIRPath that gives its code.
        params: parameters of the rule.
    """

    numbers: Mapping[str, Ratio]
    codes: Mapping[str, str]
    params: Params

    def condition(self, when: Condition) -> str:
        """Write a condition; a comparison with nothing is not true, as in the rule."""
        parts = [" and ".join(self._atom(atom) for atom in atoms) for atoms in when.alternatives]
        return parts[0] if len(parts) == 1 else " or ".join(f"({part})" for part in parts)

    def first_match(self, rows: Sequence[Choice]) -> str:
        """Write a decision: the code of the first row that holds."""
        row, rest = rows[0], rows[1:]
        code = NOTHING if row.code is None else literal(row.code)
        if row.when.otherwise:
            return code
        return f"iif({self.condition(row.when)}, {code}, {self.first_match(rest) if rest else NOTHING})"

    def _atom(self, atom: Atom) -> str:
        if atom.is_param:
            return "true" if atom.holds({}, self.params) else "false"
        if atom.value is None:
            given = self.codes[atom.name] if atom.name in self.codes else self.numbers[atom.name].top
            return f"{given}.{'empty' if atom.op == 'is-null' else 'exists'}()"
        op = "=" if atom.op == "==" else atom.op
        if isinstance(atom.value, str):
            return f"{self.codes[atom.name]} {op} {literal(atom.value)}"
        number, value = self.numbers[atom.name], Fraction(atom.value)
        return f"{times(value.denominator, number.top)} {op} {times(value.numerator, number.bottom)}"

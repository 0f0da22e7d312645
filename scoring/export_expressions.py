"""Writes every score of a rule as SDC expressions: variables that build on each other, and one result per score."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scoring.combination import Choice
from scoring.condition import Params
from scoring.export_formula import (
    NOTHING,
    SCALED,
    Comparing,
    Ratio,
    enough,
    formula,
    needs_all,
    refuse_conditional,
    times,
)
from scoring.export_terms import NotExpressibleError, Place, alike, literal
from scoring.missing import MissingRule
from scoring.rule import ScoreDefinition, ScoringRule


@dataclass(frozen=True, slots=True)
class Calculated:
    """One result of an export.

    Args:
        score: the score that it belongs to.
        is_band: it is the code of a band or category, and not the number.
        is_whole: a number that is always whole.
        expression: FHIRPath.
    """

    score: ScoreDefinition
    is_band: bool
    is_whole: bool
    expression: str


@dataclass(slots=True)
class Expressions:
    """What a rule becomes.

    Args:
        variables: name -> FHIRPath, each reading only those before it.
        results: in the order of the rule.
        left_out: score id -> why it cannot be written.
    """

    variables: dict[str, str] = field(default_factory=dict)
    results: list[Calculated] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def expressions_of(rule: ScoringRule, where: Mapping[str, Place], params: Params) -> Expressions:
    """Write every score of a rule that can be written.

    Args:
        rule: of the questionnaire.
        where: its items.
        params: parameters of the rule, all of them.
    """
    writer = _Writer(where, params)
    for definition in rule.scores.values():
        try:
            writer.write(definition)
        except NotExpressibleError as error:
            writer.made.left_out[definition.id] = str(error)
    return writer.made


class _Writer:
    """Writes scores in order and remembers how to read those before."""

    def __init__(self, where: Mapping[str, Place], params: Params) -> None:
        self.made = Expressions()
        self._where = where
        self._params = params
        self._numbers: dict[str, Ratio] = {}
        self._codes: dict[str, str] = {}

    def write(self, definition: ScoreDefinition) -> None:
        """Write one score and its bands.

        Raises:
            NotExpressibleError: it cannot be written, or reads one that could not.
        """
        unknown = {*definition.reads, *definition.missing.requires} - {*self._numbers, *self._codes}
        if unknown:
            raise NotExpressibleError(f"it reads {', '.join(sorted(unknown))}")
        if definition.kind == "vector":
            raise NotExpressibleError("a vector is no single answer")
        if definition.kind == "category":
            self._add_code(definition, self._category(definition))
        else:
            self._add_number(definition, self._number(definition))

    def _name(self, definition: ScoreDefinition, part: str, expression: str) -> str:
        name = f"{definition.id}{part}"
        self.made.variables[name] = expression
        return f"%{name}"

    def _add_code(self, definition: ScoreDefinition, expression: str) -> None:
        code = self._name(definition, "Code", expression)
        self._codes[definition.id] = code
        self.made.results.append(Calculated(definition, is_band=True, is_whole=False, expression=code))

    def _add_number(self, definition: ScoreDefinition, ratio: Ratio) -> None:
        ratio = replace(ratio, decimals=definition.decimals)
        self._numbers[definition.id] = ratio
        whole = ratio.bottom == "1"
        self.made.results.append(Calculated(definition, is_band=False, is_whole=whole, expression=ratio.value()))
        if definition.bands:
            rows = tuple(Choice(band.code, band.when) for band in definition.bands)
            banded = self._comparing(definition, (definition.id,)).first_match(rows)
            self.made.results.append(Calculated(definition, is_band=True, is_whole=False, expression=banded))

    def _number(self, definition: ScoreDefinition) -> Ratio:
        if definition.is_lookup:
            raise NotExpressibleError("it is looked up in a table that is not ours to publish")
        if definition.reads:
            read = self._numbers[definition.reads[0]]
            highest = Fraction(definition.constants.highest)
            top = self._name(definition, "Numerator", times(100 * highest.denominator, read.top))
            return Ratio(top, times(highest.numerator, read.bottom))
        rule = definition.missing.under(self._params)
        points, answered = self._counted(definition, rule)
        asked = len(definition.items)
        top, bottom = formula(definition, points, answered)
        if rule.strategy in SCALED:
            top, bottom = times(asked, points), answered
        counts = " and ".join(
            [
                f"({enough(rule, points, answered, asked, self._params)})",
                *(f"{self._numbers[name].top}.exists()" for name in rule.requires),
            ]
        )
        return Ratio(
            self._name(definition, "Numerator", _gated(rule, f"iif({counts}, {top}, {NOTHING})", self._where)), bottom
        )

    def _counted(self, definition: ScoreDefinition, rule: MissingRule) -> tuple[str, str]:
        if needs_all(rule):
            refuse_conditional(rule, [self._where[item.link_id] for item in definition.items])
        answered: list[str] = []
        points: list[str] = []
        for place, group in enumerate(alike(definition.items, self._where), 1):
            given = self._name(definition, f"Given{place if place > 1 else ''}", group.given())
            answered.append(group.answered(given))
            points += group.total(given)
        return (
            self._name(definition, "Points", " + ".join(points) or "0"),
            self._name(definition, "Answered", " + ".join(answered)),
        )

    def _category(self, definition: ScoreDefinition) -> str:
        if definition.is_bounds:
            raise NotExpressibleError("it walks every completion of the missing answers")
        if definition.rows:
            return self._decision(definition)
        if definition.op == "profile":
            return self._profile(definition)
        if definition.op != "any-true":
            raise NotExpressibleError(f"{definition.op} has no formula")
        points, answered = self._counted(definition, definition.missing)
        asked = len(definition.items)
        return f"iif({points} > 0, 'yes', iif({answered} = {asked}, 'no', {NOTHING}))"

    def _decision(self, definition: ScoreDefinition) -> str:
        decided = self._comparing(definition, definition.reads).first_match(definition.rows)
        if definition.missing.under(self._params).strategy != "inputs":
            return decided
        known = [self._codes.get(name) or self._numbers[name].top for name in definition.reads]
        return f"iif({' and '.join(f'{one}.exists()' for one in known)}, {decided}, {NOTHING})"

    def _comparing(self, definition: ScoreDefinition, names: tuple[str, ...]) -> Comparing:
        numbers = {name: self._numbers[name] for name in names if name in self._numbers}
        if definition.on_display:
            numbers = {name: one.shown() for name, one in numbers.items()}
        return Comparing(numbers, self._codes, self._params)

    def _profile(self, definition: ScoreDefinition) -> str:
        """Write the points one after another, which are the codes of the answers."""
        parts = alike(definition.items, self._where)
        for place, part in enumerate(parts):
            base = definition.constants.base
            if any(code != str(placed // base**place - 1) for code, placed in part.points):
                raise NotExpressibleError("the codes of its answers are not their points")
        given = [self._name(definition, f"Given{place}", part.given()) for place, part in enumerate(parts, 1)]
        return f"iif({' and '.join(f'{one}.exists()' for one in given)}, {' & '.join(given)}, {NOTHING})"


def _gated(rule: MissingRule, expression: str, where: Mapping[str, Place]) -> str:
    """Write what a gate does: closed gives 0, unanswered gives nothing."""
    if rule.gate is None:
        return expression
    gate = f"{where[rule.gate].path}.where(linkId = {literal(rule.gate)}).answer.value"
    return f"iif({gate} = false, 0, iif({gate} = true, {expression}, {NOTHING}))"

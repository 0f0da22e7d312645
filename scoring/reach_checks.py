"""What must hold for everything that a score can give: declared range, declared codes, exactly one band."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from kernel.errors import ContentError
from scoring.condition import Params
from scoring.number import Number
from scoring.operations import Result
from scoring.rule import ScoreDefinition, ScoringRule, Values
from scoring.scores import half_up
from scoring.walk import Walk


def check_reach(definition: ScoreDefinition, rule: ScoringRule, walk: Walk, where: str) -> None:
    """Check what a score can give, under every allowed parameter.

    Args:
        definition: of the score.
        rule: that it belongs to.
        walk: over what answers can make of its scores.
        where: for the error.

    Raises:
        ContentError: another range or other codes than declared, a value in no band or in two, a band without values,
            or a row that never matches first.
    """
    found: set[Result] = set()
    rows: set[int] = set()
    for params in all_params(rule.allowed):
        outcomes = walk.outcomes(definition, params)
        rows |= {id(one.row) for one in outcomes}
        known = {one.result for one in outcomes if one.result is not None}
        _check_bands(definition, known, params, where)
        found |= known
    if not {id(row) for row in definition.rows} <= rows:
        raise ContentError(f"{where}: a row never matches first")
    if definition.ends is None:
        _check_codes(definition, {str(code) for code in found}, where)
    else:
        _check_ends(definition, definition.ends, _numbers(found), where)


def _check_codes(definition: ScoreDefinition, codes: set[str], where: str) -> None:
    if definition.pattern:
        if not all(re.fullmatch(definition.pattern, code) for code in codes):
            raise ContentError(f"{where}: it gives codes that do not fit the pattern")
    elif codes != set(definition.codes):
        raise ContentError(f"{where}: it gives other codes than declared")


def _numbers(found: Collection[Result]) -> list[Fraction]:
    """List the numbers that come up; of vectors every entry."""
    entries = [one for vector in found if isinstance(vector, tuple) for one in vector if one is not None]
    return [value for value in found if isinstance(value, Fraction)] + [Fraction(one) for one in entries]


def _check_ends(definition: ScoreDefinition, ends: tuple[Number, Number], numbers: list[Fraction], where: str) -> None:
    if definition.is_lookup:
        # What the owner's table leaves unused of the declared range is the owner's business.
        if any(not ends[0] <= value <= ends[1] for value in numbers):
            raise ContentError(f"{where}: its table leaves the declared range")
    elif (min(numbers), max(numbers)) != ends:
        raise ContentError(f"{where}: it gives {min(numbers)} to {max(numbers)}, another range than declared")


def all_params(allowed: Mapping[str, Values]) -> Iterator[Params]:
    """Walk every allowed setting of the parameters."""
    choices: list[Sequence[str | int]] = list(allowed.values())
    for values in product(*choices):
        yield dict(zip(allowed, values, strict=True))


def _check_bands(definition: ScoreDefinition, values: set[Result], params: Params, where: str) -> None:
    if not definition.bands:
        return
    found: set[str] = set()
    for value in (value for value in values if isinstance(value, Fraction)):
        judged = {definition.id: _judged(definition, value)}
        codes = [band.code for band in definition.bands if band.when.holds(judged, params)]
        if len(codes) != 1:
            raise ContentError(f"{where}: {value} lies in {len(codes)} bands")
        found.update(codes)
    if len(found) != len(definition.bands):
        raise ContentError(f"{where}: a band holds no value that can come up")


def _judged(definition: ScoreDefinition, value: Fraction) -> Fraction:
    return Fraction(half_up(value, definition.decimals)) if definition.on_display else value

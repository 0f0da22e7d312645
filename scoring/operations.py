"""The ways a score is computed from its answered items; a new way is one more entry."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from questionnaires.model import ItemType

Entries = tuple[int | None, ...]
"""What a vector score gives for each item in order; None where the item is unanswered."""
Result = Fraction | str | Entries


@dataclass(frozen=True, slots=True)
class Tally:
    """The asked items of one score, counted.

    Args:
        total: sum of the points of the answered ones; true counts 1.
        answered: asked items with points.
        missing: asked items without.
        gate: points of the gate item; None if there is none or it is unanswered.
    """

    total: int
    answered: int
    missing: int
    gate: int | None = None

    @property
    def asked(self) -> int:
        """Number of asked items."""
        return self.answered + self.missing


@dataclass(frozen=True, slots=True)
class Constants:
    """The numbers that an operation takes from the rule.

    Args:
        offset: added by `value`.
        multiply: factor of a share.
        highest: highest points of one item, or highest value of the score that `percent-of-range` reads.
        per: what a whole is worth in decrements.
        places: number of items, where each has a place of its own in the total.
        base: of the number system that those places are written in.
    """

    offset: int = 0
    multiply: int = 1
    highest: Fraction | int = 0
    per: int = 1
    places: int = 0
    base: int = 0


@dataclass(frozen=True, slots=True)
class Operation:
    """One way to compute a score from items.

    Args:
        result: gives value or code of a tally with at least one answer; the strategy decides whether it counts.
        takes: item types that it can use.
        strategies: missing-answer rules that it makes sense with.
        single: it reads exactly one item.
        kind: `number`, `category` or `vector`.
        counts: how points are compared with `cut`, where answers are counted and not summed.
        by_place: each item has a place of its own in the total, so that the total tells them apart.
        constants: what it needs of the rule, by the name in the file.
    """

    result: Callable[[Tally, Constants], Result]
    takes: frozenset[ItemType]
    strategies: tuple[str, ...]
    single: bool = False
    kind: str = "number"
    counts: Callable[[int, int], bool] | None = None
    by_place: bool = False
    constants: tuple[str, ...] = ()


def _total(tally: Tally, constants: Constants) -> Result:
    return Fraction(tally.total + constants.offset)


def _any_true(tally: Tally, _: Constants) -> Result:
    return "yes" if tally.total > 0 else "no"


def _mean(tally: Tally, _: Constants) -> Result:
    return Fraction(tally.total, tally.answered)


def _share(tally: Tally, constants: Constants) -> Result:
    return Fraction(constants.multiply * tally.total, tally.answered)


def _percent_of_max(tally: Tally, constants: Constants) -> Result:
    return Fraction(100 * tally.total, constants.highest * tally.answered)


def _whole_less(tally: Tally, constants: Constants) -> Result:
    return 1 - Fraction(tally.total, constants.per)


def placed(points: int, place: int, base: int) -> int:
    """Write the points of one item at its place; nothing there means that it is unanswered."""
    return (points + 1) * int(base**place)


def _entries(tally: Tally, constants: Constants) -> Entries:
    """Read what each item has at its place."""
    entries: list[int | None] = []
    rest = tally.total
    for _ in range(constants.places):
        rest, digit = divmod(rest, constants.base)
        entries.append(digit - 1 if digit else None)
    return tuple(entries)


def _profile(tally: Tally, constants: Constants) -> Result:
    return "".join(map(str, _entries(tally, constants)))


WITH_POINTS = frozenset({ItemType.CHOICE, ItemType.INTEGER, ItemType.BOOLEAN})
YES_NO = frozenset({ItemType.BOOLEAN})
CHOICES = frozenset({ItemType.CHOICE})
SHARES = ("strict", "available-share")
OPERATIONS: MappingProxyType[str, Operation] = MappingProxyType(
    {
        "value": Operation(_total, WITH_POINTS, ("strict",), single=True, constants=("offset",)),
        "sum": Operation(_total, WITH_POINTS, ("strict", "impute-mean")),
        "mean": Operation(_mean, WITH_POINTS, ("strict", "available-mean")),
        "count-true": Operation(_total, YES_NO, ("strict", "known-from", "prorate", "strict-no")),
        "any-true": Operation(_any_true, YES_NO, ("any",), kind="category"),
        "count-ge": Operation(_total, CHOICES, ("strict", "count-answered"), counts=operator.ge, constants=("cut",)),
        "share-ge": Operation(_share, CHOICES, SHARES, counts=operator.ge, constants=("cut", "multiply")),
        "share-le": Operation(_share, CHOICES, SHARES, counts=operator.le, constants=("cut", "multiply")),
        "percent-of-max": Operation(_percent_of_max, CHOICES, ("strict", "prorate-max")),
        "one-minus-decrements": Operation(_whole_less, CHOICES, ("strict",), constants=("decrements", "per")),
        "profile": Operation(_profile, CHOICES, ("strict",), kind="category", by_place=True),
        "flag-ge": Operation(
            _entries, CHOICES, ("each",), kind="vector", counts=operator.ge, by_place=True, constants=("cut",)
        ),
    }
)
WHOLE = ("value", "sum", "count-true", "count-ge")
"""Ways that give whole numbers as long as no gap is filled."""

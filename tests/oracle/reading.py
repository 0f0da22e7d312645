"""What every oracle needs to say: how a form looks, what was given, and what a score is.

The oracles in this folder are a second reading of the published rules, in plain fractions, one file per family of
instruments. They were written from the reference texts alone; nobody may write them by looking at the code they judge.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

Given = bool | int | str
"""Points of an option, a count, yes or no, the code of an option without points, or a free text."""
Answers = Mapping[str, Given]
Params = Mapping[str, int | str]
Number = Fraction | int | None

ACTIVITY = "climb the stairs"


@dataclass(frozen=True, slots=True)
class Asked:
    """One item and every answer it takes, from the lowest to the highest.

    Args:
        link_id: as in the form.
        answers: what can be given.
        after: linkId and answer without which it is not asked; the answer None means any.
    """

    link_id: str
    answers: tuple[Given, ...]
    after: tuple[str, Given | None] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one score must be; a display is a number here, because how it is written is not part of a rule."""

    value: Fraction | tuple[Fraction | None, ...] | None
    display: Fraction | tuple[Fraction | None, ...] | None
    band: str | None
    estimated: bool
    answered: int
    missing: int


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument as it was published.

    Args:
        id: short name.
        items: in order.
        score: its scores by id.
        reaches: every band and category code, by score.
        params: each stated parameter with its values, the default first.
    """

    id: str
    items: tuple[Asked, ...]
    score: Callable[[Answers, Params], Mapping[str, Told]]
    reaches: Mapping[str, frozenset[str]] = field(default_factory=dict)
    params: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)

    def defaults(self) -> dict[str, int | str]:
        return {name: values[0] for name, values in self.params.items()}


def graded(
    prefix: str, count: int, low: int, high: int, *, width: int = 0, more: Sequence[Given] = ()
) -> tuple[Asked, ...]:
    """Name `count` items that take the points from `low` to `high`."""
    return tuple(Asked(f"{prefix}-{place:0{width}d}", (*more, *range(low, high + 1))) for place in range(1, count + 1))


def yes_no(prefix: str, count: int, *, width: int = 0) -> tuple[Asked, ...]:
    return tuple(Asked(f"{prefix}-{place:0{width}d}", (False, True)) for place in range(1, count + 1))


def names(items: Sequence[Asked]) -> tuple[str, ...]:
    return tuple(item.link_id for item in items)


def points(answers: Answers, link_ids: Sequence[str]) -> list[int]:
    """Give the points of those that have some: true is 1, and an option without points is no answer."""
    given = [answers[one] for one in link_ids if one in answers]
    return [int(one) for one in given if not isinstance(one, str)]


def half_up(value: Fraction, decimals: int) -> Fraction:
    return Fraction(floor(value * 10**decimals + Fraction(1, 2)), 10**decimals)


def number(value: Number, decimals: int, answered: int, asked: int, band: str | None = None) -> Told:
    """Tell a number; None is not computable."""
    if value is None:
        return Told(None, None, None, estimated=False, answered=answered, missing=asked - answered)
    exact = Fraction(value)
    return Told(exact, half_up(exact, decimals), band, answered < asked, answered, asked - answered)


def category(code: str | None, answered: int, asked: int) -> Told:
    """Tell a category; None is not computable."""
    return Told(None, None, code, code is not None and answered < asked, answered, asked - answered)


def whole_sum(answers: Answers, link_ids: Sequence[str]) -> int | None:
    """Add the points up if every item has some."""
    given = points(answers, link_ids)
    return sum(given) if len(given) == len(link_ids) else None


def mean_of(answers: Answers, link_ids: Sequence[str], at_least: int) -> Fraction | None:
    """Take the mean of those answered, if enough are."""
    given = points(answers, link_ids)
    return Fraction(sum(given), len(given)) if len(given) >= at_least else None


def any_yes(answers: Answers, link_ids: Sequence[str]) -> str | None:
    """Say yes at one yes, no if all said no, and nothing otherwise."""
    given = points(answers, link_ids)
    if 1 in given:
        return "yes"
    return "no" if len(given) == len(link_ids) else None

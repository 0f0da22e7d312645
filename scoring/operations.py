"""The ways a score is computed from its answered items; a new way is one more entry."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from questionnaires.model import ItemType

Result = Fraction | str


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
class Operation:
    """One way to compute.

    Args:
        result: gives value or code of a tally, whatever is missing; the strategy decides whether it counts.
        takes: item types that it can use.
        single: it reads exactly one item.
        kind: `number` or `category`.
    """

    result: Callable[[Tally, int], Result]
    takes: frozenset[ItemType]
    single: bool = False
    kind: str = "number"


def _total(tally: Tally, offset: int) -> Result:
    return Fraction(tally.total + offset)


def _any_true(tally: Tally, _: int) -> Result:
    return "yes" if tally.total > 0 else "no"


WITH_POINTS = frozenset({ItemType.CHOICE, ItemType.INTEGER, ItemType.BOOLEAN})
YES_NO = frozenset({ItemType.BOOLEAN})
OPERATIONS: MappingProxyType[str, Operation] = MappingProxyType(
    {
        "value": Operation(_total, WITH_POINTS, single=True),
        "sum": Operation(_total, WITH_POINTS),
        "count-true": Operation(_total, YES_NO),
        "any-true": Operation(_any_true, YES_NO, kind="category"),
    }
)

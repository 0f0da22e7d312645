"""What an unanswered item means for a score: never zero; each strategy is one entry."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from scoring.condition import Params
from scoring.operations import Operation, Result, Tally

Setting = int | str
"""A number, or the name of the parameter that gives it."""


@dataclass(frozen=True, slots=True)
class MissingRule:
    """How one score treats gaps.

    Args:
        strategy: name of an entry of `STRATEGIES`.
        min_answered: fewest answered items, for `impute-mean`.
        threshold: count from which it is known whatever is missing, for `known-from`.
        gate: linkId of the yes/no item that opens the scored ones, if there is one.
    """

    strategy: str
    min_answered: Setting = 0
    threshold: Setting = 0
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One computation before it is decided whether it counts.

    Args:
        tally: the counted answers.
        operation: how to compute.
        offset: added by `value`.
        rule: how to treat gaps.
        params: parameters of the rule.
    """

    tally: Tally
    operation: Operation
    offset: int
    rule: MissingRule
    params: Params

    def result(self) -> Result:
        """Compute from the answered items alone."""
        return self.operation.result(self.tally, self.offset)

    def setting(self, setting: Setting) -> int:
        """Look a setting up."""
        return setting if isinstance(setting, int) else int(self.params[setting])


def complete(attempt: Attempt) -> Result | None:
    """Give value or code of a score, or None when its rule gives none.

    Source: the instrument's sheet in `docs/clinical/`.
    """
    if attempt.rule.gate is not None:
        if attempt.tally.gate is None:
            return None
        if attempt.tally.gate == 0:
            return Fraction(0)
    if attempt.tally.asked == 0:
        return None
    return STRATEGIES[attempt.rule.strategy](attempt)


def _strict(attempt: Attempt) -> Result | None:
    return attempt.result() if attempt.tally.missing == 0 else None


def _impute_mean(attempt: Attempt) -> Result | None:
    """Count each gap as the mean of the answered items: exact, so 20 points on 7 of 8 items are 160/7."""
    tally = attempt.tally
    if tally.answered < max(attempt.setting(attempt.rule.min_answered), 1):
        return None
    return Fraction(tally.total * tally.asked, tally.answered)


def _any(attempt: Attempt) -> Result | None:
    """One yes is enough; a no needs every answer."""
    return attempt.result() if attempt.tally.total > 0 or attempt.tally.missing == 0 else None


def _known_from(attempt: Attempt) -> Result | None:
    known = attempt.tally.total >= attempt.setting(attempt.rule.threshold)
    return attempt.result() if known or attempt.tally.missing == 0 else None


STRATEGIES: MappingProxyType[str, Callable[[Attempt], Result | None]] = MappingProxyType(
    {"strict": _strict, "impute-mean": _impute_mean, "any": _any, "known-from": _known_from}
)

"""What an unanswered item means for a score: never zero by silence; each strategy is one entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from scoring.condition import Params
from scoring.operations import Constants, Operation, Result, Tally

Setting = int | str
"""A number, or the name of the parameter that gives it."""


@dataclass(frozen=True, slots=True)
class MissingRule:
    """How one score treats gaps.

    Args:
        strategy: name of an entry of `STRATEGIES`, or `inputs`, `rows`, `all-completions` for a score of scores;
            empty where a parameter chooses.
        min_answered: fewest answered items.
        threshold: count from which it is known whatever is missing, for `known-from`.
        gate: linkId of the yes/no item that opens the scored ones, if there is one.
        requires: ids of scores that must have a result too.
        by_param: parameter that chooses the rule; empty if none does.
        variants: value of that parameter -> rule.
    """

    strategy: str
    min_answered: Setting = 0
    threshold: Setting = 0
    gate: str | None = None
    requires: tuple[str, ...] = ()
    by_param: str = ""
    variants: Mapping[str, "MissingRule"] = field(default_factory=lambda: MappingProxyType({}))

    def under(self, params: Params) -> "MissingRule":
        """Return the rule that holds under these parameters."""
        return self.variants[str(params[self.by_param])] if self.by_param else self

    @property
    def forgets_points(self) -> bool:
        """Tell whether a single gap leaves nothing, so that the points beside it make no difference."""
        return self.gate is None and all(rule.strategy == "strict" for rule in self.all())

    def all(self) -> tuple["MissingRule", ...]:
        """List every rule that can hold."""
        return tuple(self.variants.values()) or (self,)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One computation before it is decided whether it counts.

    Args:
        tally: the counted answers.
        operation: how to compute.
        constants: numbers of the rule.
        rule: how to treat gaps.
        params: parameters of the rule.
    """

    tally: Tally
    operation: Operation
    constants: Constants
    rule: MissingRule
    params: Params

    def result(self) -> Result:
        """Compute from the answered items alone."""
        return self.operation.result(self.tally, self.constants)

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


def _has_enough(attempt: Attempt) -> bool:
    return attempt.tally.answered >= max(attempt.setting(attempt.rule.min_answered), 1)


def _scaled(attempt: Attempt) -> Result | None:
    """Count each gap as the mean of the answered items: exact, so 20 points on 7 of 8 items are 160/7."""
    tally = attempt.tally
    return Fraction(tally.total * tally.asked, tally.answered) if _has_enough(attempt) else None


def _over_answered(attempt: Attempt) -> Result | None:
    """Leave gaps out: the operation itself divides by, or counts, the answered items only."""
    return attempt.result() if _has_enough(attempt) else None


def _each(attempt: Attempt) -> Result | None:
    """A vector says for itself what is unanswered; it is nothing only if everything is."""
    return attempt.result() if attempt.tally.answered else None


def _any(attempt: Attempt) -> Result | None:
    """One yes is enough; a no needs every answer."""
    return attempt.result() if attempt.tally.total > 0 or attempt.tally.missing == 0 else None


def _known_from(attempt: Attempt) -> Result | None:
    known = attempt.tally.total >= attempt.setting(attempt.rule.threshold)
    return attempt.result() if known or attempt.tally.missing == 0 else None


STRATEGIES: MappingProxyType[str, Callable[[Attempt], Result | None]] = MappingProxyType(
    {
        "strict": _strict,
        "impute-mean": _scaled,
        "prorate": _scaled,
        "available-mean": _over_answered,
        "available-share": _over_answered,
        "count-answered": _over_answered,
        "prorate-max": _over_answered,
        # An unmarked line means no, as on paper: a count of yes already says so.
        "strict-no": _over_answered,
        "any": _any,
        "each": _each,
        "known-from": _known_from,
    }
)
"""Rules of scores of items; those of scores of scores stand in `scoring.combination`."""

SETTING_OF: MappingProxyType[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("impute-mean", "prorate", "available-mean", "available-share"), "min_answered"),
        **dict.fromkeys(("count-answered", "prorate-max", "strict-no"), "min_answered"),
        "known-from": "threshold",
    }
)
"""Which setting a rule needs; the others need none."""

OF_GAPS = tuple(name for name in STRATEGIES if name not in ("any", "known-from"))
"""Rules that look at nothing but how many answers there are; only scores with one of them can be required."""

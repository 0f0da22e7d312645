"""How a score is observed in a synthetic patient: measured with error, counted with slips, or falsely said yes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from random import Random

from scoring.cohort import Column, Draw, Observed
from scoring.condition import Value


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with a normal truth and a normal error, rounded.

    Args:
        mean: of the truth.
        spread: standard deviation of the truth.
        truth: lowest and highest truth; what lies outside is cut.
        error: standard deviation of each observation.
        ends: lowest and highest observation.
    """

    mean: float
    spread: float
    truth: tuple[int, int]
    error: float
    ends: tuple[int, int]

    def observe(self, draw: Draw) -> Observed:
        """Draw three observations for each patient."""
        low, high = self.truth
        truths = [min(high, max(low, draw.random.gauss(self.mean, self.spread))) for _ in range(draw.patients)]
        return Observed(*(self._seen(draw.random, truths, shift) for shift in (0, 0, draw.shift)))

    def _seen(self, random: Random, truths: Sequence[float], shift: int) -> Column:
        low, high = self.ends
        return [min(high, max(low, round(truth + shift + random.gauss(0, self.error)))) for truth in truths]


@dataclass(frozen=True, slots=True)
class Counted:
    """A whole number that is sometimes told one off.

    Args:
        weights: truth -> share of the patients.
        up: chance to tell one more.
        down: chance to tell one less.
        ends: lowest and highest observation.
    """

    weights: Mapping[int, float]
    up: float
    down: float
    ends: tuple[int, int]

    def observe(self, draw: Draw) -> Observed:
        """Draw three observations for each patient."""
        truths = draw.random.choices(list(self.weights), list(self.weights.values()), k=draw.patients)
        return Observed(*(self._seen(draw.random, truths, shift) for shift in (0, 0, draw.shift)))

    def _seen(self, random: Random, truths: Sequence[int], shift: int) -> Column:
        low, high = self.ends
        slips = random.choices((1, -1, 0), (self.up, self.down, 1 - self.up - self.down), k=len(truths))
        return [min(high, max(low, truth + shift + slip)) for truth, slip in zip(truths, slips, strict=True)]


@dataclass(frozen=True, slots=True)
class Signs:
    """Yes/no items that are falsely said yes to.

    Args:
        items: how many.
        chance: of a yes to each.
        counts: the score counts them; otherwise it is yes when any of them is.
        only_if: `questionnaire.score` that must be yes for them to be asked; empty = always.
    """

    items: int
    chance: float
    counts: bool
    only_if: str = ""

    def observe(self, draw: Draw) -> Observed:
        """Draw three observations for each patient; a shift means nothing here."""
        if not self.only_if:
            return Observed(*(self._told(self._drawn(draw)) for _ in range(3)))
        gates = draw.before[self.only_if]
        return Observed(*(self._told(self._asked(draw, gate)) for gate in (gates.baseline, gates.last, gates.now)))

    def _asked(self, draw: Draw, gate: Column) -> Sequence[int]:
        return [count if opened == "yes" else 0 for count, opened in zip(self._drawn(draw), gate, strict=True)]

    def _drawn(self, draw: Draw) -> Sequence[int]:
        """Draw how many items are said yes to."""
        numbers = range(self.items + 1)
        shares = [comb(self.items, n) * self.chance**n * (1 - self.chance) ** (self.items - n) for n in numbers]
        return draw.random.choices(numbers, shares, k=draw.patients)

    def _told(self, counts: Sequence[int]) -> Column:
        return counts if self.counts else ["yes" if count else "no" for count in counts]


@dataclass(frozen=True, slots=True)
class Always:
    """A value that plays no part for these patients."""

    value: Value

    def observe(self, draw: Draw) -> Observed:
        """Give the same value to each patient."""
        same = [self.value] * draw.patients
        return Observed(same, same, same)

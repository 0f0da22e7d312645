"""What scoring gives: a score with its band, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kernel.ids import Canonical
from scoring.number import Number


@dataclass(frozen=True, slots=True)
class Score:
    """One score of one response.

    Args:
        id: score id of the rule, such as `catTotal`.
        value: exact, no unit, an integer if it is whole; None for a category and when not computable.
        display: `value` rounded half-up to the rule's decimals, as text such as `22.9`; None with `value`.
        band: code of the matching band, or the category; None when not computable.
        estimated: a value or band is present although an asked, scored item is unanswered.
        answered: asked, scored items with points.
        missing: asked, scored items without.
        reason: why nothing is computable, such as `too-many-missing` or `input-missing`; else None.
        entries: of a vector, one for each of its items in order, None where that is unanswered; else None. Not stored:
            the answers give them again.
    """

    id: str
    value: Number | None
    display: str | None
    band: str | None
    estimated: bool
    answered: int
    missing: int
    reason: str | None = None
    entries: tuple[int | None, ...] | None = None

    @property
    def exact(self) -> str | list[int | None] | None:
        """Write the value as JSON has it: a whole number or fraction as text, a vector as a list."""
        if self.entries is not None:
            return list(self.entries)
        return None if self.value is None else str(self.value)


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """Which content file gave a result.

    Args:
        id: such as `cat` or `alert/kol`.
        version: as in the file.
        sha256: of the file's bytes.
    """

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Scored:
    """All scores of one response, with the rule and parameters that gave them."""

    questionnaire: Canonical
    rule: RuleVersion
    scores: tuple[Score, ...]
    params: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

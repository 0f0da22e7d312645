"""Regular expressions from a Questionnaire, matched in linear time: no pattern and no answer can make it hang."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_STEPS = 1_000
MOST_WORK = 1_000_000
"""Steps times characters: a longer text is not tried. It bounds one match to about a second at the very worst."""


class PatternError(ValueError):
    """The expression uses something that is not matched here; the message says what."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the machine: it takes a character (`takes`), or goes on at each of `to` without one."""

    takes: re.Pattern[str] | None
    to: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled expression.

    Args:
        text: as it was written.
        steps: of the machine; the one behind the last means a match.
    """

    text: str
    steps: tuple[Step, ...] = field(repr=False)

    def fits(self, text: str) -> bool:
        """Tell whether the whole text matches; one too long to try does not."""
        if len(text) * len(self.steps) > MOST_WORK:
            return False
        live = self._reached((0,))
        for character in text:
            live = self._reached(number + 1 for number in live if self._takes(number, character))
            if not live:
                return False
        return len(self.steps) in live

    def _takes(self, number: int, character: str) -> bool:
        takes = self.steps[number].takes if number < len(self.steps) else None
        return takes is not None and takes.fullmatch(character) is not None

    def _reached(self, start: Iterable[int]) -> frozenset[int]:
        """Follow the steps that take no character."""
        found: set[int] = set()
        waiting = list(start)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting.extend(self.steps[number].to if number < len(self.steps) else ())
        return frozenset(found)

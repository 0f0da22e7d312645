"""Which rows of a table match: each value of an input lets some through, and what all inputs let through matches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring.condition import Atom
from scoring.matched import InputValue, MatchedRow, UsedInput

Alternatives = Sequence[tuple[Atom, ...]]
"""All alternatives of all rows of a table, in order; bit n stands for the one at place n."""


class Column(dict[InputValue, int]):
    """Value of one input -> the alternatives that it lets through, as bits.

    Worked out when a value first comes up. All but fractions are remembered: of those the domain has no end.
    """

    def __init__(self, name: str, alternatives: Alternatives) -> None:
        super().__init__()
        self._name = name
        own = {place: [atom for atom in atoms if atom.name == name] for place, atoms in enumerate(alternatives)}
        self._looking = {place: atoms for place, atoms in own.items() if atoms}
        self._others = sum(1 << place for place, atoms in own.items() if not atoms)

    def __missing__(self, value: InputValue) -> int:
        values = {self._name: value}
        holding = (place for place, atoms in self._looking.items() if all(atom.holds(values) for atom in atoms))
        bits = sum((1 << place for place in holding), self._others)
        if not isinstance(value, Fraction):
            self[value] = bits
        return bits


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of a table as columns of bits.

    Args:
        by_input: name of an input that rows look at, and its column.
        every: the bits of all alternatives.
        rows: bits of the alternatives of a row, and its outcome, in order.
    """

    by_input: tuple[tuple[str, Column], ...]
    every: int
    rows: tuple[tuple[int, MatchedRow], ...]

    def matching(self, used: Mapping[str, UsedInput]) -> list[MatchedRow]:
        """List the outcomes of the rows that match, in order; `used` has every input."""
        left = self.every
        for name, column in self.by_input:
            left &= column[used[name].value]
        return [row for bits, row in self.rows if left & bits] if left else []


def columns_of(rows: Iterable[tuple[Alternatives, MatchedRow]]) -> Columns:
    """Write rows, each with its alternatives and its outcome, as columns."""
    alternatives: list[tuple[Atom, ...]] = []
    outcomes = []
    for own, outcome in rows:
        outcomes.append((((1 << len(own)) - 1) << len(alternatives), outcome))
        alternatives.extend(own)
    # In the order in which rows name them, and each once.
    names = dict.fromkeys(atom.name for atoms in alternatives for atom in atoms)
    columns = tuple((name, Column(name, alternatives)) for name in names)
    return Columns(columns, (1 << len(alternatives)) - 1, tuple(outcomes))

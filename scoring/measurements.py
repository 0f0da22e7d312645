"""What a clinician adds to an assessment by the own hand: measurements such as FEV1, from a list that content holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kernel.errors import Issue
from questionnaires.model import Text
from scoring.result import RuleVersion

LONGEST = 12
"""Characters of a number that a person writes."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing that can be written down with a decision.

    Args:
        code: kept with the decision.
        label: as clinicians read it, with its unit.
        unit: UCUM code.
        lowest, highest: what is beyond them is a slip of the pen; they judge nothing.
        decimals: most decimals.
        packages: care packages that ask for it.
        coding: (system, code, display) of a national code, where one is verified; the display may be empty.
    """

    code: str
    label: Text
    unit: str
    lowest: int
    highest: int
    decimals: int
    packages: frozenset[str]
    coding: tuple[str, str, str] | None = None

    def read(self, told: str) -> Decimal | None:
        """Read what was written, with a comma or a point; None where it is no such number or out of bounds."""
        try:
            value = Decimal(told.strip().replace(",", ".")) if len(told) <= LONGEST else Decimal("NaN")
        except InvalidOperation:
            return None
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > self.decimals:
            return None
        return value if self.lowest <= value <= self.highest else None


@dataclass(frozen=True, slots=True)
class MeasurementList:
    """The newest list; an older code keeps its words, because lists only grow.

    Args:
        version: id, version and hash of the file.
        kinds: code -> measurement, in order.
    """

    version: RuleVersion
    kinds: Mapping[str, Measurement]

    def of_package(self, package: str) -> tuple[Measurement, ...]:
        """List what one care package asks for, in order."""
        return tuple(one for one in self.kinds.values() if package in one.packages)

    def label(self, code: str) -> Text:
        """Return the words of a code; one that is no longer listed stands for itself."""
        known = self.kinds.get(code)
        return known.label if known else Text(code, code)


def read_measurements(
    told: Mapping[str, str], offered: Mapping[str, Measurement]
) -> tuple[Mapping[str, Decimal], tuple[Issue, ...]]:
    """Read what a clinician wrote.

    Args:
        told: code -> as it was written.
        offered: of the package.

    Returns:
        What could be read, and an issue for each that could not: `not-a-measurement` for a code that is not offered,
        `not-a-number` for a value that is none or lies out of bounds.
    """
    read: dict[str, Decimal] = {}
    issues: list[Issue] = []
    for code, text in told.items():
        known = offered.get(code)
        value = known.read(text) if known else None
        if value is not None:
            read[code] = value
        elif known is None:
            # Its name is not repeated: a caller may have put anything there.
            issues.append(Issue("code-invalid", "No such measurement.", "measurements", rule="not-a-measurement"))
        else:
            told_bounds = f"A number from {known.lowest} to {known.highest} with at most {known.decimals} decimals."
            issues.append(Issue("value", told_bounds, f"measurements.{code}", rule="not-a-number"))
    return read, tuple(issues)

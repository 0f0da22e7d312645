"""The profile of a care package: whom a population list may propose for it, by age, diagnosis and own patient."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from scoring.result import RuleVersion


class Misfit(StrEnum):
    """What speaks against a patient of a list; a clinician may order all the same."""

    DIAGNOSIS = "diagnosis"
    TOO_YOUNG = "too-young"
    AGE_UNKNOWN = "age-unknown"
    NOT_OWN = "not-own"


@dataclass(frozen=True, slots=True)
class Profile:
    """Whom a package is for.

    Args:
        minimum_age: whole years.
        own_patient: the patient must belong to the clinic.
        diagnoses: codes, upper case, of any of which one is enough.
    """

    version: RuleVersion
    package: str
    minimum_age: int
    own_patient: bool
    diagnoses: frozenset[str]

    def names(self, diagnosis: str) -> bool:
        """Tell whether a diagnosis proposes a patient for the package; dots and case do not count."""
        return _plain(diagnosis) in self.diagnoses

    def misfits(self, diagnosis: str, born: date | None, today: date, *, own_patient: bool) -> tuple[Misfit, ...]:
        """Tell what speaks against a patient.

        Args:
            born: None where the identifier does not tell.
            today: Danish date.
        """
        return tuple(self._misfits(diagnosis, born, today, own_patient=own_patient))

    def _misfits(self, diagnosis: str, born: date | None, today: date, *, own_patient: bool) -> Iterator[Misfit]:
        if not self.names(diagnosis):
            yield Misfit.DIAGNOSIS
        if born is None:
            yield Misfit.AGE_UNKNOWN
        elif age_on(born, today) < self.minimum_age:
            yield Misfit.TOO_YOUNG
        if self.own_patient and not own_patient:
            yield Misfit.NOT_OWN


@dataclass(frozen=True, slots=True)
class Profiles:
    """The newest profile of each package."""

    by_package: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, package: str) -> Profile | None:
        """Return the profile of a package; None where it has none."""
        return self.by_package.get(package)

    def proposed(self, diagnosis: str, packages: Collection[str]) -> tuple[str, ...]:
        """Return for which of these packages a diagnosis proposes a patient, in order."""
        return tuple(package for package in sorted(packages) if (found := self.of(package)) and found.names(diagnosis))


NO_PROFILES = Profiles()


def age_on(born: date, day: date) -> int:
    """Return the age in whole years; who was born on 29 February is older from 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _plain(code: str) -> str:
    return code.replace(".", "").upper()

"""Personal identifiers at the edge: CPR numbers and the two kinds of replacement numbers."""

import re
from dataclasses import dataclass, field
from datetime import date

from kernel.errors import InvalidInputError, Issue

CPR_KIND = "cpr"
X_ECPR_KIND = "x-ecpr"
D_ECPR_KIND = "d-ecpr"

_CPR = re.compile(r"([0-9]{6})-?([0-9]{4})")
_X_ECPR = re.compile(r"([0-9]{6})-?([17][A-Z]{2}[0-9])")
_D_ECPR = re.compile(r"([0-9]{6})-?([056][A-Z]{2}[0-9])")
_LEAP_YEAR = 2000
"""Replacement numbers do not tell the century; 29 February is taken for every year."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One personal identifier in its normal form.

    Args:
        kind: `cpr`, `x-ecpr` or `d-ecpr`.
        value: ten characters, without hyphen, letters in upper case.
    """

    kind: str
    value: str = field(repr=False)


def parse_identifier(text: str) -> Identifier:
    """Read a CPR number or a replacement number, with or without hyphen.

    Returns:
        The identifier in its normal form. No modulus-11 check: CPR numbers without a valid check digit exist.

    Raises:
        InvalidInputError: it is none of the three kinds; the message never holds the text.

    Source: dk-core (hl7.dk/fhir/core), identifiers of Patient; century rule of the CPR office ("Personnummeret i CPR").
    """
    wanted = text.strip().upper()
    for kind, pattern, is_day in (
        (CPR_KIND, _CPR, _is_birth_day),
        (X_ECPR_KIND, _X_ECPR, _is_calendar_day),
        (D_ECPR_KIND, _D_ECPR, _is_calendar_day),
    ):
        match = pattern.fullmatch(wanted)
        if match and is_day(*match.groups()):
            return Identifier(kind, "".join(match.groups()))
    issue = Issue(
        "value", "This is no CPR number or replacement number.", expression="identifier", rule="not-an-identifier"
    )
    raise InvalidInputError(issue.text, issues=[issue])


def born_on(kind: str, value: str) -> date | None:
    """Return the date of birth that an identifier tells; None for replacement numbers, which do not tell the century.

    Source: century rule of the CPR office ("Personnummeret i CPR").
    """
    if kind != CPR_KIND:
        return None
    year = _century(int(value[6]), int(value[4:6])) + int(value[4:6])
    return date(year, int(value[2:4]), int(value[:2]))


def masked(value: str) -> str:
    """Hide all but the birth date of an identifier, for pages where a clinician must tell patients apart."""
    return f"{value[:6]}-xxxx"


def _is_birth_day(digits: str, serial: str) -> bool:
    year = _century(int(serial[0]), int(digits[4:])) + int(digits[4:])
    return _exists(year, digits)


def _is_calendar_day(digits: str, _serial: str) -> bool:
    return _exists(_LEAP_YEAR, digits)


def _century(seventh: int, year: int) -> int:
    """Return the century that the seventh digit gives to a two-digit year."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def _exists(year: int, digits: str) -> bool:
    try:
        date(year, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True

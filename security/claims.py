"""What a broker says of a person who signs in, and what it means here: nobody is let in on less than it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from kernel.errors import AccessError, InvalidInputError
from security.actor import Role
from security.cpr import Identifier, parse_identifier

LONGEST = 200
"""Characters of a subject, a name or an identifier of a clinic."""
STAFF_ROLES = (Role.CLINICIAN, Role.CLINIC_STAFF, Role.CLINIC_ADMIN)


class Assurance(IntEnum):
    """How sure it is who signed in.

    Source: NSIS 2.0.1 (National Standard for Identiteters Sikringsniveauer), levels of assurance.
    """

    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """Where a broker says what; each broker has its own names for it, so they are settings.

    Args:
        name: claim of the person's name.
        sor: claim of the clinic's SOR id; empty = it says none.
        provider_number: claim of the clinic's ydernummer; empty = it says none.
        role: claim of the roles.
        roles: what a value of it is here; the first in order that is said counts.
        assurance: claim of the level of assurance.
        levels: what a value of it is; a value that is not here is no assurance.
    """

    name: str
    sor: str
    provider_number: str
    role: str
    roles: Mapping[str, Role]
    assurance: str
    levels: Mapping[str, Assurance]


@dataclass(frozen=True, slots=True)
class CitizenRules:
    """Where a broker says who a citizen is.

    Args:
        cpr: claim of the CPR number.
        assurance: claim of the level of assurance.
        levels: what a value of it is; a value that is not here is no assurance.
    """

    cpr: str
    assurance: str
    levels: Mapping[str, Assurance]


@dataclass(frozen=True, slots=True)
class StaffIdentity:
    """Who signed in, as the broker says and we understand it.

    Args:
        issuer: of the broker.
        subject: what the broker calls the person; never shown, kept as an index alone.
        sor_ids: of the clinics that the broker names.
        provider_numbers: of the same clinics, where it names them so.
    """

    issuer: str
    subject: str
    name: str
    role: Role
    sor_ids: tuple[str, ...]
    provider_numbers: tuple[str, ...]


def identity_of(issuer: str, claims: Mapping[str, Any], rules: ClaimRules) -> StaffIdentity:
    """Read the claims of a checked ID token.

    Raises:
        AccessError: it is not sure enough who it is, or it is not said who, where or as what; nothing is repeated.

    Source: docs/architecture.md section 9; NSIS, at least substantial for access to health data.
    """
    _demand_substantial(claims, rules)
    subject, name = (_one(claims.get(claim)) for claim in ("sub", rules.name))
    role = next((role for value, role in rules.roles.items() if value in _all(claims.get(rules.role))), None)
    sor_ids, numbers = (_all(claims.get(claim)) if claim else () for claim in (rules.sor, rules.provider_number))
    if not subject or not name:
        raise AccessError("The broker does not say who signed in.")
    if role is None:
        raise AccessError("The broker says no role that is known here.")
    if not sor_ids and not numbers:
        raise AccessError("The broker names no clinic.")
    return StaffIdentity(issuer, subject, name, role, sor_ids, numbers)


def citizen_of(claims: Mapping[str, Any], rules: CitizenRules) -> Identifier:
    """Read who signed in as a citizen from the claims of a checked ID token; nothing but the number is looked at.

    Raises:
        AccessError: it is not sure enough who it is, or no usable number is said; nothing is repeated.
    """
    _demand_substantial(claims, rules)
    try:
        return parse_identifier(_one(claims.get(rules.cpr)))
    except InvalidInputError as error:
        raise AccessError("The broker says no CPR number.") from error


def _demand_substantial(claims: Mapping[str, Any], rules: ClaimRules | CitizenRules) -> None:
    # The least of what is said: a broker that says two levels of one sign-in is not believed the better one.
    said = [rules.levels.get(value) for value in _all(claims.get(rules.assurance))]
    if not said or any(level is None or level < Assurance.SUBSTANTIAL for level in said):
        raise AccessError("The sign-in is not of level substantial.")


def _one(value: Any) -> str:
    found = _all(value)
    return found[0].strip() if len(found) == 1 else ""


def _all(value: Any) -> tuple[str, ...]:
    values: Iterable[Any] = value if isinstance(value, list) else (value,)
    return tuple(one for one in values if isinstance(one, str) and 0 < len(one) <= LONGEST)

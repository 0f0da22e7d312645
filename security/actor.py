"""Who acts: every use case is told, and every audit row says it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kernel.ids import ClinicId, PatientRef, PersonId
from security.scopes import Scopes


class Role(StrEnum):
    """What kind of caller it is."""

    PATIENT = "patient"
    RELATED_PERSON = "related-person"
    CLINICIAN = "clinician"
    CLINIC_STAFF = "clinic-staff"
    CLINIC_ADMIN = "clinic-admin"
    SYSTEM = "system"
    CHANNEL = "channel"
    WORKER = "worker"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that calls, bound to one clinic.

    Args:
        role: decides what it may do (`security.policy`).
        id: stable id of the person, client or channel; for a patient the pseudonym. Never a CPR number.
        clinic_id: the only clinic whose rows it can reach.
        display: the name that a decision shows; empty for systems and patients.
        on_behalf_of: id of the clinician in whose delegation a nurse acts.
        scopes: what the token is limited to at the machine doors; None = to nothing but the role.
        patient_ref: the only patient whom it may see or act for, of a session that a practice system opened; None =
            whom the role may see.
    """

    role: Role
    id: str
    clinic_id: ClinicId
    display: str = ""
    on_behalf_of: str | None = None
    scopes: Scopes | None = None
    patient_ref: PatientRef | None = None


class Authenticator(Protocol):
    """Finds out who calls."""

    def by_token(self, token: str) -> Actor | None:
        """Return the actor of a bearer token, or None for an unknown one."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a clinic's staff.

    Args:
        id: ours.
        clinic_id: where the person works.
        name: shown with decisions.
        role: clinician, clinic-staff or clinic-admin.
    """

    id: PersonId
    clinic_id: ClinicId
    name: str
    role: Role

"""Who may do what: a table of roles and actions; what it does not name is refused."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kernel.errors import AccessError
from security.actor import Actor, Role
from security.scopes import permits


class Action(StrEnum):
    """What a use case does, as far as access is concerned."""

    ENROL = "enrol"
    READ_RECORDS = "read-records"
    READ_PATIENT = "read-patient"
    READ_IDENTIFIER = "read-identifier"
    SUBMIT_RESPONSE = "submit-response"
    AMEND_RESPONSE = "amend-response"
    DECIDE = "decide"
    MOVE_ACTION = "move-action"
    READ_WORKLIST = "read-worklist"
    FILL_FORM = "fill-form"
    SEND_EVENTS = "send-events"
    OPERATE = "operate"
    REPORT_STATUS = "report-status"
    IMPORT_CANDIDATES = "import-candidates"
    READ_CANDIDATES = "read-candidates"
    ASSESS_CANDIDATES = "assess-candidates"
    READ_AUDIT = "read-audit"
    READ_OWN_LOG = "read-own-log"
    CONTROL_PATIENT_DATA = "control-patient-data"
    LAUNCH = "launch"
    RELATE = "relate"
    MONITOR = "monitor"
    ADMINISTER = "administer"


POPULATION = frozenset({Action.REPORT_STATUS, Action.IMPORT_CANDIDATES})
"""Bringing lists in; whoever may do it sees nothing of what is there."""
RECORDS = frozenset(
    {
        Action.READ_RECORDS,
        Action.READ_PATIENT,
        Action.READ_IDENTIFIER,
        Action.SUBMIT_RESPONSE,
        Action.AMEND_RESPONSE,
    }
)
"""The patient's record: answers, results, and who a pseudonym is."""
CLINICAL = (
    POPULATION
    | RECORDS
    | {
        Action.ENROL,
        Action.DECIDE,
        Action.MOVE_ACTION,
        Action.READ_WORKLIST,
        Action.FILL_FORM,
        Action.READ_CANDIDATES,
        Action.ASSESS_CANDIDATES,
        Action.RELATE,
        Action.MONITOR,
    }
)
CONTROL = frozenset({Action.READ_AUDIT, Action.CONTROL_PATIENT_DATA})
"""What a clinic owes its patients as controller: to tell, to keep and to destroy; operators do it on its order."""
DELEGATED = frozenset({Action.DECIDE, Action.ASSESS_CANDIDATES})
"""What a clinician answers for by name; others of the staff do it in the delegation of one."""
ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.PATIENT: frozenset({Action.FILL_FORM, Action.SUBMIT_RESPONSE, Action.READ_OWN_LOG}),
        Role.RELATED_PERSON: frozenset({Action.FILL_FORM, Action.SUBMIT_RESPONSE}),
        Role.CLINICIAN: CLINICAL | {Action.READ_AUDIT},
        Role.CLINIC_STAFF: CLINICAL,
        Role.CLINIC_ADMIN: frozenset(
            {Action.ENROL, Action.READ_PATIENT, Action.MONITOR, Action.ADMINISTER, *CONTROL, *POPULATION}
        ),
        Role.SYSTEM: POPULATION | RECORDS | {Action.ENROL, Action.READ_CANDIDATES, Action.READ_AUDIT, Action.LAUNCH},
        Role.CHANNEL: frozenset({Action.SUBMIT_RESPONSE, Action.SEND_EVENTS}),
        Role.WORKER: frozenset({Action.OPERATE}),
        Role.OPERATOR: frozenset({Action.OPERATE, Action.ADMINISTER, *CONTROL, *POPULATION}),
    }
)
"""Role -> actions. Running a clinic gives no right to read its patients' answers."""


STAFF = frozenset({Role.CLINICIAN, Role.CLINIC_STAFF, Role.CLINIC_ADMIN})
"""People, who look because they choose to."""


def needs_relation(actor: Actor) -> bool:
    """Tell whether the actor may see only patients whom the clinic treats, or is to decide on.

    Source: docs/architecture.md section 9; sundhedsloven section 42 a: lookups for current treatment only.
    """
    return actor.role in STAFF


def allow(actor: Actor, action: Action) -> None:
    """Let the actor pass, or refuse.

    Staff decide, and order or exclude candidates, only in the delegation of a clinician, which the actor names.

    Raises:
        AccessError: the actor's role may not do this.

    Source: docs/architecture.md section 4 (decision by a named clinician) and section 9 (deny by default).
    """
    delegated = actor.role is not Role.CLINIC_STAFF or action not in DELEGATED or bool(actor.on_behalf_of)
    if action not in ALLOWED.get(actor.role, frozenset()) or not delegated:
        raise AccessError("You may not do this.")


def allow_scope(actor: Actor, resource: str, letter: str) -> None:
    """Let a token pass at a machine door, or refuse; its scopes narrow what the role may, and never widen it.

    Args:
        resource: FHIR resource type that the door is about; empty where no scope opens it.
        letter: one of `cruds`.

    Raises:
        AccessError: the token has scopes, and none covers this.

    Source: SMART App Launch 2.2, backend services.
    """
    if actor.scopes is not None and not (resource and permits(actor.scopes, resource, letter)):
        raise AccessError("The scopes of this token do not cover this.")


def may(actor: Actor, action: Action) -> bool:
    """Tell whether the actor may do this: for what is shown to some and left out for others."""
    try:
        allow(actor, action)
    except AccessError:
        return False
    return True

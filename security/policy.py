"""Who may do what: a table of roles and actions; what it does not name is refused."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from kernel.errors import AccessError
from security.actor import Actor, Role


class Action(StrEnum):
    """What a use case does, as far as access is concerned."""

    ENROL = "enrol"
    READ_RECORDS = "read-records"
    SUBMIT_RESPONSE = "submit-response"
    DECIDE = "decide"
    READ_WORKLIST = "read-worklist"
    FILL_FORM = "fill-form"
    SEND_EVENTS = "send-events"
    OPERATE = "operate"


ALLOWED: Mapping[Role, frozenset[Action]] = MappingProxyType(
    {
        Role.PATIENT: frozenset({Action.FILL_FORM, Action.SUBMIT_RESPONSE}),
        Role.CLINICIAN: frozenset(
            {Action.ENROL, Action.READ_RECORDS, Action.SUBMIT_RESPONSE, Action.DECIDE, Action.READ_WORKLIST}
        ),
        Role.CLINIC_STAFF: frozenset(
            {Action.ENROL, Action.READ_RECORDS, Action.SUBMIT_RESPONSE, Action.DECIDE, Action.READ_WORKLIST}
        ),
        Role.CLINIC_ADMIN: frozenset({Action.ENROL}),
        Role.SYSTEM: frozenset({Action.ENROL, Action.READ_RECORDS, Action.SUBMIT_RESPONSE}),
        Role.CHANNEL: frozenset({Action.SUBMIT_RESPONSE, Action.SEND_EVENTS}),
        Role.WORKER: frozenset({Action.OPERATE}),
        Role.OPERATOR: frozenset({Action.OPERATE}),
    }
)
"""Role -> actions. Running a clinic gives no right to read its patients' answers."""


def allow(actor: Actor, action: Action) -> None:
    """Let the actor pass, or refuse.

    Staff decide only in the delegation of a clinician, which the actor names.

    Raises:
        AccessError: the actor's role may not do this.

    Source: docs/architecture.md section 4 (decision by a named clinician) and section 9 (deny by default).
    """
    delegated = actor.role is not Role.CLINIC_STAFF or action is not Action.DECIDE or bool(actor.on_behalf_of)
    if action not in ALLOWED.get(actor.role, frozenset()) or not delegated:
        raise AccessError("You may not do this.")

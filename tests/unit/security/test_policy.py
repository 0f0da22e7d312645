"""Access: the whole table of roles and actions, written down once more."""

import pytest

from kernel.errors import AccessError
from kernel.ids import ClinicId
from security.actor import Actor, Role
from security.policy import Action, allow, may

CLINIC = ClinicId("clinic-1")
POPULATION = {Action.REPORT_STATUS, Action.IMPORT_CANDIDATES}
RECORDS = {
    Action.READ_RECORDS,
    Action.READ_PATIENT,
    Action.READ_IDENTIFIER,
    Action.SUBMIT_RESPONSE,
    Action.AMEND_RESPONSE,
}
CLINICAL = {
    *POPULATION,
    *RECORDS,
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
DELEGATED = {Action.DECIDE, Action.ASSESS_CANDIDATES}
EXPECTED = {
    Role.PATIENT: {Action.FILL_FORM, Action.SUBMIT_RESPONSE, Action.READ_OWN_LOG},
    Role.RELATED_PERSON: {Action.FILL_FORM, Action.SUBMIT_RESPONSE},
    Role.CLINICIAN: {*CLINICAL, Action.READ_AUDIT},
    Role.CLINIC_STAFF: CLINICAL - DELEGATED,
    Role.CLINIC_ADMIN: {
        *(Action.ENROL, Action.READ_PATIENT, Action.READ_AUDIT, Action.CONTROL_PATIENT_DATA, *POPULATION),
        *(Action.MONITOR, Action.ADMINISTER),
    },
    Role.SYSTEM: {Action.ENROL, Action.READ_CANDIDATES, Action.READ_AUDIT, Action.LAUNCH, *RECORDS, *POPULATION},
    Role.CHANNEL: {Action.SUBMIT_RESPONSE, Action.SEND_EVENTS},
    Role.WORKER: {Action.OPERATE},
    Role.OPERATOR: {Action.OPERATE, Action.ADMINISTER, Action.READ_AUDIT, Action.CONTROL_PATIENT_DATA, *POPULATION},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_role_may_do_what_the_table_names_and_nothing_else(role, action):
    assert may(Actor(role, "somebody", CLINIC), action) == (action in EXPECTED[role])


@pytest.mark.parametrize("action", sorted(DELEGATED))
def test_staff_decide_in_the_delegation_of_a_clinician(action):
    nurse = Actor(Role.CLINIC_STAFF, "nurse", CLINIC, on_behalf_of="clinician-1")

    assert may(nurse, action)


def test_nobody_else_gets_the_right_to_decide_by_a_delegation():
    for role in set(Role) - {Role.CLINICIAN, Role.CLINIC_STAFF}:
        assert not may(Actor(role, "somebody", CLINIC, on_behalf_of="clinician-1"), Action.DECIDE)


def test_a_refusal_is_forbidden_and_tells_nothing():
    with pytest.raises(AccessError) as caught:
        allow(Actor(Role.PATIENT, "patient-1", CLINIC), Action.DECIDE)

    assert caught.value.status == 403
    assert "patient-1" not in str(caught.value)

"""The staff of a clinic look at patients whom it treats or is to decide on; a look at another is refused, and told."""

import pytest

from flow.identify import Identify
from flow.populate import PopulateResponse
from kernel.errors import NotFoundError
from kernel.ids import PatientRef
from security.actor import Role
from security.audit import AuditEvent
from security.cpr import Identifier
from tests.builders import an_actor
from tests.way import CONTENT, NANCY

NUMBER = Identifier("cpr", NANCY[0])
STAFF = (Role.CLINICIAN, Role.CLINIC_STAFF, Role.CLINIC_ADMIN)
NOBODY = PatientRef("0192f000-0000-7000-8000-00000000dead")


@pytest.fixture
def stranger(way):
    """A patient of the clinic whom nothing ties to it: left by a list that no longer names the patient."""
    with way.store.write(way.system.clinic_id, way.system) as tx:
        return tx.patients.add(*(NUMBER, NANCY[1]))


@pytest.fixture
def identify(way):
    return Identify(way.store)


def refusals(way):
    with way.look() as tx:
        return [(one.purpose, one.patients) for one in tx.audit.events() if one.action == "refuse"]


@pytest.mark.parametrize("role", STAFF)
def test_who_is_not_treated_looks_like_nobody_and_the_look_is_in_the_patient_s_log(way, identify, stranger, role):
    with pytest.raises(NotFoundError) as refused:
        identify.read(an_actor(role), stranger)
    with pytest.raises(NotFoundError) as nobody:
        identify.read(an_actor(role), NOBODY)

    assert refused.value.issues == nobody.value.issues
    assert refusals(way) == [("no-relation", (stranger,))]


def test_a_number_of_somebody_who_is_not_treated_finds_nobody(way, identify, stranger):
    assert identify.find(an_actor(), NUMBER) is None
    assert refusals(way) == [("no-relation", (stranger,))]


def test_nothing_is_populated_for_who_is_not_treated(way, stranger):
    (questionnaire,) = (one for one in CONTENT.questionnaires.all() if one.id == "cat")

    with pytest.raises(NotFoundError):
        PopulateResponse(way.store, way.content)(an_actor(), questionnaire, stranger)

    assert refusals(way) == [("no-relation", (stranger,))]


@pytest.mark.parametrize("state", ["active", "ended"])
def test_who_is_or_was_enrolled_is_seen(way, identify, state):
    enrolled = way.enrolled()
    with way.store.write(way.system.clinic_id, way.system) as tx:
        tx.enrolments.set_state(enrolled.enrolment_id, state)

    assert identify.read(an_actor(), enrolled.patient_ref).identity.name == NANCY[1]
    assert refusals(way) == []


def test_who_waits_for_somebody_to_decide_is_seen(way, identify, bring):
    bring(f"{NANCY[0]};{NANCY[1]};KOL;R95;ja\n")
    found = identify.find(an_actor(), NUMBER)

    assert found is not None
    assert identify.read(an_actor(), found.identity.ref).identity.name == NANCY[1]
    assert refusals(way) == []


def test_a_system_keeps_the_record_and_is_asked_for_no_relation(way, identify, stranger):
    assert identify.read(way.system, stranger).identity.name == NANCY[1]


def test_there_is_no_act_without_a_purpose():
    with pytest.raises(ValueError, match="purpose"):
        AuditEvent("read", "Patient/1", (NOBODY,), "")

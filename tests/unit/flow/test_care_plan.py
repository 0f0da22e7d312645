"""Enrolling by a CarePlan, given as plain values."""

from datetime import date

import pytest

from flow.care_plan import CarePlanOrder, EnrolByCarePlan
from kernel.errors import AccessError, ConflictError, InvalidInputError
from security.actor import Role
from security.cpr import parse_identifier
from tests.builders import an_actor
from tests.way import CONTENT, NANCY

BASE = "https://svarbro.example/fhir/PlanDefinition/"
NEWEST = CONTENT.programmes.newest("kol")
KOL = f"{BASE}kol|{NEWEST.version}"


@pytest.fixture
def enrol(way):
    return EnrolByCarePlan(way.store, CONTENT)


def order(**others):
    values = {"identifier": NANCY[0], "name": NANCY[1], "instantiates": (KOL,), **others}
    return CarePlanOrder(**values)


def test_a_care_plan_enrols_in_the_package_of_its_programme(way, enrol):
    enrolled = enrol(way.system, order(start=date(2027, 2, 1)))

    with way.look() as tx:
        enrolment = tx.enrolments.get(enrolled.enrolment_id)
        first, *_ = tx.schedule.planned_slots(enrolment.id)
        acts = [(event.action, event.entity) for event in tx.audit.events()]
    assert (enrolment.package, enrolment.programme, enrolment.programme_version) == ("KOL", "kol", NEWEST.version)
    assert first.nominal_date == date(2027, 2, 1)
    assert ("enrol", f"CarePlan/{enrolment.id}") in acts


def test_other_canonicals_and_a_missing_version_do_no_harm(way, enrol):
    enrolled = enrol(way.system, order(instantiates=("https://other.example/PlanDefinition/x|1", f"{BASE}kol")))

    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).programme_version == NEWEST.version


def test_the_named_version_is_the_one_that_plans(way, enrol):
    enrolled = enrol(way.system, order(instantiates=(f"{BASE}kol|2.0.0",)))

    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).programme_version == "2.0.0"


def test_a_patient_of_the_clinic_needs_no_name(way, enrol):
    with way.store.write(way.system.clinic_id, way.system) as tx:
        tx.patients.add(parse_identifier(NANCY[0]), NANCY[1])

    assert enrol(way.system, order(name="")).enrolment_id


@pytest.mark.parametrize(
    ("change", "element", "rule"),
    [
        ({"identifier": "251248"}, "CarePlan.subject.identifier", "not-an-identifier"),
        ({"name": " "}, "CarePlan.subject.display", "required"),
        ({"instantiates": ()}, "CarePlan.instantiatesCanonical", "one-programme"),
        ({"instantiates": (KOL, f"{BASE}kol")}, "CarePlan.instantiatesCanonical", "one-programme"),
        ({"instantiates": (f"{BASE}kol|9.9.9",)}, "CarePlan.instantiatesCanonical", "unknown-programme"),
        ({"instantiates": (f"{BASE}nothing",)}, "CarePlan.instantiatesCanonical", "unknown-programme"),
    ],
)
def test_a_fault_is_named_by_the_element_of_the_care_plan(way, enrol, change, element, rule):
    with pytest.raises(InvalidInputError) as refused:
        enrol(way.system, order(**change))

    assert [(issue.expression, issue.rule) for issue in refused.value.issues] == [(element, rule)]
    with way.look() as tx:
        assert tx.enrolments.all(limit=1) == ()


def test_a_second_care_plan_for_the_package_is_a_conflict(way, enrol):
    enrol(way.system, order())

    with pytest.raises(ConflictError):
        enrol(way.system, order())


def test_a_patient_enrols_nobody(enrol):
    with pytest.raises(AccessError):
        enrol(an_actor(Role.PATIENT), order())

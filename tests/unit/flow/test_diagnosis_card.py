"""Diagnosis cards become candidates by the profiles of the packages; what cannot be read is named, never shown."""

import json

import pytest

from delivery.profile import Misfit
from flow.candidate_import import ImportCandidates, Listed
from flow.candidates import Candidates
from flow.entry import Entry
from kernel.errors import InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, a_clinic, an_actor, an_opt_in
from tests.way import CONTENT

SOR = "urn:oid:1.2.208.176.1.1"
OWN = a_clinic(CLINIC_ID).sor_id
HEADER = "identifier;name;diagnosis;own_patient\n"


@pytest.fixture
def bring(way):
    with way.store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", plan_target="lps-note"))

    def bring(*documents):
        raw = b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in documents)
        return ImportCandidates(way.store, CONTENT.profiles)(way.system, raw)

    return bring


@pytest.fixture
def shown(way):
    candidates = Candidates(way.store, way.clock, Entry(CONTENT, frozenset({"webpatient"})), CONTENT.profiles)
    return lambda: candidates.listed(way.doctor).candidates


def condition(code, state="active"):
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"code": state}]},
        "code": {"coding": [{"system": "urn:oid:1.2.208.176.2.31", "code": code}]},
    }


def card(*conditions, identifier="2512489996", sor_id=OWN, kind="document", loinc="11450-4", **patient):
    organisation = {"resourceType": "Organization", "identifier": [{"system": SOR, "value": sor_id}]}
    about = {
        "resourceType": "Patient",
        "identifier": [{"system": "urn:oid:1.2.208.176.1.2", "value": identifier}],
        "name": [{"use": "official", "given": ["Nancy", "Ann"], "family": "Berggren"}],
        "generalPractitioner": [{"reference": "urn:uuid:2"}],
        **patient,
    }
    composition = {"resourceType": "Composition", "type": {"coding": [{"code": loinc}]}}
    resources = [composition, about, organisation, *conditions]
    entries = [{"fullUrl": f"urn:uuid:{n}", "resource": one} for n, one in enumerate(resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def test_a_card_proposes_its_patient_for_each_package_whose_diagnosis_it_names(bring, shown):
    outcome = bring(card(condition("L86"), condition("DJ44"), condition("A01")))

    assert outcome.lines[Listed.ADDED] == (1, 1)
    assert [(one.name, one.candidate.package, one.candidate.diagnosis, one.misfits) for one in shown()] == [
        ("Nancy Ann Berggren", "KOL", "DJ44", ()),
        ("Nancy Ann Berggren", "LRS", "L86", ()),
    ]


def test_a_condition_that_is_over_proposes_nobody(bring, shown):
    outcome = bring(card(condition("R95", "resolved"), condition("L86", "remission"), condition("L84", "inactive")))

    assert (outcome.lines[Listed.NOT_PROPOSED], shown()) == ((1,), ())


def test_whose_patient_it_is_says_the_general_practitioner(bring, shown):
    other = card(condition("R95"), identifier="0104909995", sor_id="123456789012")
    logical = card(
        condition("R95"),
        identifier="3001749995",
        generalPractitioner=[{"identifier": {"system": SOR, "value": OWN}}],
    )

    bring(card(condition("R95")), other, logical)

    assert [one.misfits for one in shown()] == [(), (Misfit.NOT_OWN,), ()]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (card(kind="collection"), "document 2, Bundle.type"),
        (card(loinc="34133-9"), "document 2, Composition.type"),
        (card({"resourceType": "Patient"}), "document 2, Patient"),
        (card(identifier="99"), "document 2, Patient.identifier"),
        (card(name=[]), "document 2, Patient.name"),
        (b'{"resourceType": "Bundle", "resourceType": "Bundle"}', "document 2"),
    ],
    ids=["no document", "another document", "two patients", "no number", "no name", "a key twice"],
)
def test_a_document_that_cannot_be_used_is_named_and_nobody_becomes_a_candidate(bring, shown, document, place):
    with pytest.raises(InvalidInputError) as refused:
        bring(card(condition("R95")), document)

    assert [issue.expression for issue in refused.value.issues] == [place]
    assert "Berggren" not in str(refused.value.issues)
    assert shown() == ()


def test_a_list_without_packages_is_sorted_by_the_profiles(bring, shown):
    lines = "2512489996;Nancy;R95;ja\n0104909995;Sverre;l86;nej\n3001749995;Niels;A01;ja\n"
    outcome = bring((HEADER + lines).encode())

    assert (outcome.read, outcome.lines[Listed.ADDED], outcome.lines[Listed.NOT_PROPOSED]) == (3, (2, 3), (4,))
    assert [(one.candidate.package, one.misfits) for one in shown()] == [("KOL", ()), ("LRS", (Misfit.NOT_OWN,))]

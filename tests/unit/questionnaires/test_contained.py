"""What a response may contain: who, and nothing that could change what was answered."""

import pytest

from tests.unit.questionnaires.any_form import a, check, faults, form, q, rules

FORM = form(q("b", "boolean"), q("r", "reference"))
YES = a("b", ("Boolean", True))
CPR = "urn:oid:1.2.208.176.1.2"


def inside(kind, **more):
    return {"resourceType": kind, "id": "p", **more}


@pytest.mark.parametrize(
    ("element", "resource"),
    [
        ("author", inside("Practitioner", name=[{"text": "Læge"}], gender="female")),
        ("author", inside("Device", status="active")),
        ("source", inside("RelatedPerson", patient={"reference": "Patient/1"})),
        ("subject", inside("Patient", birthDate="1989", active=True)),
        ("author", inside("Organization", name="Klinikken", alias=["K"])),
    ],
    ids=lambda one: one if isinstance(one, str) else one["resourceType"],
)
def test_people_and_devices_may_be_contained_where_they_are_referred_to(element, resource):
    assert rules(FORM, YES, contained=[resource], **{element: {"reference": "#p"}}) == []


def test_an_answer_may_refer_to_what_is_contained():
    assert rules(FORM, a("r", ("Reference", {"reference": "#p"})), contained=[inside("Patient")]) == []


def test_the_identifier_of_a_contained_subject_tells_who_it_is():
    named = inside("Patient", identifier=[{"system": "x:y", "value": "1"}, {"system": CPR, "value": "2512489996"}])

    found = check(FORM, YES, contained=[named], subject={"reference": "#p"})

    assert (found.subject, found.subject_identifier) == (None, (CPR, "2512489996"))
    nameless = check(FORM, YES, contained=[inside("Patient")], subject={"reference": "#p"})
    assert (nameless.subject, nameless.subject_identifier) == (None, None)


PATIENT = inside("Patient")


@pytest.mark.parametrize(
    ("contained", "found"),
    [
        ([inside("Questionnaire")], ("contained-type", "contained[0].resourceType")),
        ([inside("Observation")], ("contained-type", "contained[0].resourceType")),
        ([{"id": "p"}], ("contained-type", "contained[0].resourceType")),
        ([PATIENT, PATIENT], ("contained-id", "contained[1].id")),
        ([PATIENT, {**PATIENT, "id": "q"}], ("contained-id", "contained[1].id")),
        ([PATIENT, {"resourceType": "Patient"}], ("contained-id", "contained[1].id")),
        ([PATIENT, {**PATIENT, "id": "a b"}], ("wrong-type", "contained[1].id")),
        ([PATIENT, {**PATIENT, "id": ["q"]}], ("wrong-type", "contained[1].id")),
        ([inside("Patient", meta={"versionId": "1"})], ("not-supported", "contained[0].meta.versionId")),
        (
            [inside("Patient", meta={"lastUpdated": "2026-11-20T12:00:00Z"})],
            ("not-supported", "contained[0].meta.lastUpdated"),
        ),
        (
            [inside("Patient", meta={"security": [{"system": "s:s", "code": "R"}]})],
            ("not-supported", "contained[0].meta.security"),
        ),
        ([inside("Patient", meta=3)], ("not-an-object", "contained[0].meta")),
        ([inside("Patient", contained=[PATIENT])], ("not-supported", "contained[0].contained")),
        ([inside("Patient", modifierExtension=[{"url": "x"}])], ("not-supported", "contained[0].modifierExtension")),
        ([inside("Patient", gender="f")], ("unknown-code", "contained[0].gender")),
        ([inside("Patient", deceasedBoolean=True)], ("unknown-element", "contained[0].deceasedBoolean")),
        ([inside("Patient", active="true")], ("wrong-type", "contained[0].active")),
        ([3, PATIENT], ("not-an-object", "contained[0]")),
    ],
    ids=str,
)
def test_all_else_that_is_contained_is_refused_by_name(contained, found):
    told = [(rule, place) for rule, place, _ in faults(FORM, YES, contained=contained, subject={"reference": "#p"})]

    assert told == [found]


def test_contained_is_a_list_with_something_in_it():
    assert faults(FORM, YES, contained=[]) == [("empty", "contained", None)]
    assert faults(FORM, YES, contained=3) == [("not-a-list", "contained", None)]
    assert faults(FORM, YES, contained={"id": "p"}) == [("not-a-list", "contained", None)]


def test_what_a_person_who_is_contained_may_still_say_of_himself_passes():
    profiled = inside("Patient", meta={"profile": ["https://a.example/p"], "tag": [{"code": "x"}], "source": "a:b"})

    assert rules(FORM, YES, contained=[profiled], subject={"reference": "#p"}) == []


def test_an_id_that_nothing_refers_to_is_told_once_for_each_that_has_it():
    unnamed = inside("Device", id="d")

    assert faults(FORM, YES, contained=[PATIENT, unnamed, unnamed], subject={"reference": "#p"}) == [
        ("contained-id", "contained[1].id", None),
        ("contained-id", "contained[2].id", None),
    ]


def test_a_local_reference_needs_what_it_names():
    assert faults(FORM, YES, author={"reference": "#x"}) == [("wrong-type", "author.reference", None)]

"""Searching by time, and in the order of time."""

import json

import pytest

from tests.contract.doors import BODIES
from tests.contract.fhir.searches import ASKED, ids, tell, walk

PATH = "/fhir/QuestionnaireResponse"
DAYS = ("2026-11-17", "2026-11-15", "2026-11-16", "2026-11-14")

TIMES = (
    ("Task", "authored-on"),
    ("Task", "_lastUpdated"),
    ("Observation", "date"),
    ("Observation", "_lastUpdated"),
    ("ClinicalImpression", "date"),
    ("Provenance", "recorded"),
)


@pytest.fixture
def dated(house):
    """Answers that were finished on these days and came on one: ids by day, in the order in which they came."""
    asked = house.asked(house.enrol())
    bodies = [{**BODIES[name](request.id), "authored": f"{day}T09:30:00+01:00"}
              for day, (name, request) in zip(DAYS, asked.items(), strict=True)]  # fmt: skip
    return dict(zip(DAYS, [house.post(PATH, body).json()["id"] for body in bodies], strict=True))


@pytest.mark.parametrize(
    ("search", "days"),
    [
        ("authored=2026-11-15", ["2026-11-15"]),
        ("authored=eq2026-11-15", ["2026-11-15"]),
        ("authored=ne2026-11-15", ["2026-11-17", "2026-11-16", "2026-11-14"]),
        ("authored=ge2026-11-16", ["2026-11-17", "2026-11-16"]),
        ("authored=gt2026-11-16", ["2026-11-17"]),
        ("authored=le2026-11-15", ["2026-11-15", "2026-11-14"]),
        ("authored=lt2026-11-15", ["2026-11-14"]),
        ("authored=ge2026-11-15&authored=lt2026-11-17", ["2026-11-15", "2026-11-16"]),
        ("authored=2026-11-14,2026-11-17", ["2026-11-17", "2026-11-14"]),
        ("authored=2026-11-15T08:30:00Z", ["2026-11-15"]),
        ("authored=gt2026-11-15T08:30:00Z&authored=lt2026-11-17", ["2026-11-16"]),
        ("authored=2026-11", list(DAYS)),
        ("authored=2025", []),
        ("_lastUpdated=lt2026-11-20", []),
        ("_lastUpdated=ge2026-11-20", list(DAYS)),
    ],
)
def test_a_time_finds_what_lies_in_it(house, dated, search, days):
    assert ids(house, f"{PATH}?{search}") == [dated[day] for day in days]


@pytest.mark.parametrize(("sort", "days"), [("authored", sorted(DAYS)), ("-authored", sorted(DAYS, reverse=True))])
def test_answers_come_in_the_order_that_is_asked_for_page_by_page(house, dated, sort, days):
    wanted = [dated[day] for day in days]

    assert ids(house, f"{PATH}?_sort={sort}") == wanted
    assert walk(house, f"{PATH}?_sort={sort}&_count=1") == wanted
    assert walk(house, f"{PATH}?_sort={sort}&_count=3") == wanted


def test_answers_that_came_at_the_same_moment_come_in_the_order_of_their_ids(house, dated):
    own = f"clinic_id = '{house.one.clinic_id}'"
    with house.services.store.queue() as queue:
        queue.connection.exec_driver_sql(
            f"UPDATE response SET received_at = (SELECT min(received_at) FROM response WHERE {own}) WHERE {own}"
        )

    assert walk(house, f"{PATH}?_sort=_lastUpdated&_count=1") == sorted(dated.values())
    assert walk(house, f"{PATH}?_sort=-_lastUpdated&_count=1") == sorted(dated.values(), reverse=True)


@pytest.mark.parametrize("sort", ["status", "colour", "authored,-_lastUpdated"])
def test_an_order_that_is_not_known_is_passed_over_or_refused_to_who_is_strict(house, dated, sort):
    answer = house.get(f"{PATH}?_sort={sort}", headers={"Prefer": "handling=strict"})

    assert ids(house, f"{PATH}?_sort={sort}") == sorted(dated.values())
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (400, ["http._sort"])


@pytest.mark.parametrize("value", ["x", "ap2026", "2026-13", "2026-11-20,x"])
def test_what_is_no_time_is_refused_by_its_parameter(house, value):
    answer = house.get(f"{PATH}?authored={value}")

    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["http.authored"]


def test_every_kind_that_has_a_time_is_found_by_it(house):
    tell(house)
    for kind, name in TIMES:
        whole = ids(house, f"/fhir/{kind}?_count=100")

        assert ids(house, f"/fhir/{kind}?{name}=ge2026-11-01&_count=100") == whole, (kind, name)
        assert ids(house, f"/fhir/{kind}?{name}=lt2026-11-01&_count=100") == [], (kind, name)


def test_a_needs_assessment_is_a_record_of_its_own_beside_the_alert(house):
    _enrolled, responses, decision = tell(house)
    path = f"/fhir/ClinicalImpression/{decision['suggestionId']}"

    alert, needs = house.get(path).json(), house.get(f"{path}-needs").json()

    codes = [one["itemCodeableConcept"]["coding"] for one in needs["finding"]]
    dimensions = {coding[0]["code"]: coding[1]["code"] for coding in codes if len(coding) == 3}
    assert needs["code"]["coding"][0]["code"] == "ClinicalDecisionSupportResult"
    assert {"burden", "literacy"} & dimensions.keys() or dimensions
    assert set(dimensions.values()) <= {"green", "yellow", "red", "data-absent"}
    assert needs["protocol"][0].startswith("https://svarbro.example/fhir/Library/needs-generic|")
    assert responses["shk-draft"] in json.dumps(needs["investigation"])
    assert responses["shk-draft"] not in json.dumps(alert)
    assert len(ids(house, "/fhir/ClinicalImpression?code=ClinicalDecisionSupportResult")) == ASKED
    assert "dimension-of-need" not in json.dumps(alert["finding"])
    assert house.get("/fhir/ClinicalImpression/nobody-needs").status_code == 404


def test_an_alert_says_how_soon_somebody_should_look_in_the_national_words(house):
    enrolled = house.enrol()
    house.answer_all(enrolled, cat_points=5)
    alert = ids(house, "/fhir/ClinicalImpression?code=TriagingResult")[-1]

    body = house.get(f"/fhir/ClinicalImpression/{alert}").json()

    colour = body["finding"][0]["itemCodeableConcept"]["coding"][1]["code"]
    (told,) = [one["valueCode"] for one in body["extension"] if one["url"].endswith("/assessment-priority")]
    assert told == {"RED": "asap", "YELLOW": "urgent"}.get(colour, "routine")

"""Every look of one of the staff at a patient's data is one audit row that names the patient and says why."""

import pytest

from tests.contract.access.callers import NAMES
from tests.contract.access.matrix import route_of, rules, world_of, written
from tests.signing import ec_pair

SQLITE = pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)
PAGE = {route: dict(zip(NAMES, cells, strict=True)) for route, cells in written().items()}
NOBODY_TO_CALL = "GET /clinic/calls"
"""In this story everybody can be written to, so that the list is empty; tests/unit/flow/test_calls.py has its rows."""
OF_NOBODY = (
    "GET /clinic/sessions",
    "GET /clinic/cover",
    "GET /clinic/list/news",
    *(f"GET /clinic/monitoring{form}" for form in ("", ".csv", ".ndjson")),
)
"""Nothing of a patient: where one is signed in, who stands in for whom, how many there are of something."""
LOOKS = [
    route
    for route, cells in PAGE.items()
    # What a test client may see too is content, and nobody's.
    if (route.startswith("GET") or route.endswith("/_search"))
    and (cells["clinician"].startswith("yes") and not cells["test-system"].startswith("yes"))
    and route not in (NOBODY_TO_CALL, *OF_NOBODY)
]


@pytest.fixture(scope="module")
def world(first_house, shared_house):
    """Provide a clinic with one of everything, and its clinician."""
    shared_house.app = first_house.app
    return world_of(shared_house, ec_pair(), ["clinician"])


@SQLITE
@pytest.mark.parametrize("route", LOOKS)
def test_a_look_is_told_once_with_the_patient_and_the_purpose(world, route):
    (clinician,) = world.everybody
    (rule,) = (rule for rule in rules(world.house) if route_of(rule) == route)
    before = told(world)

    answer = world.ask(rule, clinician)

    assert answer.status == 200
    (event,) = told(world)[len(before) :]
    assert event.patients
    assert event.purpose in ("treatment", "audit")


def test_there_are_looks_to_be_told():
    assert len(LOOKS) >= 35


def told(world):
    with world.house.services.store.read(world.house.one.clinic_id, world.house.one.system) as tx:
        return tx.audit.events()

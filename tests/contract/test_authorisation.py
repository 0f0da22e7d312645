"""Authorisation: every route, called by everybody about what is theirs and what is not, as the page says."""

import pytest

from tests.contract.access.callers import NAMES
from tests.contract.access.matrix import matrix, route_of, rules, world_of, written
from tests.signing import ec_pair

SQLITE = pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)
"""tests/proof/security asks the same of PostgreSQL."""
PAGE = written()
NEVER_HERE = frozenset(
    {
        "GET /clinic/login/<broker>",
        "GET /clinic/choose",
        "GET /clinic/enrolments/<enrolment_id>/responses/<response_id>/attachments/<int:number>",
        "GET /clinic/launched",
        "GET /clinic/login/<broker>/callback",
        "GET /oauth/authorize",
        "GET /p/login/<broker>",
        "GET /p/login/<broker>/callback",
        "GET /readyz",
        "POST /api/v1/decisions/confirm",
        "POST /api/v1/enrolments",
        "POST /clinic/choose",
        "POST /p/",
        "POST /fhir/CarePlan",
        "POST /p/manner",
    }
)
"""What nobody can do in this story: there is no broker, no launch and no worker, all are decided on and enrolled, no
answer holds a file, and no one of the staff has a form open."""


@pytest.fixture(scope="module")
def known(first_house, shared_house):
    """Provide the house with its routes."""
    shared_house.app = first_house.app
    return shared_house


@pytest.fixture(scope="module")
def rows(known):
    """Call everything as everybody, once."""
    return {row.route: row for row in matrix(world_of(known, ec_pair()))}


@SQLITE
def test_every_route_has_its_row_and_no_row_is_left_over(known):
    assert sorted(PAGE) == sorted(route_of(rule) for rule in rules(known))


def test_every_row_has_a_cell_for_each_caller():
    assert {route: len(cells) for route, cells in PAGE.items() if len(cells) != len(NAMES)} == {}


@SQLITE
@pytest.mark.parametrize("route", PAGE)
def test_everybody_is_let_in_or_refused_as_the_page_says(rows, route):
    assert dict(zip(NAMES, rows[route].cells, strict=True)) == dict(zip(NAMES, PAGE[route], strict=True))


@SQLITE
def test_every_call_succeeds_for_somebody_so_a_refusal_is_about_who_asks(rows):
    assert {route for route, row in rows.items() if not any("yes" in cell for cell in row.cells)} == NEVER_HERE


@SQLITE
def test_what_another_clinic_has_is_told_apart_from_what_nobody_has_by_no_answer(rows):
    compared = [(row.route, name, pair) for row in rows.values() for name, pair in row.foreign.items()]

    assert [
        (route, name) for route, name, (foreign, nobody) in compared if foreign.without_ids != nobody.without_ids
    ] == []
    assert len({route for route, *_ in compared}) >= 40


@SQLITE
def test_nobody_is_shown_an_id_of_another_clinic(rows):
    assert {route: row.leaks for route, row in rows.items() if row.leaks} == {}

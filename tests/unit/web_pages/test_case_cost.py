"""What looking at one patient may cost, in counts and in indexes, however many others there are and however long."""

import re

import pytest
from sqlalchemy import text

from security.actor import Role
from tests.browser.world import build_world
from tests.statements import counted, of_the_way

SMALL = ("clinic", "person")
"""A handful of rows in each clinic: walking them is the shortest way."""
OF_A_DECISION = 2
"""Queries that a further decision of the patient costs: whose it is, and what was agreed with it."""
ROUNDS = 3
WALK = re.compile(r"^SCAN (?!.*INDEX)|\(clinic_id=\?\)$")
"""How SQLite says that it walks a table, or all of a clinic's rows in it."""


@pytest.fixture
def world(tmp_path, sqlite_url):
    world = build_world(tmp_path / "instance", sqlite_url)
    yield world
    world.services.store.close()


@pytest.fixture
def looks(world):
    """What each look at a patient asked: after the first answer, the second, and so on."""
    invited, found = world.invite(), []
    for place in range(ROUNDS):
        invited = world.ask_again(invited, days=100) if place else invited
        world.answer(invited)
        world.decide(invited, "GREEN")
        with counted(world.services.store) as told:
            world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id)
        found.append(of_the_way(told))
    return found


def test_no_table_that_grows_is_walked_from_end_to_end(world, looks):
    walked: dict[str, str] = {}
    with world.services.store.queue() as queue:
        for query in {one for one in looks[-1] if one.startswith("SELECT")}:
            plan = queue.connection.execute(text("EXPLAIN QUERY PLAN " + query.replace("?", "'x'")))
            walks = [row.detail for row in plan if WALK.search(row.detail)]
            walked |= {detail: query for detail in walks if detail.split()[1] not in SMALL}

    assert walked == {}


def test_a_patient_who_has_answered_for_years_costs_two_queries_more_for_each_decision(looks):
    first, *later = (len(look) for look in looks)

    assert all(count <= first + OF_A_DECISION * place for place, count in enumerate(later, 1))

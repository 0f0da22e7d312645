"""Another table tried on one clinic's own answers: by its administrator, counts only, and on record."""

import pytest

from flow.content_simulate import SimulateTable
from kernel.errors import AccessError
from scoring.levels import Colour
from security.actor import Role
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, an_actor
from tests.stored import store_clinic
from tests.way import CONTENT

TABLE = CONTENT.catalogue.table("alert/kol")


def test_an_administrator_replays_the_own_clinic_s_answers_and_no_other_s(way, answered):
    store_clinic(way.store, OTHER_CLINIC_ID)
    simulate = SimulateTable(way.store, CONTENT)

    own = simulate.in_clinic(an_actor(Role.CLINIC_ADMIN), TABLE, "alert/kol")
    other = simulate.in_clinic(an_actor(Role.CLINIC_ADMIN, OTHER_CLINIC_ID), TABLE, "alert/kol")

    # Three points everywhere make CAT 24, which is yellow at the start.
    assert dict(own.newest) == dict(own.occasions) == {(Colour.YELLOW, Colour.YELLOW): 1}
    assert (dict(other.newest), dict(other.occasions)) == ({}, {})
    with way.store.read(CLINIC_ID, way.system) as tx:
        assert [one.action for one in tx.audit.events()].count("simulate") == 1


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.CLINIC_STAFF, Role.SYSTEM, Role.PATIENT])
def test_nobody_else_replays_anything(way, answered, role):
    with pytest.raises(AccessError):
        SimulateTable(way.store, CONTENT).in_clinic(an_actor(role), TABLE, "alert/kol")

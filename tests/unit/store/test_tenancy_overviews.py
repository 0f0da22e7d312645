"""Tenancy of what looks at a clinic as a whole: another clinic's rows are in no list and in no count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from delivery.population import Horizon, Wish
from kernel.errors import NotFoundError
from kernel.ids import PersonId, new_id
from security.actor import Person, Role
from store.repositories.monitoring import Span
from store.transaction import Tx
from tests.builders import CLINIC_ID, NOW
from tests.unit.store.two_clinics import fill, stranger

DAY = timedelta(days=1)
HORIZON = Horizon(NOW - DAY, ("annual-check",))
SPAN = Span(NOW - DAY, NOW + DAY)
LOOKS: dict[str, Callable[[Tx], object]] = {
    "population": lambda tx: tx.population.page(Wish(), HORIZON, limit=9),
    "counted": lambda tx: tx.population.counted(HORIZON),
    "enrolled": lambda tx: tx.monitoring.enrolled(NOW + DAY, HORIZON),
    "answered": lambda tx: tx.monitoring.answered(SPAN),
    "answered at all": lambda tx: tx.monitoring.answered_at_all(SPAN),
    "decisions": lambda tx: tx.monitoring.decisions(SPAN),
    "handled": lambda tx: tx.monitoring.handled(SPAN),
    "unmatched": lambda tx: tx.monitoring.unmatched(SPAN),
    "delegations": lambda tx: tx.delegations.all(),
}


@pytest.fixture
def filled(store) -> dict[str, Any]:
    filled = fill(store)
    nurse = Person(PersonId(new_id()), CLINIC_ID, "Nete", Role.CLINIC_STAFF)
    with store.write(CLINIC_ID, filled["a"].actor) as tx:
        tx.clinics.add_person(nurse)
        given = tx.delegations.give(filled["person"].id, nurse.id, "Grønne", NOW.date())
        tx.unmatched.add("webpatient", filled["r"].questionnaire, b"{}")
    return {**filled, "delegation": given.id}


def test_another_clinic_is_in_no_list_and_no_count(store, filled):
    for name, look in LOOKS.items():
        with stranger(store) as tx:
            assert not look(tx), name


def test_the_owner_finds_all_of_it(store, filled):
    with store.read(CLINIC_ID, filled["a"].actor) as tx:
        assert [name for name, look in LOOKS.items() if not look(tx)] == []


def test_nobody_ends_another_clinic_s_delegation(store, filled):
    with stranger(store) as tx, pytest.raises(NotFoundError):
        tx.delegations.end(filled["delegation"])
    with store.read(CLINIC_ID, filled["a"].actor) as tx:
        assert [one.ended_at for one in tx.delegations.all()] == [None]

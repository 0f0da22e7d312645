"""A clinic in which a thousand patients wait: the page stays small, and asks the database no more than for ten."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from delivery.work_query import Order
from security.actor import Role
from store.base import table_of
from store.tables import EnrolmentRow, OccasionRow, SuggestionRow, WorkRow
from tests.browser.world import World, build_world
from tests.copies import Row, Templates, copied, left
from tests.statements import counted, of_the_way
from tests.unit.web_pages.desk import Desk

TABLES = tuple(table_of(one) for one in (EnrolmentRow, OccasionRow, SuggestionRow, WorkRow))
FEW, MANY = 10, 1_000
AT_ONCE = 50
MOST_BYTES = 200_000
"""Acceptance list C1."""
ADDRESSES = tuple(f"/clinic/?order={order}" for order in Order)
LONGEST = {"title": {"da": "Åndenød (MRC)", "en": "Breathlessness (MRC)"}, "value": "5", "delta": "+4"}


@pytest.fixture
def world(tmp_path: Path, sqlite_url: str) -> Iterator[World]:
    """Provide a clinic in which one patient has answered for both packages, and waits in both."""
    world = build_world(tmp_path / "instance", sqlite_url)
    world.answer(world.invite(), kol_status_1=True)
    world.answer(world.invite(package="LRS"))
    yield world
    world.services.store.close()


def crowd(world: World, templates: Templates, numbers: Sequence[int]) -> None:
    """Let so many more wait, each with everything that a row may say."""
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.write(world.demo.clinic_id, doctor) as tx:

        def waiting(number: int, table: str, row: Row) -> Row:
            if table != "work":
                return {}
            answered_at = row["answered_at"] - timedelta(minutes=number)
            said = {"worse": LONGEST, "step": 0, "wished_at": tx.now, "assigned_to": doctor.id}
            return {**said, "place": number % 3, "answered_at": answered_at}

        refs = copied(tx, templates, numbers, waiting)
        tx.appointments.replace(str(numbers[0]), [(ref, tx.now + timedelta(days=1)) for ref in refs])


def asked(world: World, desk: Desk) -> list[int]:
    """Count what the list in each order asks of the database."""
    found = []
    for address in ADDRESSES:
        with counted(world.services.store) as told:
            desk.get(address)
        found.append(len(of_the_way(told)))
    return found


def test_a_thousand_patients_cost_the_page_no_more_bytes_and_no_more_queries_than_it_may(world):
    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        templates = left(tx, TABLES)
    crowd(world, templates, range(1, FEW))
    desk = Desk(world)
    of_few = asked(world, desk)

    crowd(world, templates, range(FEW, MANY))

    sizes = {address: len(desk.client.get(address).data) for address in ADDRESSES}
    page = desk.get(ADDRESSES[0])
    assert page.count('<th role="rowheader"') == AT_ONCE
    assert page.count("Åndenød (MRC) 5, 4 højere end sidst (værre)") == 2 * AT_ONCE
    assert {address: size for address, size in sizes.items() if size > MOST_BYTES} == {}
    assert all(now <= then for now, then in zip(asked(world, desk), of_few, strict=True))

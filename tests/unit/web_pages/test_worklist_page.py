"""The page of the worklist: small, kept in its address, and telling why something was not done."""

import re

import pytest

from security.actor import Role
from tests.unit.web_pages.test_worklist import names, page

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def client(world):
    return world.app.test_client()


def token_of(client, address):
    found = TOKEN.search(client.get(address).text)
    assert found
    return found.group(1)


def desk_of(world, client, role=Role.CLINICIAN):
    """Sign somebody in."""
    client.post("/clinic/login", data={"csrf_token": token_of(client, "/clinic/login"), "person": world.staff(role).id})
    return client


def test_a_full_page_stays_below_200_kilobytes(world, client):
    world.answer(world.invite())
    alone = len(desk_of(world, client).get("/clinic/").data)
    for name in ("Sverre Mosebryggeren", "Else Lauridsen"):
        world.answer(world.invite(name), kol_status_1=True)

    three = len(client.get("/clinic/").data)

    each = (three - alone) / 2
    assert 0 < alone + 49 * each < 200_000


def test_what_is_wanted_stays_in_the_address_and_what_cannot_be_read_is_as_if_not_there(world, client):
    world.answer(world.invite(), kol_status_1=True)
    world.answer(world.invite("Sverre Mosebryggeren"))
    desk = desk_of(world, client)

    red = desk.get("/clinic/?colour=RED&package=KOL&order=colour").text
    odd = desk.get("/clinic/?tab=x&colour=x&level=9&first=x&seen=x&after=x~x~x~x~x&order=x").text

    assert ("Nancy Berggren" in red, "Sverre Mosebryggeren" in red) == (True, False)
    assert 'action="/clinic/list?' in red
    assert "colour=RED" in red.partition('action="/clinic/list?')[2].partition('"')[0]
    assert all(name in odd for name in ("Nancy Berggren", "Sverre Mosebryggeren"))


def test_acting_on_nobody_or_without_a_delegation_says_so_and_changes_nothing(world, client):
    world.answer(world.invite())
    desk = desk_of(world, client, Role.CLINIC_STAFF)
    (nancy,) = page(world).patients
    token = token_of(desk, "/clinic/")

    nobody = desk.post("/clinic/list", data={"csrf_token": token, "do": "assign"})
    alone = desk.post("/clinic/list", data={"csrf_token": token, "do": "confirm", "patient": nancy.patient_ref})

    assert (nobody.status_code, "Vælg mindst én patient." in nobody.text) == (422, True)
    assert (alone.status_code, "på vegne af" in alone.text) == (403, True)
    assert names(world) == ["Nancy Berggren"]

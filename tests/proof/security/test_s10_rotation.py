"""S-10: every kind of key is turned while real web processes are called all the time, and no call fails.

Submits and reads go over HTTP, patients fill in forms in sessions, a channel sends signed webhooks, and new patients
are taken in, whose data keys are wrapped with the key of the moment. Nothing is timed: how long a command took is told.
"""

import json
from collections.abc import Iterator

import pytest

from flow.keys import REST
from security.key_change import KEK, LINK, SESSION, WEBHOOK
from tests.proof.extent import FULL, extent
from tests.proof.security.callers import Callers, calling
from tests.proof.security.turned_house import CHANNEL, House, fill, turning_house

SEVERAL = {"postgresql": ("--processes", "2")}
SERVED = {"sqlite": (), **SEVERAL} if FULL else SEVERAL
"""Kind of database -> options of `svarbro serve`: SQLite has one web process."""
ANSWERS = extent(60, 1_500)
CLINICS = extent(3, 1_700)
DATA_KEYS = extent(200, 100_000)
TURNS = extent(1, 4)
"""How often the key-encryption key is turned."""


@pytest.fixture(params=SERVED)
def house(request, tmp_path) -> Iterator[House]:
    options = SERVED[request.param]
    home = tmp_path / request.param
    home.mkdir()
    if request.param == "sqlite":
        with turning_house(home, f"sqlite:///{home / 'svarbro.sqlite'}", ANSWERS, options) as house:
            yield house
        return
    with (
        request.getfixturevalue("postgres_databases").empty() as url,
        turning_house(home, url, ANSWERS, options) as house,
    ):
        yield house


def begin(callers: Callers, house: House) -> None:
    for act in (house.submit, house.submit, house.look, house.take_in, house.tell, house.fill_in):
        callers.begin(act.__name__, act)


def turn_the_rest(callers: Callers, house: House) -> None:
    """Turn what people and channels hold, wait until everybody has the new one, and end the older."""
    house.command("rotate", SESSION)
    house.command("rotate", WEBHOOK, "--channel", CHANNEL)
    callers.see_another("tell")
    house.secret = house.keys.webhook_secrets[CHANNEL][0]
    callers.see_another("tell")
    callers.see_another("fill_in")
    if FULL:
        house.command("rotate", LINK)
        for kind, options in ((WEBHOOK, ("--channel", CHANNEL)), (SESSION, ()), (LINK, ())):
            house.command("retire", kind, *options)
        house.command("rewrap")
    callers.see_another("fill_in")


def status(house: House):
    with house.store.queue() as queue:
        return house.store.rewrapping(queue).used()


def test_while_every_kind_of_key_is_turned_no_call_fails(house, tmp_path, ledger, request):
    data_keys = fill(house, CLINICS, DATA_KEYS)
    first = house.keys.current

    with calling() as callers:
        begin(callers, house)
        callers.see_another("fill_in")
        rotated_s = [house.command("rotate", KEK) for _ in range(TURNS)]
        turn_the_rest(callers, house)
        # An older key is retired ten minutes later: whoever was writing with it is done. Here they are waited for.
        callers.end("take_in")
        house.command("retire", KEK, more=house.later(tmp_path / "later", REST.total_seconds() + 1))
        for kind in ("submit", "look", "tell", "fill_in"):
            callers.see_another(kind)

    ledger.add(
        "S-10 keys turned under load",
        database=request.node.callspec.params["house"],
        data_keys=data_keys,
        calls=json.dumps(callers.calls).replace('"', ""),
        failed=len(callers.failed),
        longest_rotation_s=max(rotated_s),
        opened=house.open_everything(),
    )
    assert callers.failed == []
    assert set(status(house)) == {house.keys.current}
    assert list(house.keys.keks) == [house.keys.current]
    assert first != house.keys.current

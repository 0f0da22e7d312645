"""The way back to the app: only addresses that the installation has listed, and none that only looks like one."""

import pytest
from flask import session

from kernel.errors import SettingsError
from security.channel_keys import read_return_addresses
from web.patient.way_home import LISTED, is_listed, keep_way_home, way_home

LIST = ("https://app.example/", "minlaege://done/", "https://app.example.dk/exact")


@pytest.fixture
def world_url(sqlite_url):
    return sqlite_url


@pytest.mark.parametrize("address", ["https://app.example/", "https://app.example/a?b=c", "minlaege://done/1", LIST[2]])
def test_an_address_on_the_list_or_below_one_is_listed(address):
    assert is_listed(address, LIST)


@pytest.mark.parametrize(
    "address",
    [
        *("", "https://app.example", "https://app.example.evil/", "https://app.example@evil/", "http://app.example/"),
        *("//app.example/", "javascript://app.example/%0aalert(1)", "https://app.example/../x"),
        *("https://app.example/\\evil", "https://app.example.dk/exact/more", "https://app.example/" + 500 * "a", "/p"),
        "https://app.example/ø",
        "https://app.example/ x",
    ],
)
def test_any_other_address_is_not(address):
    assert not is_listed(address, LIST)


def test_the_way_back_is_kept_with_the_link_and_forgotten_with_the_next_one(world):
    world.app.config[LISTED] = LIST
    with world.app.test_request_context("/p/i/x?return=https://app.example/1"):
        keep_way_home()
        assert way_home() == "https://app.example/1"
        kept = dict(session)
    with world.app.test_request_context("/p/i/x?return=https://evil.example/1"):
        session.update(kept)
        keep_way_home()
        assert way_home() is None


def test_the_receipt_leads_back_to_the_app(world):
    client, invited = world.app.test_client(), world.invite()
    world.app.config[LISTED] = LIST
    client.get(f"/p/i/{invited.token}?return=https://app.example/done&lang=en")
    world.answer(invited)

    receipt = client.get("/p/receipt").text

    assert 'href="https://app.example/done"' in receipt
    assert "Back to the app" in receipt


def test_the_addresses_stand_beside_the_keys_of_a_channel(tmp_path):
    file = tmp_path / "channels.json"
    file.write_text('{"webpatient": {"keys": [], "returns": ["https://app.example/"]}, "minlaege": {"keys": []}}')

    assert read_return_addresses(file) == ("https://app.example/",)


@pytest.mark.parametrize(
    "told",
    [
        '{"webpatient": {"returns": ["http://app.example/"]}}',
        '{"webpatient": {"returns": ["https://app.example"]}}',
        '{"webpatient": {"returns": ["app"]}}',
        '{"webpatient": {"returns": "https://app.example/"}}',
        '{"webpatient": {"returns": [1]}}',
        '{"webpatient": []}',
        "[]",
    ],
)
def test_an_address_that_is_none_stops_the_start(tmp_path, told):
    file = tmp_path / "channels.json"
    file.write_text(told)

    with pytest.raises(SettingsError) as caught:
        read_return_addresses(file)
    assert "example" not in str(caught.value)

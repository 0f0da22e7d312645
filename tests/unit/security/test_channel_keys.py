"""The file of the channels' keys: read whole, or refused without repeating what stands in it."""

import json

import pytest

from kernel.errors import SettingsError
from security.channel_keys import read_channel_keys
from tests.signing import ec_pair, rsa_pair

APP = ec_pair("app-1")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "channels.json"


def test_every_channel_has_its_keys_old_and_new(file):
    file.write_text(
        json.dumps({"webpatient": {"keys": [APP.jwk, rsa_pair("app-2").jwk]}, "minlaege": {"keys": [APP.jwk]}})
    )

    keys = read_channel_keys(file)

    assert {channel: [key.kid for key in found] for channel, found in keys.items()} == {
        "webpatient": ["app-1", "app-2"],
        "minlaege": ["app-1"],
    }


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"webpatient": []}', '{"webpatient": {}}', '{"webpatient": {"keys": []}}',
     json.dumps({"webpatient": {"keys": [APP.private_jwk]}}),
     json.dumps({"webpatient": {"keys": [rsa_pair(bits=1024).jwk]}})],
    ids=["empty", "list", "no set", "no keys", "none", "private", "weak"],
)  # fmt: skip
def test_what_cannot_be_used_stops_the_start(file, text):
    file.write_text(text)

    with pytest.raises(SettingsError) as refused:
        read_channel_keys(file)

    assert APP.private_jwk["d"] not in refused.value.text


def test_a_file_that_is_not_there_stops_the_start(file):
    with pytest.raises(SettingsError, match="cannot be opened"):
        read_channel_keys(file)

"""`svarbro keys`: what it says, and with which exit code; never a key."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings
from security.keys import read_key_file


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path_factory.mktemp("instance"))}
    prepare(Settings.from_env(environ), enrol=True)
    return environ


def run(environ, *arguments):
    return CliRunner().invoke(main, ["keys", *arguments], env=environ)


def ring(environ):
    return read_key_file(Settings.from_env(environ).keys_file)


def test_a_key_is_rotated_and_the_status_tells_what_wraps_what_without_a_key(environ):
    before = ring(environ)

    rotated, status, plain = run(environ, "rotate"), run(environ, "status", "--json"), run(environ, "status")

    told = json.loads(status.stdout)
    assert rotated.exit_code == 0
    assert "data keys were wrapped anew." in rotated.stdout
    assert (told["wraps"][before.current], told["older"]["kek"]) == (0, 1)
    assert told["wraps"][told["current"]] > 0
    assert f"{told['current']} wraps" in plain.stdout
    assert "rewrap" in run(environ, "--help").stdout
    assert run(environ, "rewrap").stdout.startswith("0 data keys")
    assert not any(key.hex() in status.stdout for key in ring(environ).keks.values())


def test_a_key_that_may_still_be_in_use_is_not_retired(environ):
    run(environ, "rotate")

    refused = run(environ, "retire")

    assert refused.exit_code == 1
    assert len(ring(environ).keks) > 1


def test_a_webhook_secret_is_rotated_and_retired(environ):
    run(environ, "rotate", "webhook", "--channel", "minlaege")
    assert len(ring(environ).webhook_secrets["minlaege"]) == 2

    retired = run(environ, "retire", "webhook", "--channel", "minlaege")

    assert (retired.exit_code, len(ring(environ).webhook_secrets["minlaege"])) == (0, 1)


def test_keys_from_the_environment_are_changed_by_whoever_sets_them(environ):
    refused = run({**environ, "SVARBRO_KEYS": ring(environ).to_json()}, "rotate")

    assert refused.exit_code == 1
    assert "SVARBRO_KEYS" in refused.stderr


def test_a_kind_that_is_none_is_misuse(environ):
    assert run(environ, "rotate", "index").exit_code == 2

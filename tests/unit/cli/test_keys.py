"""`svarbro keys`: what it says, and with which exit code; never a key."""

import json

import pytest
from click.testing import CliRunner
from flask import Response

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings
from security.keys import read_key_file, write_key_file
from tests.contract.keys.transit_engine import TOKEN, Engine
from tests.serving import served


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


@pytest.fixture
def outside():
    engine = Engine()
    with served(engine.app()) as address:
        yield engine, {"SVARBRO_KMS_URL": f"{address}/v1/transit", "SVARBRO_KMS_TOKEN": TOKEN}


def test_fresh_keys_are_made_once_and_never_again(tmp_path):
    environ = {"SVARBRO_INSTANCE_DIR": str(tmp_path)}

    first = run(environ, "create")
    made = ring(environ)
    again = run(environ, "create")

    assert (first.exit_code, again.exit_code) == (0, 1)
    assert ring(environ) == made
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_plain_file_is_sealed_and_everything_goes_on_with_the_service_alone(environ, outside, tmp_path):
    _, more = outside
    before = ring(environ)
    sealed = {**environ, **more, "SVARBRO_KEYS_FILE": str(tmp_path / "keys.json")}
    write_key_file(tmp_path / "keys.json", before)
    refused = run(sealed, "status")

    done, again = run(sealed, "seal"), run(sealed, "seal")

    assert (refused.exit_code, done.exit_code, again.exit_code) == (1, 0, 0)
    assert ("Destroy" in done.stdout, "Destroy" in again.stdout) == (True, False)
    assert before.current not in (tmp_path / "keys.json").read_text()
    assert json.loads(run(sealed, "status", "--json").stdout)["current"] == before.current
    unnamed = {name: value for name, value in sealed.items() if "KMS" not in name}
    assert (run(unnamed, "status").exit_code, run(unnamed, "seal").exit_code) == (1, 1)


def test_a_service_that_is_away_while_keys_are_rotated_changes_nothing(environ, outside, tmp_path):
    engine, more = outside
    sealed = {**environ, **more, "SVARBRO_KEYS_FILE": str(tmp_path / "keys.json")}
    write_key_file(tmp_path / "keys.json", ring(environ))
    run(sealed, "seal")
    before = (tmp_path / "keys.json").read_text()
    engine.fault = Response(status=503)

    refused = run(sealed, "rotate")

    assert refused.exit_code == 1
    assert (tmp_path / "keys.json").read_text() == before

"""`svarbro config check`: what the settings point to must be there before a process starts."""

import json

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric import ec

from cli.main import main
from tests.signing import ec_pair
from tests.unit.kernel.test_settings import production
from tests.unit.security.test_broker_file import GOOD, written


@pytest.fixture
def check(tmp_path):
    """Check the settings of a production installation whose key file is there, and whose database is not."""
    (tmp_path / "keys.json").write_text("{}", encoding="ascii")
    usual = {"keys_file": str(tmp_path / "keys.json"), "database_url": f"sqlite:///{tmp_path / 'none.sqlite'}"}
    return lambda **values: CliRunner().invoke(
        main, ["config", "check"], env=production(tmp_path / "instance", **{**usual, **values})
    )


@pytest.mark.parametrize("name", ["keys_file", "oidc_file", "channel_keys_file"])
def test_a_file_that_is_not_there_is_named_by_its_setting_and_not_by_its_path(check, name):
    told = check(**{name: "/none/secret-word"})

    assert told.exit_code == 1
    assert f"SVARBRO_{name.upper()}" in told.output
    assert "secret-word" not in told.output
    assert ("svarbro keys create" in told.output) is (name == "keys_file")


def test_keys_from_the_environment_need_no_file(tmp_path):
    environ = production(tmp_path, database_url=f"sqlite:///{tmp_path / 'none.sqlite'}", keys="{}")
    del environ["SVARBRO_KEYS_FILE"]

    assert CliRunner().invoke(main, ["config", "check"], env=environ).exit_code == 0


def test_what_is_there_is_usable(check, tmp_path):
    key = ec_pair("ours", ec.SECP256R1()).private_jwk

    told = check(oidc_file=str(written(tmp_path, GOOD, key=key)))

    assert told.exit_code == 0
    assert "Settings are usable" in told.output


@pytest.mark.parametrize("name", ["oidc_file", "channel_keys_file"])
def test_what_is_there_and_cannot_be_used_is_refused_before_a_process_stops_at_it(check, tmp_path, name):
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"secret-word": 1}', encoding="ascii")

    told = check(**{name: str(wrong)})

    assert told.exit_code == 1
    assert "secret-word" not in told.output


NO_STAFF, NO_PATIENT = "Nobody of the staff can sign in", "No patient can open a link"


def test_whom_nothing_lets_in_is_told(check):
    told = check()

    assert told.exit_code == 0
    assert NO_STAFF in told.output
    assert NO_PATIENT in told.output


def test_who_may_sign_in_is_not_told_of(check, tmp_path):
    pair = ec_pair("ours", ec.SECP256R1())
    brokers = written(tmp_path, GOOD, key=pair.private_jwk)

    told = check(oidc_file=str(brokers))
    assert (NO_STAFF in told.output, NO_PATIENT in told.output) == (False, True)

    citizen = {**GOOD, "claims": {"cpr": "cpr", "assurance": GOOD["claims"]["assurance"]}}
    brokers.write_text(json.dumps({"brokers": [], "citizens": [citizen]}), encoding="ascii")
    told = check(oidc_file=str(brokers))
    assert (NO_STAFF in told.output, NO_PATIENT in told.output) == (True, False)

    channels = tmp_path / "channels.json"
    channels.write_text(json.dumps({"webpatient": {"keys": [ec_pair("theirs").jwk]}}), encoding="ascii")
    told = check(channel_keys_file=str(channels))
    assert (NO_STAFF in told.output, NO_PATIENT in told.output) == (True, False)

"""`svarbro outbox`: what it shows, what it does, and with which exit code."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.errors import HandoverError
from kernel.settings import Settings
from security.keys import read_key_file
from tests.builders import CLINIC_ID
from tests.databases import opened
from tests.fakes import FakeClock
from tests.way import Way


@pytest.fixture
def environ(tmp_path):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path)}
    prepare(Settings.from_env(environ), enrol=False)
    return environ


@pytest.fixture
def dead(environ, tmp_path):
    """Let an invitation be refused, an hour ago."""
    settings = Settings.from_env(environ)
    clock = FakeClock(datetime.now(UTC) - timedelta(hours=1))
    keyring = read_key_file(settings.keys_file)
    with opened(settings.database_url, keyring, clock, tmp_path) as store:
        way = Way(store, clock, keyring)
        way.add_clinic()
        way.enrolled()
        way.open_due()
        way.channel.failures = [HandoverError("webpatient answered 422", permanent=True)]
        way.inbox.failures = [HandoverError("the practice system cannot be reached")]
        way.dispatch()
        way.dispatch()
    return listed(environ, "--state", "dead")[0]["id"]


def run(environ, *arguments):
    return CliRunner().invoke(main, ["outbox", *arguments], env=environ)


def listed(environ, *filters):
    said = run(environ, "list", "--json", *filters)
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_an_empty_outbox_says_so(environ):
    assert run(environ, "list").stdout == "Nothing waits.\n"
    assert listed(environ) == []


def test_the_list_tells_state_age_and_error_and_nobodys_name(environ, dead):
    said = run(environ, "list").stdout
    line = next(line for line in said.splitlines() if dead in line)

    assert line.split()[:5] == [dead, "invitation", "webpatient", "dead", "60"]
    assert "webpatient answered 422" in line
    assert "Nancy" not in said


def test_one_message_is_shown_with_all_that_happened_to_it_and_nobodys_name(environ, dead):
    run(environ, "retry", dead)
    run(environ, "cancel", dead, "--reason", "Aftalt med Nancy")

    said = run(environ, "show", dead)
    told = json.loads(run(environ, "show", dead, "--json").stdout)

    assert said.exit_code == 0, said.output
    lines = [line.split()[1:] for line in said.stdout.splitlines() if line.startswith("20")]
    assert [line[:3] for line in lines] == [
        ["attempt", "1", "dead"],
        ["retried", "by", "cli"],
        ["cancelled", "by", "cli"],
    ]
    assert "webpatient answered 422" in said.stdout
    assert told["message"]["state"] == "cancelled"
    assert told["message"]["closedAt"]
    assert [(one["number"], one["outcome"], one["counted"]) for one in told["attempts"]] == [(1, "dead", True)]
    assert told["receipts"] == []
    assert [(act["act"], act["by"], act["renewedAs"]) for act in told["acts"]] == [
        ("retried", "cli", None),
        ("cancelled", "cli", None),
    ]
    assert "Nancy" not in said.stdout + json.dumps(told)


def test_a_message_that_is_not_there_is_said_so(environ):
    said = run(environ, "show", "unknown")

    assert (said.exit_code, said.stderr) == (1, "Error: There is no such message.\n")


def test_a_message_that_nobody_tried_says_so(environ, dead):
    said = run(environ, "retry", dead, "--force-new-key", "--reason", "Tabt", "--json")
    renewed = json.loads(said.stdout)["done"][0]["id"]

    assert run(environ, "show", renewed).stdout.endswith("Nothing happened to it yet.\n")
    line = run(environ, "show", dead).stdout.splitlines()[-1]
    assert line.split()[1:] == ["renewed", "by", "cli", "as", renewed]


def test_filters_narrow_the_list_down(environ, dead):
    everything = listed(environ)

    assert {message["kind"] for message in everything} == {"invitation", "inbox-undelivered"}
    assert [one["id"] for one in listed(environ, "--target", "webpatient")] == [dead]
    assert len(listed(environ, "--limit", "1")) == 1
    assert len(listed(environ, "--older-than", "59")) == 2
    assert listed(environ, "--older-than", "61") == []
    assert [one["clinicId"] for one in listed(environ, "--clinic", CLINIC_ID)] == [CLINIC_ID] * 2


def test_a_message_is_sent_again_by_its_id_with_its_key(environ, dead):
    assert run(environ, "retry", dead).stdout == f"{dead} due\n"
    assert run(environ, "cancel", dead, "--reason", "Aftalt").exit_code == 0
    again = run(environ, "retry", dead, "unknown")

    assert again.exit_code == 1
    assert f"{dead} refused: Only a dead, doubtful or failing message" in again.stderr
    assert "unknown refused: There is no such message." in again.stderr


def test_all_that_is_stuck_is_sent_again_at_once(environ, dead):
    assert run(environ, "retry", "--all", "--target", "flp").stdout == ""
    said = run(environ, "retry", "--all", "--json")

    assert [one["id"] for one in json.loads(said.stdout)["done"]] == [dead]


def test_a_new_key_is_given_with_a_reason_only(environ, dead):
    assert run(environ, "retry", dead, "--force-new-key").exit_code == 2
    said = run(environ, "retry", dead, "--force-new-key", "--reason", "Nøglen er tabt")

    assert said.exit_code == 0
    assert dead not in said.stdout


def test_a_message_is_given_up_with_a_reason_only(environ, dead):
    assert run(environ, "cancel", dead).exit_code == 2
    assert run(environ, "cancel", dead, "--reason", "Aftalt").stdout == f"{dead} cancelled\n"
    refused = run(environ, "cancel", dead, "--reason", "Aftalt", "--json")

    assert refused.exit_code == 1
    assert list(json.loads(refused.stdout)["refused"]) == [dead]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["retry"], id="neither ids nor all"),
        pytest.param(["retry", "x", "--all"], id="ids and all"),
        pytest.param(["list", "--state", "late"], id="state"),
        pytest.param(["list", "--clinic", "nobody"], id="clinic"),
        pytest.param(["list", "--limit", "1001"], id="limit"),
    ],
)
def test_what_is_not_known_is_misuse(environ, arguments):
    assert run(environ, *arguments).exit_code == 2


def test_every_receiver_is_shown_with_its_circuit_and_what_waits_for_it(environ, dead):
    told = json.loads(run(environ, "receivers", "--json").stdout)

    assert (told["webpatient"]["circuit"], told["webpatient"]["stuck"]) == ("closed", 1)
    assert (told["lps-inbox"]["waiting"], told["lps-inbox"]["failing"]) == (1, 1)
    assert "webpatient" in run(environ, "receivers").stdout


def test_a_receiver_that_is_down_shows_since_when_and_when_it_is_probed(environ, dead):
    now = datetime.now(UTC)
    with sqlite3.connect(f"{environ['SVARBRO_INSTANCE_DIR']}/svarbro.sqlite") as connection:
        connection.execute(
            "UPDATE receiver_state SET circuit = 'open', opened_at = ?, probe_at = ? WHERE target = 'webpatient'",
            (f"{now - timedelta(minutes=10):%F %T.%f}", f"{now + timedelta(minutes=5, seconds=30):%F %T.%f}"),
        )
    (line,) = [one for one in run(environ, "receivers").stdout.splitlines() if one.startswith("webpatient")]

    assert line.split()[:7] == ["webpatient", "open", "10", "min", "in", "5", "min"]


def test_what_waits_after_a_failure_is_tried_at_once_when_its_receiver_is_back(environ, dead):
    (failing,) = [one["id"] for one in listed(environ, "--target", "lps-inbox")]

    said = run(environ, "retry", "--all", "--state", "due")

    assert (said.exit_code, said.stdout) == (0, f"{failing} due\n")

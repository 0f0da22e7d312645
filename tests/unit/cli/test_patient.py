"""`svarbro patient`: what it says, and with which exit code."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings


@pytest.fixture
def environ(tmp_path):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path)}
    prepare(Settings.from_env(environ), enrol=True)
    return environ


def run(environ, command, *more):
    with sqlite3.connect(f"{environ['SVARBRO_INSTANCE_DIR']}/svarbro.sqlite") as connection:
        patient_ref = connection.execute("SELECT patient_ref FROM enrolment").fetchone()[0]
    return CliRunner().invoke(main, ["patient", command, "--patient", patient_ref, *more], env=environ)


def test_everything_is_written_as_json(environ):
    said = run(environ, "export")

    assert said.exit_code == 0
    assert json.loads(said.stdout)["patient"][0]["name"] == "Nancy Berggren"


def test_a_hold_stops_the_end_until_it_is_lifted(environ):
    assert run(environ, "hold", "--reason", "Klagesag").exit_code == 0
    assert run(environ, "shred", "--yes", "--reason", "asked").exit_code == 1

    assert run(environ, "lift-hold").exit_code == 0

    assert run(environ, "shred", "--yes").exit_code == 0
    assert run(environ, "export").exit_code == 1


def test_who_does_not_confirm_destroys_nothing(environ):
    assert run(environ, "shred").exit_code == 1

    assert run(environ, "export").exit_code == 0

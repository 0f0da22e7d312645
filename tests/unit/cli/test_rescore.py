"""`svarbro rescore`: what it says, and with which exit code."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings
from tests.builders import CAT, CLINIC_ID
from tests.databases import START, opened
from tests.fakes import FakeClock
from tests.way import Way


@pytest.fixture(scope="module")
def environ(tmp_path_factory, keyring):
    """Make an installation with four responses."""
    tmp_path, clock = tmp_path_factory.mktemp("instance"), FakeClock(START)
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path)}
    settings = Settings.from_env(environ)
    prepare(settings, enrol=False)
    with opened(settings.database_url, keyring, clock, tmp_path) as store:
        way = Way(store, clock, keyring)
        way.add_clinic()
        enrolled = way.enrolled()
        way.open_due()
        way.answer_all(enrolled, points=3, grade=2)
    return environ


def run(environ, *arguments):
    return CliRunner().invoke(main, ["rescore", *arguments], env=environ)


def make_old(environ):
    with sqlite3.connect(f"{environ['SVARBRO_INSTANCE_DIR']}/svarbro.sqlite") as connection:
        # Whoever holds the file can take the guards away; nothing else makes a score look as an older rule left it.
        connection.execute("DROP TRIGGER IF EXISTS score_unchanged")
        connection.execute("UPDATE score SET rule_version = '1.9.0', value = '1' WHERE score_id = 'catTotal'")
        connection.execute("UPDATE score SET rule_version = '1.9.0' WHERE score_id <> 'catTotal'")


def test_what_was_scored_again_is_summed_up_and_a_second_run_has_nothing_to_do(environ):
    make_old(environ)

    first = run(environ, "--json")
    again = run(environ)

    told = json.loads(first.stdout)
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert (told["responses"], told["changed"], told["questionnaires"][CAT]) == (4, 1, 1)
    assert "0 responses scored again, 0 of them with another result." in again.output


def test_questionnaires_clinic_and_day_narrow_it_down(environ):
    make_old(environ)

    late = run(environ, "--since", "2027-01-12")
    elsewhere = run(environ, "--clinic", other_clinic(environ), "--json")
    chosen = run(
        environ, "--questionnaire", "cat", "--questionnaire", CAT, "--since", "2027-01-11", "--clinic", CLINIC_ID
    )

    assert "0 responses" in late.output
    assert json.loads(elsewhere.stdout)["responses"] == 0
    assert chosen.output == f"1 responses scored again, 1 of them with another result.\n  1 {CAT}\n"


def other_clinic(environ):
    with sqlite3.connect(f"{environ['SVARBRO_INSTANCE_DIR']}/svarbro.sqlite") as connection:
        return connection.execute("SELECT id FROM clinic WHERE id <> ?", (CLINIC_ID,)).fetchone()[0]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--questionnaire", "mood"], id="short name"),
        pytest.param(["--questionnaire", "urn:mood|1"], id="canonical"),
        pytest.param(["--clinic", "nobody"], id="clinic"),
        pytest.param(["--since", "yesterday"], id="day"),
    ],
)
def test_what_is_not_known_is_misuse(environ, arguments):
    assert run(environ, *arguments).exit_code == 2

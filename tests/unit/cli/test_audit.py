"""`svarbro audit verify`: what it says, and with which exit code."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from app import anchor_file_of
from cli.main import main
from cli.prepare import prepare
from flow.seal import SealAudit
from kernel.settings import Settings
from tests.databases import START, opened
from tests.fakes import FakeClock


@pytest.fixture
def environ(tmp_path, keyring):
    """Make an installation with a sealed audit."""
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path)}
    settings = Settings.from_env(environ)
    prepare(settings, enrol=True)
    with opened(settings.database_url, keyring, FakeClock(START), tmp_path) as store:
        assert SealAudit(store, anchor_file_of(settings))() > 0
    return environ


def run(environ, *arguments):
    return CliRunner().invoke(main, ["audit", "verify", *arguments], env=environ)


def test_a_whole_audit_is_told_and_ends_with_nought(environ):
    said = run(environ)

    assert said.exit_code == 0
    assert "links whole, 0 rows wait, 0 anchors compared." in said.stdout


def test_the_first_broken_row_is_named_and_ends_with_one(environ):
    with sqlite3.connect(f"{environ['SVARBRO_INSTANCE_DIR']}/svarbro.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_event_unchanged")
        row_id = connection.execute("SELECT row_id FROM audit_chain WHERE seq = 1").fetchone()[0]
        connection.execute("UPDATE audit_event SET action = 'other' WHERE id = ?", (row_id,))

    said, plain = run(environ, "--json"), run(environ)

    told = json.loads(said.stdout)
    assert (said.exit_code, plain.exit_code, told["whole"]) == (1, 1, False)
    assert told["clinics"][0]["broken"] == {"fault": "changed-row", "seq": 1, "kind": "audit_event", "row_id": row_id}
    assert f"Broken at link 1: changed-row (audit_event {row_id})." in plain.stdout


def test_a_clinic_that_nobody_knows_is_refused(environ):
    assert run(environ, "--clinic", "nobody").exit_code == 2

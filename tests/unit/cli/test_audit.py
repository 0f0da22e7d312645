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


def exported(environ, *arguments):
    return CliRunner().invoke(main, ["audit", "export", *arguments], env=environ)


def somebody(environ):
    with sqlite3.connect(f"{environ['SVARBRO_INSTANCE_DIR']}/svarbro.sqlite") as connection:
        return connection.execute("SELECT patient_ref FROM enrolment").fetchone()[0]


def test_the_rows_of_one_patient_are_written_line_by_line_without_name_or_number(environ):
    patient_ref = somebody(environ)

    minlog, fhir = (exported(environ, "--patient", patient_ref, "--format", form) for form in ("minlog", "fhir"))

    lines = [json.loads(line) for line in minlog.stdout.splitlines()]
    assert (minlog.exit_code, fhir.exit_code) == (0, 0)
    assert [line["detail"] for line in lines][:1] == ["enrol"]
    assert {tuple(line["citizen"]) for line in lines} == {(patient_ref,)}
    assert json.loads(fhir.stdout.splitlines()[0])["resourceType"] == "AuditEvent"
    assert not any(name in minlog.stdout + fhir.stdout for name in ("Berggren", "2512489996"))


def test_the_export_is_a_row_of_the_next_one(environ):
    patient_ref = somebody(environ)
    exported(environ, "--patient", patient_ref)

    again = exported(environ, "--patient", patient_ref, "--format", "minlog")

    assert [json.loads(line)["detail"] for line in again.stdout.splitlines()].count("export") == 2


def test_a_patient_whom_nobody_knows_is_refused(environ):
    assert exported(environ, "--patient", "nobody").exit_code == 1


def incident(environ, *arguments):
    return CliRunner().invoke(main, ["audit", "incident", *arguments], env=environ)


def test_every_act_of_a_time_is_written_without_name_or_number_and_counted(environ):
    said = incident(environ, "--from", "2000-01-01", "--to", "2100-01-01T00:00")

    acts = [json.loads(line) for line in said.stdout.splitlines()]
    assert said.exit_code == 0
    assert {"enrol"} < {act["detail"] for act in acts}
    assert {"time", "citizen", "user", "organisation", "act", "object", "purpose"} <= set(acts[0])
    assert said.stderr.endswith(f"{len(acts)} acts, 1 patients.\n")
    assert "Berggren" not in said.output
    assert "2512489996" not in said.output


def test_an_incident_begins_at_its_first_moment_and_ends_before_its_last(environ):
    every = incident(environ, "--from", "2000-01-01", "--to", "2100-01-01").stdout.splitlines()
    second = json.loads(every[0])["time"][:19]

    assert incident(environ, "--from", "2000-01-01", "--to", second).stdout == ""
    found = incident(environ, "--from", second, "--to", "2100-01-01").stdout.splitlines()
    assert found[: len(every)] == every

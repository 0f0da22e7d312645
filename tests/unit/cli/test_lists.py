"""Lists brought in by command: status and candidates, with exit codes, faults by line, and no number in any output."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings

NANCY, SVERRE = "2512489996", "0104909995"


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path_factory.mktemp("instance"))}
    prepare(Settings.from_env(environ), enrol=True)
    return environ


@pytest.fixture
def run(environ, tmp_path):
    def run(text, *arguments):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8-sig")
        return CliRunner().invoke(main, [*arguments[:2], str(path), *arguments[2:]], env=environ)

    return run


def test_a_feed_is_imported_and_summed_up(run):
    answer = run(f"identifier;status;value\n{NANCY};declined;ja\n{SVERRE};dead;\n", "status", "import", "--json")

    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout) == {"received": 2, "changed": 1, "unknown": [3], "unchanged": 0}

    again = run(f"identifier;status;value\n{NANCY};declined;ja\n{SVERRE};dead;\n", "status", "import")
    assert "2 lines: 0 told something new, 1 nothing new." in again.output
    assert "About nobody of this clinic: 1 (lines 3)." in again.output
    assert NANCY not in again.output


def test_a_feed_about_the_clinic_s_own_patients_has_nothing_more_to_tell(run):
    answer = run(f"identifier;status\n{NANCY};protected\n", "status", "import")

    assert answer.output == "1 lines: 1 told something new, 0 nothing new.\n"


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["text", "json"])
def test_a_faulty_feed_changes_nothing_and_every_line_is_named(run, flags):
    answer = run(f"identifier;status\n{NANCY};dead\n{SVERRE[:9]};dead\n{NANCY};asleep\n", "status", "import", *flags)

    assert answer.exit_code == 1
    assert "line 3, identifier" in answer.output
    assert "line 4, status" in answer.output
    assert SVERRE[:9] not in answer.output
    assert "asleep" not in answer.output


def test_a_file_that_is_not_there_is_misuse(environ):
    answer = CliRunner().invoke(main, ["status", "import", "nowhere.csv"], env=environ)

    assert answer.exit_code == 2


def test_a_clinic_that_is_not_known_is_refused(run):
    answer = run("identifier;status\n", "status", "import", "--clinic", "nobody")

    assert answer.exit_code == 1
    assert "--clinic" in answer.output


HEADER = "identifier;name;package;diagnosis;own_patient\n"
LISTED = HEADER + f"{SVERRE};Sverre Mosebryggeren;KOL;R95;ja\n{NANCY};Nancy Berggren;KOL;R95;ja\n"


def test_a_population_list_is_imported_and_nobody_is_doubled(run):
    first = run(LISTED, "enrol", "import", "--json")

    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout) == {
        "read": 2,
        "added": 1,
        "waiting": 0,
        "excluded": 0,
        "enrolled": 1,
        "left": 0,
        "not-proposed": 0,
        "lines": {"enrolled": [3]},
    }

    again = run(LISTED, "enrol", "import")
    assert again.output.startswith("2 lines.\n  0 new candidates\n  1 waiting already (lines 2)\n")
    assert not any(word in again.output for word in (NANCY, SVERRE, "Nancy", "Sverre"))


def test_a_faulty_list_is_refused_line_by_line(run):
    answer = run(LISTED + "2512489;Bo;DM2;R95;ja\n", "enrol", "import")

    assert answer.exit_code == 1
    assert "line 4, identifier: " in answer.output
    assert "line 4, package: " in answer.output
    assert "Nothing was changed." in answer.output
    assert not any(word in answer.output for word in ("2512489", "Bo;", "DM2"))


def test_faults_are_told_as_json_where_that_is_asked_for(run):
    answer = run(HEADER + "2512489;Bo;KOL;R95;ja\n", "enrol", "import", "--json")

    assert answer.exit_code == 1
    (fault,) = json.loads(answer.stdout)["faults"]
    assert (fault["place"], fault["rule"]) == ("line 2, identifier", "not-an-identifier")


def test_a_clinic_may_be_named(run, environ):
    known = json.loads((Path(environ["SVARBRO_INSTANCE_DIR"]) / "demo.json").read_text(encoding="utf-8"))

    answer = run("identifier;status\n", "status", "import", "--clinic", known["clinic_id"])

    assert (answer.exit_code, answer.output) == (0, "0 lines: 0 told something new, 0 nothing new.\n")


def test_a_calendar_is_imported_and_a_faulty_line_is_named(run):
    answer = run("identifier;starts_at\n0201919990;2099-01-31T10:15\n", "appointments", "import", "--json")
    assert json.loads(answer.stdout) == {"received": 1, "kept": 0, "unknown": [2]}

    told = run("identifier;starts_at\n0201919990;2099-01-31T10:15\n", "appointments", "import", "--source", "lps")
    assert "About nobody of this clinic: 1 (lines 2)." in told.stdout

    refused = run("identifier;starts_at\n0201919990;i morgen\n", "appointments", "import")
    assert refused.exit_code == 1
    assert "line 2, starts_at" in refused.output

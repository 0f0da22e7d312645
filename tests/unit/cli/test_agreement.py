"""`svarbro clinic add|agree|opt-in|opt-out|export`: a clinic joins, and leaves with everything of its patients."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings

CHOICE = ("--programme", "kol", "--channel", "webpatient", "--plan-target", "flp")


@pytest.fixture
def run(tmp_path):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path / "instance")}
    prepare(Settings.from_env(environ), enrol=True)
    return lambda *arguments: CliRunner().invoke(main, ["clinic", *arguments], env=environ)


def shown(run, *arguments):
    return json.loads(run("agreement", "--json", *arguments).stdout)


def test_a_clinic_leaves_a_package_and_takes_its_patients_records_with_it(run, tmp_path):
    left = run("opt-out", "KOL")
    written = run("export", "KOL", str(tmp_path / "out"))

    assert "Nothing was deleted: 1 patients have records here." in left.output
    assert (shown(run)["runs"], shown(run)["left"]) == (["LRS"], ["KOL"])
    assert written.output == "1 patients were written.\n"
    (file,) = (tmp_path / "out").iterdir()
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["patient"][0]["id"] == file.stem
    assert told["patient_identifier"][0]["value"] == "2512489996"
    assert run("opt-in", "KOL", *CHOICE).output == "KOL runs.\n"


def test_a_new_clinic_runs_nothing_before_it_has_signed(run):
    about = ("--sor", "111111111111111", "--provider-number", "011111", "--name", "Lægerne Nyvej")
    clinic = run("add", *about, "--phone", "00 00 00 00", "--region", "midtjylland").output.strip()

    unsigned = run("opt-in", "KOL", *CHOICE, "--clinic", clinic)
    signed = run("agree", "DBA-1", "--signed-on", "2026-01-02", "--signed-by", "Lise Holm", "--clinic", clinic)
    running = run("opt-in", "KOL", *CHOICE, "--clinic", clinic)

    assert (unsigned.exit_code, signed.output, running.output) == (1, "The agreement stands.\n", "KOL runs.\n")
    assert shown(run, "--clinic", clinic) == {
        "agreement": "DBA-1",
        "signedOn": "2026-01-02",
        "runs": ["KOL"],
        "left": [],
    }
    assert run("end-agreement", "--clinic", clinic).exit_code == 0
    assert shown(run, "--clinic", clinic)["agreement"] is None


def test_what_is_wrong_with_a_choice_is_told_by_place(run):
    answer = run("opt-in", "KOL", "--programme", "kol", "--channel", "pigeon", "--plan-target", "flp")

    assert answer.exit_code == 1
    assert "channel: Channels here: clinic, letter, minlaege, webpatient." in answer.output
    assert run("agree", "", "--signed-on", "2026-01-02", "--signed-by", "Lise Holm").exit_code == 1
    assert "agreement: demo: ingen rigtige data" in run("agreement").output

"""`svarbro research`: a key of the project's own, and files in which nobody can be found."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings


@pytest.fixture
def run(tmp_path):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path / "instance")}
    prepare(Settings.from_env(environ), enrol=True)
    return lambda *arguments: CliRunner().invoke(main, ["research", *map(str, arguments)], env=environ)


def test_a_project_gets_a_key_once_and_files_of_its_own(run, tmp_path):
    key, out = tmp_path / "project.key", tmp_path / "out"
    assert run("new-key", key).exit_code == 0
    assert run("new-key", key).exit_code == 1

    answer = run("export", out, "--project", "KOL i Syd", "--key", key)

    assert answer.output == "answers: 0 rows, scores: 0 rows, decisions: 0 rows\n"
    assert sorted(path.name for path in out.iterdir()) == ["answers.csv", "decisions.csv", "scores.csv", "tables.json"]
    assert json.loads((out / "tables.json").read_text(encoding="utf-8")) == {"bands": [], "levels": []}


def test_a_key_that_others_can_read_is_refused(run, tmp_path):
    key = tmp_path / "project.key"
    run("new-key", key)
    key.chmod(0o644)

    assert run("export", tmp_path / "out", "--project", "x", "--key", key).exit_code == 1
    assert not (tmp_path / "out").exists()

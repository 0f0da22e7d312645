"""`svarbro retention`: what is kept for how long, and removing what has had its time."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings


@pytest.fixture
def run(tmp_path):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path)}
    prepare(Settings.from_env(environ), enrol=True)
    return lambda *arguments: CliRunner().invoke(main, ["retention", *arguments], env=environ)


def test_every_class_is_shown_and_nothing_of_a_new_clinic_is_removed(run):
    shown = json.loads(run("show", "--json").stdout)

    assert {"class": "record", "days": 3653, "over": None} in shown
    assert {"class": "draft", "days": 30, "over": 0} in shown
    assert "draft: 30 days, 0 have had their time" in run("show").output
    assert run("run").output == "0 were removed.\n"

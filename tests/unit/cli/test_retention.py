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


def test_a_clinic_chooses_within_the_bounds_and_goes_back_to_the_default(run):
    assert run("choose", "draft", "--days", "14").output == "The clinic's choice is recorded.\n"
    assert {"class": "draft", "days": 14, "own": True, "least": 7, "most": 90} in json.loads(
        run("chosen", "--json").stdout
    )
    assert run("choose", "draft", "--days", "default").exit_code == 0
    assert "draft: 30 days, as the content file says; may be 7 to 90" in run("chosen").output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("draft", "--days", "6"), 1), (("webhook-body", "--days", "1"), 1), (("draft", "--days", "x"), 2),
     (("secrets", "--days", "1"), 2)],
    ids=["beyond the bounds", "no choice", "no number", "no class"],
)  # fmt: skip
def test_what_no_clinic_may_choose_is_refused(run, arguments, code):
    assert run("choose", *arguments).exit_code == code

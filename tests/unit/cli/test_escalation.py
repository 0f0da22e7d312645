"""`svarbro escalation`: what it shows, what it sets, and with which exit code."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path_factory.mktemp("instance"))}
    prepare(Settings.from_env(environ), enrol=False)
    return environ


def run(environ, *arguments):
    return CliRunner().invoke(main, ["escalation", *arguments], env=environ)


def shown(environ):
    return json.loads(run(environ, "show", "--json").stdout)


def test_a_clinic_names_a_person_and_sets_a_limit_and_takes_both_back(environ):
    doctor, nurse = shown(environ)["people"]

    assert run(environ, "set", "--person", nurse["id"], "--minutes", "45").exit_code == 0
    told = shown(environ)
    assert (told["person"], told["decidedMinutes"], told["ownLimit"]) == (nurse["id"], 45, True)
    assert nurse["name"] in run(environ, "show").stdout.splitlines()[0]
    assert run(environ, "set", "--person", "nobody", "--minutes", "default").exit_code == 0
    told = shown(environ)
    assert (told["person"], told["decidedMinutes"], told["ownLimit"]) == (None, 120, False)
    assert doctor["id"] in run(environ, "show").stdout


def test_who_is_not_of_the_clinic_is_refused(environ):
    said = run(environ, "set", "--person", "0192f000-0000-7000-8000-000000000000")

    assert said.exit_code == 1
    assert "There is no such person." in said.output


@pytest.mark.parametrize("arguments", [[], ["--minutes", "0"], ["--minutes", "soon"], ["--minutes", "10081"]])
def test_what_cannot_be_set_is_misuse(environ, arguments):
    assert run(environ, "set", *arguments).exit_code == 2

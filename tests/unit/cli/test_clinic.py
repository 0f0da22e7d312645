"""`svarbro clinic`: closures, optional days and the age of status, as an operator sets them."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path_factory.mktemp("instance"))}
    prepare(Settings.from_env(environ), enrol=True)
    return environ


@pytest.fixture
def run(environ):
    return lambda *arguments: CliRunner().invoke(main, ["clinic", *arguments], env=environ)


def shown(run):
    return json.loads(run("show", "--json").stdout)


def test_a_summer_closure_is_a_range_and_a_day_can_be_taken_back(run):
    assert run("close", "2027-07-12..2027-07-14", "2027-08-02").output == "4 more days are closed.\n"
    assert run("close", "2027-07-14..2027-07-15").output == "1 more days are closed.\n"
    assert run("reopen", "2027-07-13", "2027-07-20").output == "1 closures were taken back.\n"

    assert shown(run)["closed"] == ["2027-07-12", "2027-07-14", "2027-07-15", "2027-08-02"]


def test_optional_days_are_a_setting_of_the_clinic(run):
    assert run("optional-days", "open").exit_code == 0
    assert "optionalDays: open" in run("show").output
    run("optional-days", "closed")

    # The demo clinic writes on public holidays too, so that a visitor sees something on every day.
    assert shown(run)["optionalDays"] == "open"
    assert shown(run)["publicHolidays"] == "open"


def test_the_age_of_status_is_demanded_of_a_source_and_dropped_again(run):
    assert run("status-age", "cpr", "24").output == "cpr: at most 24 hours old.\n"
    assert (shown(run)["statusMaxAgeHours"], shown(run)["stale"]) == ({"cpr": 24}, ["cpr"])

    assert run("status-age", "cpr").output == "cpr: nothing is demanded.\n"
    assert (shown(run)["statusMaxAgeHours"], shown(run)["stale"]) == ({}, [])


def test_less_than_an_hour_is_refused_and_the_place_is_named(run):
    answer = run("status-age", "", "0")

    assert answer.exit_code == 1
    assert "source:" in answer.output
    assert "hours:" in answer.output


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("12.7.2027", id="no date"),
        pytest.param("2027-07-12..2027-07-11", id="backwards"),
        pytest.param("2027-07-12..2127-07-12", id="a century"),
        pytest.param("2027-02-29", id="no such day"),
    ],
)
def test_what_is_no_day_is_misuse(run, day):
    assert run("close", day).exit_code == 2

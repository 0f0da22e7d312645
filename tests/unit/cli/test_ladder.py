"""`svarbro ladder` and `svarbro receipts`: what they show, what they set, and with which exit code."""

import json

import pytest
from click.testing import CliRunner

from app import create_app, services_of
from cli.main import main
from cli.prepare import prepare
from flow.event import ReceiptEvent, SignedCall
from kernel.ids import MessageId
from kernel.settings import Settings


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path_factory.mktemp("instance"))}
    prepare(Settings.from_env(environ), enrol=False)
    return environ


def run(environ, *arguments):
    return CliRunner().invoke(main, [*arguments], env=environ)


def test_a_ladder_is_set_shown_and_taken_away(environ):
    said = run(environ, "ladder", "set", "KOL", "webpatient:10", "letter:14", "clinic")
    assert (said.exit_code, said.stdout) == (0, "KOL: webpatient:10 letter:14 clinic\n")
    shown = json.loads(run(environ, "ladder", "show", "--json").stdout)
    assert shown["KOL"] == ["webpatient:10", "letter:14", "clinic"]

    assert run(environ, "ladder", "set", "KOL").stdout == "KOL: no ladder; the clinic is told\n"
    assert "KOL: no ladder" in run(environ, "ladder", "show").stdout


def test_every_fault_of_a_ladder_is_named_and_nothing_is_changed(environ):
    said = run(environ, "ladder", "set", "KOL", "fax:3", "letter:0", "letter")

    assert said.exit_code == 1
    for named in ("fax is no channel", "letter stands twice", "after letter is below one day", "Nothing was changed"):
        assert named in said.output
    assert json.loads(run(environ, "ladder", "show", "--json").stdout)["KOL"] == []


def test_a_package_that_the_clinic_does_not_run_is_refused(environ):
    assert run(environ, "ladder", "set", "DIABETES", "letter").exit_code == 1


@pytest.mark.parametrize("step", ["letter:", "letter:soon", ":3", "letter:-1"])
def test_what_is_no_step_is_misuse(environ, step):
    assert run(environ, "ladder", "set", "KOL", step).exit_code == 2


def test_receipts_of_unknown_orders_are_shown(environ):
    assert run(environ, "receipts", "strays").stdout == "0 receipts.\n"
    services = services_of(create_app(Settings.from_env(environ)))
    event = ReceiptEvent(MessageId("nobody"), "opened", None, services.clock.now())
    services.use_cases.event(SignedCall("webpatient", "r-1", b"{}"), event)
    services.store.close()

    (stray,) = json.loads(run(environ, "receipts", "strays", "--json").stdout)
    assert (stray["channel"], stray["orderId"], stray["state"], stray["tries"]) == (
        "webpatient",
        "nobody",
        "waiting",
        0,
    )
    assert "webpatient  opened  waiting  nobody" in run(environ, "receipts", "strays").stdout

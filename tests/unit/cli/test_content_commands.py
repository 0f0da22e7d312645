"""`svarbro content`, `wording`, `simulate` and `config check`: what an operator types, and what comes of it."""

import json

import pytest
from click.testing import CliRunner

from app import create_app, services_of
from cli.db import migrate
from cli.main import main
from cli.start import tell_content
from kernel.log import configure_logs
from kernel.settings import Settings
from questionnaires.registry import Registry
from scoring.catalogue import HERE
from security.keys import ensure_key_file
from tests.governed import a_list

CAT = Registry.load().newest("cat")
LICENCE = {
    "instrument": "cat",
    "version": "2.0.0",
    "languages": ["da"],
    "holder": "Ejeren",
    "grant": "A-1",
    "grantedOn": "2026-01-01",
    "terms": "Ejerens ord.",
}


@pytest.fixture
def production(tmp_path, sqlite_url):
    keys = tmp_path / "keys.json"
    ensure_key_file(keys)
    (tmp_path / "instance").mkdir()
    urls = dict.fromkeys(("WEBPATIENT", "MINLAEGE", "FLP", "LPS"), "https://elsewhere.example")
    return {
        "SVARBRO_ENV": "production",
        "SVARBRO_INSTANCE_DIR": str(tmp_path / "instance"),
        "SVARBRO_DATABASE_URL": sqlite_url,
        "SVARBRO_PUBLIC_URL": "https://svarbro.example",
        "SVARBRO_KEYS_FILE": str(keys),
        **{f"SVARBRO_{name}_URL": url for name, url in urls.items()},
        **{f"SVARBRO_{name}_TOKEN": "secret" for name in urls},
    }


@pytest.fixture
def files(tmp_path):
    (tmp_path / "cat.csv").write_bytes(a_list(CAT))
    (tmp_path / "bad.csv").write_bytes(a_list(CAT, cat_9__text="ny"))
    (tmp_path / "cat.json").write_bytes(CAT.source)
    (tmp_path / "licence.json").write_text(json.dumps(LICENCE), encoding="utf-8")
    return tmp_path


def run(environ, *arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments], env=environ)


def bring(environ, files, name):
    licence = ("--licence", files / "licence.json")
    return run(environ, "wording", "import", files / name, *licence, "--by", "Lise Holm")


def listed(environ):
    told = json.loads(run(environ, "content", "list", "--json").stdout)
    return {(line["kind"], f"{line['id']}|{line['version']}"): line for line in told}


def test_two_people_approve_and_the_list_shows_it(production):
    first = run(production, "content", "approve", "alert/kol|2.0.0", "--by", "Lise Holm")
    again = run(production, "content", "approve", "alert/kol|2.0.0", "--by", "lise holm")
    second = run(production, "content", "approve", "alert/kol|2.0.0", "--by", "Nete Bruun", "--json")

    assert (first.exit_code, again.exit_code, second.exit_code) == (0, 1, 0)
    assert "another person must approve it" in first.output
    assert "another person is needed" in again.output
    assert json.loads(second.stdout)["mayBeUsed"]
    assert listed(production)["table", "alert/kol|2.0.0"]["approval"]["by"] == ["Lise Holm", "Nete Bruun"]
    assert "it may be used" in run(production, "content", "approve", "alert/kol|2.0.0", "--by", "Ole Ask").output


def test_wording_is_imported_with_a_licence_file_and_makes_the_instrument_sendable(production, files):
    before = listed(production)["questionnaire", "cat|2.0.0"]

    done = run(
        production, "wording", "import", files / "cat.csv", "--licence", files / "licence.json", "--by", "Lise Holm"
    )

    assert done.exit_code == 0, done.output
    assert f"{CAT.canonical} (da)" in done.output
    after = listed(production)["questionnaire", "cat|2.0.0"]
    assert (before["sendable"], before["whyNotSendable"]) == (False, "no-licence")
    assert (after["sendable"], after["licence"]["record"]["holder"]) == (True, "Ejeren")
    shown = run(production, "content", "list").output
    assert "agreement: Ejeren, no end" in shown
    assert "0 of 2" in shown
    assert "awaiting-approval" in shown


def test_wording_is_imported_from_fhir_with_options(production, files):
    options = ("--holder", "Ejeren", "--grant", "A-1", "--granted-on", "2026-01-01", "--expires-on", "2030-01-01")

    done = run(
        *(production, "wording", "import", files / "cat.json", "--questionnaire", "cat", "--by", "Lise Holm"),
        *(*options, "--terms", "Ejerens ord.", "--json"),
    )

    assert [one["language"] for one in json.loads(done.stdout)] == ["da", "en"]
    assert "until 2030-01-01" in run(production, "content", "list").output


def test_a_file_that_adds_an_item_is_refused_naming_it(production, files):
    done = run(
        production, "wording", "import", files / "bad.csv", "--licence", files / "licence.json", "--by", "Lise Holm"
    )

    assert done.exit_code == 1
    assert "cat-9, text: The questionnaire has no such item" in done.output
    assert "Nothing was changed." in done.output


@pytest.mark.parametrize(
    "options",
    [("--questionnaire", "cat"), ("--holder", "x", "--grant", "x", "--granted-on", "2026-01-01", "--terms", "x")],
    ids=["no-licence", "no-questionnaire"],
)
def test_an_import_without_licence_or_questionnaire_is_misuse(production, files, options):
    assert run(production, "wording", "import", files / "cat.csv", "--by", "Lise Holm", *options).exit_code == 2


def test_the_template_names_every_place(production):
    assert run(production, "wording", "template", "mmrc").output.splitlines()[4] == "mrc-1;text;da;"


def test_a_simulation_tells_counts_and_the_ceiling(production, tmp_path):
    shown = run(production, "simulate", "alert/kol-2.0.0")
    told = json.loads(run(production, "simulate", "alert/kol", "--json").stdout)

    assert (shown.exit_code, told["per100Unchanged"]["belowCeiling"]) == (0, True)
    assert "0 of 0 would change." in shown.output
    assert told["occasions"]["matrix"]["GREEN"] == {"GREEN": 0, "UNKNOWN": 0, "YELLOW": 0, "RED": 0}


def test_a_table_above_its_ceiling_ends_with_one(production, tmp_path):
    raw = json.loads((HERE / "tables/alert-kol-2.0.0.json").read_bytes())
    low = {**raw, "ceiling": {"yellowOrRed": 1, "red": 1}}
    (tmp_path / "candidate.json").write_text(json.dumps(low), encoding="utf-8")

    assert run(production, "simulate", tmp_path / "candidate.json", "--json").exit_code == 1
    assert run(production, "simulate", "alert/none").exit_code == 1


def test_config_check_names_what_is_not_sent_and_not_used(production, tmp_path):
    told = run(production, "config", "check").output
    without = run({**production, "SVARBRO_DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite"}, "config", "check").output

    assert "Not sent: cat-2.0.0, no-licence" in told
    assert "Not used: alert/kol|2.0.0 awaits approval" in told
    assert "There is no current database here" in without


def test_the_list_says_when_there_is_no_database(tmp_path):
    assert "There is no current database here" in run({"SVARBRO_INSTANCE_DIR": str(tmp_path)}, "content", "list").output


def test_a_process_says_at_its_start_what_is_missing(production, capsys):
    migrate(production["SVARBRO_DATABASE_URL"])
    services = services_of(create_app(Settings.from_env(production)))
    configure_logs("web")

    tell_content(services)

    services.store.close()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert {"not-sendable", "awaiting-approval"} == {line["event"] for line in lines}
    assert {"cat-2.0.0", "alert/kol|2.0.0"} <= {line["code"] for line in lines}

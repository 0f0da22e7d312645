import pytest
from click.testing import CliRunner

from cli.main import COMMANDS, main


def run(*arguments: str, **environ: str):
    return CliRunner().invoke(main, list(arguments), env={"SVARBRO_ENV": "demo", **environ})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_loaded_and_says_what_it_is_for(name):
    answer = run(name, "--help")

    assert answer.exit_code == 0
    assert "Usage:" in answer.output


def test_the_command_lists_its_commands():
    answer = run("--help")

    assert answer.exit_code == 0
    assert all(name in answer.output for name in COMMANDS)


def test_an_unknown_command_is_misuse():
    answer = run("answer-for-me")

    assert answer.exit_code == 2


def test_usable_settings_are_said_to_be_usable(tmp_path):
    answer = run("config", "check", SVARBRO_INSTANCE_DIR=str(tmp_path))

    assert answer.exit_code == 0
    assert "usable" in answer.output


def test_missing_settings_are_all_named_and_the_exit_code_is_one(tmp_path):
    answer = run("config", "check", SVARBRO_INSTANCE_DIR=str(tmp_path), SVARBRO_ENV="production")

    assert answer.exit_code == 1
    assert "SVARBRO_DATABASE_URL is missing" in answer.output
    assert "SVARBRO_FLP_TOKEN is missing" in answer.output


@pytest.mark.parametrize("command", ["run", "demo", "simulator"])
def test_what_only_demo_may_do_is_refused_in_production(command, tmp_path):
    production = {
        "SVARBRO_ENV": "production",
        "SVARBRO_INSTANCE_DIR": str(tmp_path),
        "SVARBRO_DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite'}",
        "SVARBRO_PUBLIC_URL": "https://svarbro.example",
        "SVARBRO_KEYS_FILE": str(tmp_path.parent / "keys.json"),
        "SVARBRO_WEBPATIENT_URL": "https://webpatient.example",
        "SVARBRO_WEBPATIENT_TOKEN": "t",
        "SVARBRO_FLP_URL": "https://flp.example",
        "SVARBRO_FLP_TOKEN": "t",
    }

    answer = run(command, **production)

    assert answer.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_two_web_processes_on_sqlite_are_refused(tmp_path):
    answer = run("serve", "--processes", "2", SVARBRO_INSTANCE_DIR=str(tmp_path))

    assert answer.exit_code == 2
    assert "SQLite allows one web process" in answer.output


def test_a_migrated_database_is_current_and_tells_the_tables(tmp_path):
    upgraded = run("db", "upgrade", SVARBRO_INSTANCE_DIR=str(tmp_path))
    checked = run("db", "check")

    assert (upgraded.exit_code, checked.exit_code) == (0, 0)
    assert "agree" in checked.output


def test_the_content_is_sound_and_listed_with_versions():
    checked = run("content", "check")
    listed = run("content", "list")

    assert (checked.exit_code, listed.exit_code) == (0, 0)
    assert "Content is sound" in checked.output
    assert "alert/kol" in listed.output

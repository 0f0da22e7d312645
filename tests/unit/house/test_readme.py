"""README and Makefile: every command that they show exists."""

import re
import shutil

import pytest

from tests.unit.house.house import ROOT, run

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
MAKE = shutil.which("make")


def commands() -> list[str]:
    """List every line of the README's `sh` blocks."""
    return [
        line
        for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]


def test_the_readme_starts_and_tests_the_service():
    assert {"make run", "make test"} <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_readme_exists(command):
    program, *arguments = command.split()

    if program == "make":
        assert set(arguments) <= TARGETS
    else:
        assert program == ".venv/bin/svarbro", "a newcomer's shell finds no other way to the command"
        assert run("svarbro", *arguments, "--help", cwd=ROOT).returncode == 0


def test_a_target_that_does_not_work_yet_is_not_named():
    phony = {target for line in re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE) for target in line.split()}

    assert phony - TARGETS == set()


def test_help_is_the_manual_of_every_target():
    told = set(re.findall(r"^([a-z-]+):.*## \w", MAKEFILE, re.MULTILINE))

    assert TARGETS - told == {"setup-dev"}  # what `test`, `check`, `fix` and `lock` do first by themselves


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_can_be_planned(target, tmp_path):
    assert MAKE is not None
    said = run(MAKE, "--dry-run", target, cwd=ROOT)

    assert said.returncode == 0, said.stderr


def test_the_manual_page_of_the_command_names_its_commands():
    said = run("svarbro", "--help", cwd=ROOT)

    assert said.returncode == 0
    for command in ("run", "demo", "serve", "worker", "simulator"):
        assert re.search(rf"^  {command}\s+\w", said.stdout, re.MULTILINE), command

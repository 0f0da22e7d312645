"""Every import contract holds, and fails when it is broken."""

from pathlib import Path

import pytest

from tests.unit.house.house import copy_of_the_house, pyproject, run

BREAKS = {
    "The way of an answer: upper rooms import lower ones only": ("kernel", "security.actor"),
    "Channels, plans and documents do not know each other": ("delivery/channels", "delivery.plans.port"),
    "Kernel, security, questionnaires and scoring are pure": ("scoring", "flask"),
    "Delivery knows no database and no schemas": ("delivery", "sqlalchemy"),
    "Flask stays in web, app and the simulator": ("delivery/plans", "flask"),
    "Use cases, store and web are given adapters, they never pick one": ("flow", "delivery.channels.webpatient"),
    "Only the store knows SQLAlchemy": ("web", "sqlalchemy"),
    "FHIR models only at the edge": ("flow", "fhir.resources"),
}
"""Contract -> the folder that gets a file too many, and what that file imports."""


def verdicts(house: Path) -> dict[str, str]:
    said = run("lint-imports", "--no-cache", "--no-logo", cwd=house).stdout
    contracts = [contract["name"] for contract in pyproject()["tool"]["importlinter"]["contracts"]]
    ends = [(line.strip().rsplit(" ", 1), line) for line in said.splitlines() if line.strip()]
    found = {parts[0]: parts[1] for parts, _ in ends if len(parts) == 2 and parts[1] in ("KEPT", "BROKEN")}
    assert set(found) == set(contracts), said
    return found


def test_the_unchanged_house_keeps_every_contract(tmp_path):
    assert set(verdicts(copy_of_the_house(tmp_path)).values()) == {"KEPT"}


def test_every_contract_has_a_break_that_shows_it():
    assert {contract["name"] for contract in pyproject()["tool"]["importlinter"]["contracts"]} == set(BREAKS)


@pytest.mark.parametrize("contract", BREAKS)
def test_a_contract_fails_by_name_when_one_import_breaks_it(tmp_path, contract):
    house = copy_of_the_house(tmp_path)
    folder, imported = BREAKS[contract]

    (house / folder / "one_too_many.py").write_text(f'"""Breaks a contract."""\n\nimport {imported}\n')

    assert [name for name, verdict in verdicts(house).items() if verdict == "BROKEN"] == [contract]
    assert run("lint-imports", "--no-cache", cwd=house).returncode == 1

"""Every import contract holds, and fails when it is broken."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.house.house import ROOMS, copy_of_the_house, pyproject, run

LAYERS = "The way of an answer: upper rooms import lower ones only"
APART = "Channels, plans and documents do not know each other"
PURE = "Kernel, security, questionnaires and scoring are pure"
NO_DATABASE = "Delivery knows no database and no schemas"
FLASK = "Flask stays in web, app and the simulator"
GIVEN = "Use cases, store and web are given adapters, they never pick one"
STORE = "Only the store knows SQLAlchemy"
MODELS = "FHIR models only at the edge"

BREAKS = [
    *((LAYERS, lower, upper) for upper, lower in pairwise(ROOMS)),
    (APART, "delivery/channels", "delivery.plans.port"),
    (APART, "delivery/plans", "delivery.documents"),
    (PURE, "kernel", "flask"),
    (PURE, "security", "sqlalchemy"),
    (PURE, "questionnaires", "fhir.resources"),
    (PURE, "scoring", "requests"),
    (NO_DATABASE, "delivery", "sqlalchemy"),
    (NO_DATABASE, "delivery/simulator", "marshmallow"),
    (FLASK, "flow", "flask"),
    (FLASK, "delivery", "flask"),
    (FLASK, "delivery/plans", "flask"),
    (GIVEN, "flow", "delivery.channels.webpatient"),
    (GIVEN, "web", "delivery.plans.flp"),
    (GIVEN, "flow", "delivery.timetable"),
    (STORE, "web", "sqlalchemy"),
    (STORE, "cli", "flask_sqlalchemy"),
    (MODELS, "flow", "fhir.resources"),
    (MODELS, "web/api", "fhir.resources"),
    (MODELS, "delivery/channels", "fhir.resources"),
]
"""Contract, the folder that gets a file too many, and what that file imports."""


def verdicts(house: Path) -> dict[str, str]:
    done = run("lint-imports", "--no-cache", "--no-logo", cwd=house)
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE))
    assert set(found) == {contract["name"] for contract in pyproject()["tool"]["importlinter"]["contracts"]}, (
        done.stdout
    )
    assert done.returncode == int("BROKEN" in found.values())
    return found


def test_the_unchanged_house_keeps_every_contract(tmp_path):
    assert set(verdicts(copy_of_the_house(tmp_path)).values()) == {"KEPT"}


def test_every_contract_has_a_break_that_shows_it():
    names = {contract["name"] for contract in pyproject()["tool"]["importlinter"]["contracts"]}

    assert names == {name for name, _, _ in BREAKS}


@pytest.mark.parametrize(
    ("contract", "folder", "imported"), BREAKS, ids=[f"{folder}-imports-{name}" for _, folder, name in BREAKS]
)
def test_a_contract_fails_by_name_when_one_import_breaks_it(tmp_path, contract, folder, imported):
    house = copy_of_the_house(tmp_path)

    (house / folder / "one_too_many.py").write_text(f'"""Breaks a contract."""\n\nimport {imported}\n')

    assert contract in [name for name, verdict in verdicts(house).items() if verdict == "BROKEN"]


@pytest.mark.parametrize(
    ("folder", "imported"),
    [("web/fhir", "fhir.resources"), ("delivery/plans", "fhir.resources"), ("delivery/simulator", "flask")],
)
def test_what_a_contract_allows_passes(tmp_path, folder, imported):
    house = copy_of_the_house(tmp_path)

    (house / folder / "one_more.py").write_text(f'"""Breaks nothing."""\n\nimport {imported}\n')

    assert set(verdicts(house).values()) == {"KEPT"}

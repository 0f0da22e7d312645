"""Mutants sent over HTTP: each refusal is an OperationOutcome that names its element, and nothing is written."""

import shutil

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from sqlalchemy import inspect

from kernel.errors import Issue
from tests.contract.doors import FHIR_JSON, House, served
from tests.proof.extent import extent
from tests.proof.gate_form import SENDABLE, form
from tests.proof.gate_judge import expression, names
from tests.proof.gate_mutant import FAMILIES, mutants

TITLE = "Mutants over HTTP"
COUNT = extent(200, 2_000)
EACH = -(-COUNT // (len(SENDABLE) * len(FAMILIES)))
PATH = "/fhir/QuestionnaireResponse"


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    directory = tmp_path_factory.mktemp("mutants")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    with served(directory, f"sqlite:///{directory / 'svarbro.sqlite'}") as served_house:
        served_house.enrol()
        yield served_house


def rows(house: House) -> dict[str, int]:
    """Count what every table holds."""
    with house.services.store.queue() as queue:
        names_of_all = inspect(queue.connection).get_table_names()
    return {name: int(house.value(f'SELECT count(*) FROM "{name}"')) for name in names_of_all}


def issues_of(answer) -> list[Issue]:
    OperationOutcome.model_validate_json(answer.content)
    return [
        Issue(one["code"], one["details"]["text"], next(iter(one.get("expression", ())), None), rule=_rule(one))
        for one in answer.json()["issue"]
    ]


def _rule(issue) -> str:
    return str(issue["details"].get("coding", [{"code": ""}])[0]["code"])


def test_every_refusal_names_its_element_and_writes_nothing(house, ledger):
    before, sent, wrong, expressed = rows(house), 0, [], 0
    for name in SENDABLE:
        for family in FAMILIES:
            for mutant in mutants(form(name), family, 1_000, EACH):
                answer = house.post(PATH, mutant.raw)
                sent += 1
                is_told = answer.status_code in (400, 413, 422) and answer.headers["Content-Type"] == FHIR_JSON
                issues = issues_of(answer) if is_told else []
                expressed += any(issue.expression for issue in issues)
                if not names(issues, mutant.path):
                    wrong.append(f"{answer.status_code} {mutant.name} {expression(mutant.path)} {answer.text[:400]}")
    after = rows(house)
    changed = {name: after[name] - number for name, number in before.items() if after[name] != number}

    ledger.add(TITLE, sent=sent, wrong=len(wrong), with_expression=expressed, tables_changed=len(changed))
    assert not wrong, "\n".join(wrong[:5])
    assert changed == {}
    assert sent >= COUNT

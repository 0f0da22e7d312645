"""Calls that the OpenAPI document allows, and ones that it does not, made up by a program: never a fault of ours."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.proof.extent import extent

CALLS = extent(8, 1_000)
"""For each operation and caller, of those that the document allows and of those that it does not."""
OTHER_CHECKS = [positive_data_acceptance]
"""A document cannot say which CPR numbers, packages or ids there are: what it allows may yet be refused by 422."""
MADE_UP = settings(max_examples=CALLS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def operations(shared_house):
    document = schemathesis.openapi.from_url(f"{shared_house.address}/api/v1/openapi.json")
    found = list(document.get_all_operations())
    readable = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(readable) == len(found)
    return readable


@pytest.mark.parametrize("caller", ["doctor", "system", "admin"])
def test_every_answer_is_one_that_the_document_tells(shared_house, operations, caller):
    token = getattr(shared_house.one, f"{caller}_token")
    called = []

    def call(case):
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, excluded_checks=OTHER_CHECKS)
        called.append(case)

    for operation in operations:
        MADE_UP(given(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))(call))()
        if operation.body or operation.path_parameters or operation.query:
            MADE_UP(given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))(call))()

    assert len(operations) >= 15
    assert {case.operation.label for case in called} == {operation.label for operation in operations}

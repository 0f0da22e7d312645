"""What each status asks of a response: only what is finished must be complete."""

import pytest

from kernel.errors import InvalidResponseError
from questionnaires.gate import check_bytes
from questionnaires.statuses import FHIR_STATUSES
from tests.unit.questionnaires.any_form import a, form, q, response

FORM = form(q("b", "boolean", required=True), q("n", "integer"))


@pytest.mark.parametrize("status", ["in-progress", "stopped", "entered-in-error"])
def test_what_is_not_finished_may_have_gaps_and_no_other_fault(status):
    assert check_bytes(response(status=status), FORM, statuses=FHIR_STATUSES).status == status
    with pytest.raises(InvalidResponseError):
        check_bytes(response(a("n", ("Integer", "1")), status=status), FORM, statuses=FHIR_STATUSES)


@pytest.mark.parametrize("status", ["completed", "amended"])
def test_what_is_finished_must_be_complete(status):
    with pytest.raises(InvalidResponseError):
        check_bytes(response(status=status), FORM, statuses=FHIR_STATUSES)
    assert check_bytes(response(a("b", ("Boolean", False)), status=status), FORM, statuses=FHIR_STATUSES).answers

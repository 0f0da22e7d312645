"""Whether patients may be asked what a rule scores."""

import pytest

from kernel.errors import ContentError
from tests.unit.scoring.content import CATALOGUE, load, small_rule
from tests.unit.scoring.small_scores import FORM, TOTAL

UNSENDABLE = {"sendable": False, "whyNotSendable": "nobody found the rule"}


@pytest.mark.parametrize(
    ("more", "why"),
    [({}, ""), ({"sendable": True}, ""), (UNSENDABLE, "nobody found the rule")],
    ids=["silent", "yes", "no"],
)
def test_a_rule_says_whether_patients_may_be_asked_and_why_not(tmp_path, more, why):
    (rule,) = load(tmp_path, small_rule(TOTAL, **more), registry=FORM).rules()

    assert (rule.sendable, rule.unsendable) == (not why, why)


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ("a text", {"sendable": False}),
        ("true or false", {"sendable": "no"}),
        ("unknown field whyNotSendable", {"whyNotSendable": "x"}),
        ("the scoring is not verified", {"status": "means verified; missing rule unverified default"}),
        ("the scoring is not verified", {"status": "recalled"}),
    ],
)
def test_a_rule_cannot_leave_open_whether_patients_may_be_asked(tmp_path, told, more):
    with pytest.raises(ContentError, match=told):
        load(tmp_path, small_rule(TOTAL, **more), registry=FORM)


def test_every_rule_of_unverified_scoring_says_why_it_is_not_sent():
    assert all(rule.sendable or len(rule.unsendable) > 20 for rule in CATALOGUE.rules())

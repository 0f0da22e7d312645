"""The short way: what it takes, and that it never takes more than the full way."""

from datetime import UTC, datetime

import pytest

from questionnaires.gate import check_in_full
from questionnaires.quick import read_quick
from questionnaires.statuses import ACCEPTED_STATUSES, CHANGING_STATUSES
from questionnaires.strict_json import parse_object
from tests.unit.questionnaires.any_form import a, coded, ext, form, g, q, response, when
from tests.unit.questionnaires.forms import DECLINED

CANONICAL = "https://any.example|1"
ON = [when("b", "=", "Boolean", value=True)]
EITHER = [*ON, when("n", ">", "Integer", 3), when("s", "exists", "Boolean", value=True)]
PLAN = form(
    q("b", "boolean"),
    q("n", "integer", ext("minValue", "Integer", 0)),
    q("s", "string", maxLength=5),
    q("c", "choice", answerOption=[coded("x"), coded("y")]),
    q("g", "group", item=[q("t", "text", enableWhen=ON, required=True), q("u", "boolean")]),
    q("e", "boolean", enableWhen=EITHER, enableBehavior="any"),
    q("f", "boolean", enableWhen=EITHER, enableBehavior="all"),
    q("k", "date"),
    q("h", "boolean", ext("questionnaire-hidden", "Boolean", value=True), required=True),
    url="https://any.example",
    version="1",
)
YES = ("Boolean", True)
FULL = (
    a("b", YES, text="Om b"),
    a("n", ("Integer", 4)),
    a("s", ("String", "æøå")),
    a("c", coded("x", display="X")),
    g("g", a("t", ("String", "x")), a("u", ("Boolean", False))),
    a("e", YES),
    a("f", YES),
)


def quick(*items, plan=PLAN, statuses=ACCEPTED_STATUSES, **more):
    return read_quick(parse_object(response(*items, **more)), plan, statuses)


def in_full(*items, **more):
    return check_in_full(parse_object(response(*items, **more)), PLAN, ACCEPTED_STATUSES)


TAKEN = [
    (FULL, {}),
    (FULL, {"authored": "2026-11-20T12:00:00.123456789+01:00", "subject": {"reference": "Patient/p1"}}),
    (FULL, {"authored": "2026-12-31T23:59:60Z", "basedOn": [{"reference": "ServiceRequest/r1"}]}),
    (FULL, {"basedOn": [{"reference": "CarePlan/c1"}]}),
    ((a("b", ("Boolean", False)), a("c", coded("y"))), {}),
    ((a("b", DECLINED), a("n", DECLINED)), {}),
    ((a("b", YES),), {"status": "in-progress"}),
    ((a("s", ("String", "x")), a("e", YES)), {"status": "amended"}),
    ((), {}),
]


@pytest.mark.parametrize(("items", "more"), TAKEN, ids=range(len(TAKEN)))
def test_what_it_takes_is_what_the_full_way_takes(items, more):
    found = quick(*items, **more)

    assert found is not None
    assert found == in_full(*items, **more)


def test_it_reads_the_moment_the_request_and_the_subject():
    more = {"authored": "2026-11-20T12:00:00+01:00", "basedOn": [{"reference": "ServiceRequest/r1"}]}

    found = quick(*FULL, **more, subject={"reference": "Patient/p1"})

    assert found is not None
    assert (found.authored, found.request, found.subject) == (
        datetime(2026, 11, 20, 11, tzinfo=UTC),
        "r1",
        "Patient/p1",
    )


LEFT = [
    ((*FULL, {"linkId": "k", "answer": [{"valueDate": "2026"}]}), {}),
    ((a("b", YES, text=""),), {"status": "in-progress"}),
    ((a("b", YES, text="a\nb"),), {"status": "in-progress"}),
    ((a("b", YES, text=3),), {"status": "in-progress"}),
    ((a("b", YES, id="x"),), {"status": "in-progress"}),
    ((a("b", YES, text="x", id="x"),), {"status": "in-progress"}),
    ((a("b", {"valueBoolean": True, "id": "x"}),), {"status": "in-progress"}),
    ((a("b", YES, YES),), {"status": "in-progress"}),
    ((a("b", ("Boolean", 1)),), {"status": "in-progress"}),
    ((a("b", ("Integer", 1)),), {"status": "in-progress"}),
    (({"linkId": "b"},), {"status": "in-progress"}),
    (({"linkId": "b", "answer": {"valueBoolean": True}},), {"status": "in-progress"}),
    (({"linkId": ["b"], "answer": []},), {"status": "in-progress"}),
    ((a("x", YES),), {}),
    ((a("n", ("Integer", -1)),), {}),
    ((a("n", ("Integer", 2**31)),), {}),
    ((a("n", YES),), {}),
    ((a("s", ("String", "a\nb")),), {}),
    ((a("s", ("String", "abcdef")),), {}),
    ((a("s", ("String", "")),), {}),
    ((a("s", ("String", 5)),), {}),
    ((a("c", coded("z")),), {}),
    ((a("c", coded("x", display="")),), {}),
    ((a("c", coded("x", display=3)),), {}),
    ((a("c", coded("x", version="1")),), {}),
    ((a("c", coded("x", display="X", version="1")),), {}),
    ((a("c", {"valueCoding": {"code": "x"}}),), {}),
    ((a("c", ("Coding", "abc")),), {}),
    ((a("n", ("Integer", 1)), a("b", YES)), {}),
    ((g("g", a("u", YES), a("u", YES)),), {}),
    ((a("g", YES),), {}),
    ((a("b", YES),), {}),
    ((a("e", YES),), {}),
    ((a("e", DECLINED),), {}),
    ((g("g", a("t", ("String", "x"))),), {}),
    (FULL, {"status": "entered-in-error"}),
    (FULL, {"status": ["completed"]}),
    (FULL, {"questionnaire": "https://other.example|1"}),
    (FULL, {"resourceType": "Patient"}),
    (FULL, {"id": "x"}),
    (FULL, {"authored": "2026-11-20"}),
    (FULL, {"authored": "2026-02-30T12:00:00Z"}),
    (FULL, {"authored": 3}),
    (FULL, {"basedOn": []}),
    (FULL, {"basedOn": {"reference": "ServiceRequest/r1"}}),
    (FULL, {"basedOn": [{"reference": "ServiceRequest/r1", "display": "x"}]}),
    (FULL, {"basedOn": [{"reference": "ServiceRequest/r1"}, {"reference": "CarePlan/1"}]}),
    (FULL, {"subject": {"reference": "#p"}}),
    (FULL, {"subject": {"reference": ""}}),
    (FULL, {"subject": {"reference": "a\n"}}),
    (FULL, {"subject": {"reference": 3}}),
    (FULL, {"subject": {"display": "x"}}),
    ((), {"item": []}),
    ((), {"item": {}}),
    ((), {"item": 3}),
    ((), {"item": ["b"]}),
]


@pytest.mark.parametrize(("items", "more"), LEFT, ids=range(len(LEFT)))
def test_what_is_unusual_or_wrong_is_left_to_the_full_way(items, more):
    assert quick(*items, **more) is None


def test_what_was_entered_in_error_is_taken_where_it_is_accepted():
    assert quick(a("b", YES), status="entered-in-error", statuses=CHANGING_STATUSES) is not None


@pytest.mark.parametrize(
    "items",
    [
        [q("g", "group", repeats=True, item=[q("b", "boolean")])],
        [q("b", "boolean", item=[q("n", "integer")])],
        [q("z", "boolean", enableWhen=ON), q("b", "boolean")],
        [q("b", "boolean", ext("questionnaire-minOccurs", "Integer", 1))],
    ],
    ids=["repeated group", "nested in a question", "later question", "fewest"],
)
def test_some_questionnaires_have_no_short_way(items):
    plan = form(*items, url="https://any.example", version="1")

    assert plan.quick is None
    assert quick(plan=plan) is None


@pytest.mark.parametrize(
    "item",
    [
        q("i", "boolean", readOnly=True, initial=[{"valueBoolean": True}]),
        q("i", "boolean", maxLength=4),
        q("i", "integer", maxLength=4),
        q("i", "integer", answerOption=[{"valueInteger": 1}]),
        q("i", "string", answerOption=[{"valueString": "x"}]),
        q("i", "string", ext("minLength", "Integer", 1)),
        q("i", "choice", answerOption=[coded("x", version="1")]),
        q("i", "choice", answerOption=[{"valueString": "x"}]),
        q("i", "choice"),
        q("i", "decimal"),
    ],
    ids=str,
)
def test_an_item_that_is_unusual_in_itself_is_left_to_the_full_way(item):
    plan = form(item, url="https://any.example", version="1")

    assert plan.quick is not None
    assert plan.quick.table == {}

"""enableWhen with every operator and every kind of answer, and which occurrence it looks at."""

import pytest

from tests.unit.questionnaires.any_form import SYSTEM, UCUM, a, coded, faults, form, g, q, rules, when

YES = ("Boolean", True)
KG = {"system": UCUM, "code": "kg"}
# type, kind of the condition, wanted, what is less or merely other, the same, what is more (None: has no order)
COMPARED = [
    ("integer", "Integer", 5, [4], [5], [6]),
    ("decimal", "Decimal", 2.5, [2.49], [2.5, 2.50], [3]),
    ("decimal", "Integer", 2, [1.9], [2], [2.1]),
    ("date", "Date", "2026-02-03", ["2026-02-02", "2025"], ["2026-02-03"], ["2026-02-04", "2026-03"]),
    (
        "dateTime",
        "DateTime",
        "2026-02-03T12:00:00+01:00",
        ["2026-02-03T10:59:59Z", "2026-02-02"],
        ["2026-02-03T11:00:00.000Z"],
        ["2026-02-03T11:00:01Z", "2026-02-04"],
    ),
    ("time", "Time", "12:00:00", ["11:59:59.9"], ["12:00:00.0"], ["12:00:00.1"]),
    ("string", "String", "bil", ["bi"], ["bil"], ["bile", "c"]),
    ("url", "String", "a:b", ["a:a"], ["a:b"], ["a:c"]),
    ("quantity", "Quantity", {"value": 5, **KG}, [{"value": 4, **KG}], [{"value": 5.0, **KG}], [{"value": 6, **KG}]),
]
TRUTH = {"=": "same", "!=": "less more", ">": "more", "<": "less", ">=": "same more", "<=": "same less"}
KEYS = {"date": "Date", "dateTime": "DateTime", "url": "Uri", "quantity": "Quantity", "decimal": "Decimal"}


@pytest.mark.parametrize("operator", TRUTH)
@pytest.mark.parametrize(
    ("kind", "told", "wanted", "less", "same", "more"), COMPARED, ids=[f"{one[0]}-{one[1]}" for one in COMPARED]
)
def test_an_operator_compares_answers_of_a_type(operator, kind, told, wanted, less, same, more):
    known = form(q("i", kind), q("z", "boolean", enableWhen=[when("i", operator, told, wanted)]))

    for name, values in (("less", less), ("same", same), ("more", more)):
        for value in values:
            found = rules(known, a("i", (KEYS.get(kind, told), value)), a("z", YES))
            assert found == ([] if name in TRUTH[operator] else ["not-enabled"]), (name, value)


EQUAL = [
    ("boolean", "Boolean", True, [("Boolean", True)], [("Boolean", False)]),
    ("choice", "Coding", {"system": SYSTEM, "code": "x"}, [coded("x")], [coded("y"), {"valueCoding": {"code": "x"}}]),
    ("open-choice", "String", "andet", [("String", "andet")], [("String", "x"), coded("x")]),
    ("open-choice", "Coding", {"system": SYSTEM, "code": "x"}, [coded("x")], [("String", "x")]),
    (
        "reference",
        "Reference",
        {"reference": "Patient/1"},
        [("Reference", {"reference": "Patient/1", "type": "Patient"})],
        [("Reference", {"reference": "Patient/2"}), ("Reference", {"identifier": {"value": "1"}})],
    ),
    (
        "reference",
        "Reference",
        {"identifier": {"system": "s:s", "value": "1"}},
        [("Reference", {"identifier": {"system": "s:s", "value": "1"}, "display": "x"})],
        [("Reference", {"identifier": {"system": "s:s", "value": "2"}})],
    ),
]


@pytest.mark.parametrize(("kind", "told", "wanted", "same", "others"), EQUAL, ids=[f"{o[0]}-{o[1]}" for o in EQUAL])
def test_what_has_no_order_is_the_same_or_another(kind, told, wanted, same, others):
    for operator, fits in (("=", same), ("!=", others)):
        known = form(q("i", kind), q("z", "boolean", enableWhen=[when("i", operator, told, wanted)]))
        for answer in (*same, *others):
            assert rules(known, a("i", answer), a("z", YES)) == ([] if answer in fits else ["not-enabled"])


@pytest.mark.parametrize("operator", TRUTH)
@pytest.mark.parametrize(
    ("kind", "told", "wanted", "given"),
    [
        ("date", "Date", "2026-02-03", "2026-02"),
        ("date", "Date", "2026-02", "2026-02-03"),
        ("quantity", "Quantity", {"value": 5, **KG}, {"value": 5, "system": UCUM, "code": "g"}),
        ("quantity", "Quantity", {"value": 5, **KG}, {"value": 5, "comparator": "<", **KG}),
    ],
    ids=["less exact", "more exact", "other unit", "comparator"],
)
def test_what_cannot_be_compared_makes_no_condition_true(operator, kind, told, wanted, given):
    known = form(q("i", kind), q("z", "boolean", enableWhen=[when("i", operator, told, wanted)]))

    assert rules(known, a("i", (told, given)), a("z", YES)) == ["not-enabled"]


@pytest.mark.parametrize("kind", ["attachment", "date", "reference"])
def test_whether_a_question_is_answered_can_be_asked_of_every_kind(kind):
    values = {"attachment": {"url": "a:b"}, "date": "2026", "reference": {"display": "x"}}
    answer = (kind.capitalize(), values[kind])
    there = form(q("i", kind), q("z", "boolean", enableWhen=[when("i", "exists", "Boolean", value=True)]))
    absent = form(q("i", kind), q("z", "boolean", enableWhen=[when("i", "exists", "Boolean", value=False)]))

    assert rules(there, a("i", answer), a("z", YES)) == []
    assert rules(there, a("z", YES)) == ["not-enabled"]
    assert rules(absent, a("i", answer), a("z", YES)) == ["not-enabled"]
    assert rules(absent, a("z", YES)) == []


ON = [when("a", "=", "Boolean", value=True)]
GROUP = form(q("g", "group", repeats=True, item=[q("a", "boolean"), q("b", "boolean", enableWhen=ON, required=True)]))
NO = ("Boolean", False)


def test_in_a_repeated_group_a_condition_looks_at_its_own_occurrence():
    assert rules(GROUP, g("g", a("a", YES), a("b", YES)), g("g", a("a", NO))) == []
    assert faults(GROUP, g("g", a("a", YES), a("b", YES)), g("g", a("a", NO), a("b", YES))) == [
        ("not-enabled", "item[1].item[1].answer", "b")
    ]
    assert faults(GROUP, g("g", a("a", NO)), g("g", a("a", YES))) == [("required", "item[1].item", "b")]


def test_after_a_repeated_group_a_condition_looks_at_the_last_occurrence():
    after = form(q("g", "group", repeats=True, item=[q("a", "boolean")]), q("z", "boolean", enableWhen=ON))

    assert rules(after, g("g", a("a", NO)), g("g", a("a", YES)), a("z", YES)) == []
    assert rules(after, g("g", a("a", YES)), g("g", a("a", NO)), a("z", YES)) == ["not-enabled"]
    assert rules(after, g("g", a("a", YES)), g("g"), a("z", YES)) == ["not-enabled"]
    assert rules(after, a("z", YES)) == ["not-enabled"]


def test_before_a_repeated_group_a_condition_looks_at_the_first_occurrence():
    before = form(q("z", "boolean", enableWhen=ON), q("g", "group", repeats=True, item=[q("a", "boolean")]))

    assert rules(before, a("z", YES), g("g", a("a", YES)), g("g", a("a", NO))) == []
    assert rules(before, a("z", YES), g("g", a("a", NO)), g("g", a("a", YES))) == ["not-enabled"]


def test_a_condition_looks_outward_before_it_looks_around():
    deep = [q("h", "group", repeats=True, item=[q("b", "boolean", enableWhen=ON)])]
    outer = form(q("g", "group", repeats=True, item=[q("a", "boolean"), *deep]))

    assert rules(outer, g("g", a("a", NO)), g("g", a("a", YES), g("h", a("b", YES)), g("h", a("b", NO)))) == []
    assert rules(outer, g("g", a("a", NO), g("h", a("b", YES))), g("g", a("a", YES))) == ["not-enabled"]


def test_a_condition_reaches_into_groups_within_groups():
    inner = q("h", "group", item=[q("a", "boolean")])
    form_ = form(q("g", "group", item=[inner, q("x", "boolean")]), q("z", "boolean", enableWhen=ON))

    assert rules(form_, g("g", g("h", a("a", YES))), a("z", YES)) == []
    assert rules(form_, g("g", a("x", YES)), a("z", YES)) == ["not-enabled"]


def test_what_is_nested_in_an_answer_may_hang_on_that_question():
    nested = q("n", "integer", enableWhen=ON)
    form_ = form(q("a", "boolean", item=[nested]))

    assert rules(form_, a("a", {"valueBoolean": True, "item": [a("n", ("Integer", 1))]})) == []
    assert rules(form_, a("a", {"valueBoolean": False, "item": [a("n", ("Integer", 1))]})) == ["not-enabled"]


def test_items_nested_in_several_answers_see_their_own_answer_only():
    dose = [q("a", "boolean"), q("b", "boolean", enableWhen=ON)]
    form_ = form(q("m", "string", repeats=True, item=dose))
    first = {"valueString": "x", "item": [a("a", YES), a("b", YES)]}
    second = {"valueString": "y", "item": [a("a", NO), a("b", YES)]}

    assert rules(form_, a("m", first, {"valueString": "y"})) == []
    assert faults(form_, a("m", first, second)) == [("not-enabled", "item[0].answer[1].item[1].answer", "b")]


def test_a_condition_after_nested_items_looks_into_the_last_answer():
    nested = form(q("m", "string", repeats=True, item=[q("a", "boolean")]), q("z", "boolean", enableWhen=ON))
    yes, no = ({"valueString": "x", "item": [a("a", answer)]} for answer in (YES, NO))

    assert rules(nested, a("m", no, yes), a("z", YES)) == []
    assert rules(nested, a("m", yes, no), a("z", YES)) == ["not-enabled"]
    assert rules(nested, {"linkId": "m"}, a("z", YES)) == ["not-enabled"]


def test_a_chain_of_conditions_on_later_items_is_followed_to_its_end():
    chain = [q(f"i{n}", "boolean", enableWhen=[when(f"i{n + 1}", "=", "Boolean", value=True)]) for n in range(2000)]
    form_ = form(*chain, q("i2000", "boolean"))
    answers = [a(f"i{n}", YES) for n in range(2001)]

    assert rules(form_, *answers) == []
    assert len(rules(form_, *answers[:-1], a("i2000", NO))) == 500 + 1


def test_a_refused_answer_in_one_occurrence_does_not_accuse_another():
    broken = g("g", a("a", ("String", "ja")), a("b", YES))

    assert rules(GROUP, broken, g("g", a("a", NO), a("b", YES))) == ["not-a-boolean", "not-enabled"]


def test_what_hangs_on_an_item_in_the_wrong_place_is_not_judged():
    form_ = form(q("g", "group", item=[q("a", "boolean"), q("c", "boolean")]), q("z", "boolean", enableWhen=ON))
    both = [when("a", "=", "Boolean", value=True), when("c", "=", "Boolean", value=True)]
    either = form(
        q("a", "boolean"), q("c", "boolean"), q("z", "boolean", enableWhen=both, enableBehavior="any", required=True)
    )

    assert rules(form_, a("a", YES), a("z", YES)) == ["wrong-place"]
    assert rules(either, a("a", ("Integer", 1)), a("c", NO), a("z", YES)) == ["not-a-boolean"]
    assert rules(either, a("a", ("Integer", 1)), a("c", YES)) == ["not-a-boolean", "required"]


def test_an_item_in_the_wrong_place_is_not_judged_nor_what_is_in_it():
    inner = q("h", "group", item=[q("b", "boolean", enableWhen=ON, required=True)])
    form_ = form(q("a", "boolean"), q("g", "group", item=[inner, q("c", "boolean", enableWhen=ON)]))

    assert rules(form_, a("a", NO), a("c", YES)) == ["wrong-place"]
    assert rules(form_, a("a", NO), g("h", a("b", YES))) == ["wrong-place"]
    assert rules(form_, a("a", NO), g("h")) == ["wrong-place"]

"""Which occurrence of a question a condition looks at, and in what order items are judged."""

import pytest

from kernel.errors import ContentError
from questionnaires.scope import Route, order_of_items, route_of
from tests.unit.questionnaires.any_form import a, g, q, read, rules, when
from tests.unit.questionnaires.any_form import form as form_of

PLACES = {link_id: place for place, link_id in enumerate(["a", "g", "ga", "h", "ha", "k", "ka", "z"])}
"""a, then group g (ga, then group h (ha, then group k (ka))), then z."""


@pytest.mark.parametrize(
    ("item", "question", "found"),
    [
        (("z",), ("a",), Route(0, ("a",), last=True)),
        (("a",), ("z",), Route(0, ("z",), last=False)),
        (("g", "ga"), ("a",), Route(1, ("a",), last=True)),
        (("g", "h", "ha"), ("a",), Route(2, ("a",), last=True)),
        (("g", "h", "ha"), ("g", "ga"), Route(1, ("ga",), last=True)),
        (("g", "h", "k", "ka"), ("g", "h", "ha"), Route(1, ("ha",), last=True)),
        (("g", "h", "k", "ka"), ("g", "ga"), Route(2, ("ga",), last=True)),
        (("g", "ga"), ("g", "h", "k", "ka"), Route(0, ("h", "k", "ka"), last=False)),
        (("z",), ("g", "h", "ha"), Route(0, ("g", "h", "ha"), last=True)),
        (("g", "h", "ha"), ("g", "h"), Route(0, (), last=True)),
        (("g", "h", "k", "ka"), ("g", "h"), Route(1, (), last=True)),
    ],
    ids=lambda one: "/".join(one) if isinstance(one, tuple) else "",
)
def test_the_way_climbs_to_the_level_that_both_stand_in_and_goes_down_from_there(item, question, found):
    assert route_of(item, question, PLACES) == found


def test_items_are_judged_after_what_is_around_them_and_what_they_hang_on():
    on_z = [when("z", "=", "Boolean", value=True)]
    items = read(
        q("g", "group", item=[q("ga", "boolean", enableWhen=on_z)]), q("z", "boolean"), q("y", "boolean")
    ).items

    found = order_of_items(items)

    assert sorted(found) == ["g", "ga", "y", "z"]
    assert found.index("ga") > max(found.index("g"), found.index("z"))


def test_items_that_hang_on_each_other_are_named_in_a_circle():
    with pytest.raises(ContentError, match=r": (a -> b -> a|b -> a -> b): enableWhen makes the item hang on itself$"):
        form_of(
            q("a", "boolean", enableWhen=[when("b", "=", "Boolean", value=True)]),
            q("b", "boolean", enableWhen=[when("a", "=", "Boolean", value=True)]),
        )


def test_a_condition_two_groups_deep_looks_into_its_own_occurrence():
    deep = q("k", "boolean", enableWhen=[when("i", "=", "Boolean", value=True)])
    known = form_of(q("g", "group", repeats=True, item=[q("h", "group", repeats=True, item=[q("i", "boolean"), deep])]))
    yes, no = ("Boolean", True), ("Boolean", False)

    two = g("g", g("h", a("i", yes), a("k", yes)), g("h", a("i", no), a("k", yes)))

    assert rules(known, two) == ["not-enabled"]
    assert rules(known, g("g", g("h", a("i", no))), g("g", g("h", a("i", yes), a("k", yes)))) == []

"""Rows as columns of bits: what matches is what matches row by row."""

from hypothesis import given
from hypothesis import strategies as st

from questionnaires.model import Text
from scoring.columns import columns_of
from scoring.condition import Atom, Condition
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow, UsedInput

NUMBERS = st.integers(-3, 3) | st.fractions(-3, 3, max_denominator=4)
CODES = st.sampled_from(["no", "yes"])
NULLS = st.sampled_from(["is-null", "is-not-null"])
ORDER = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def atoms_of(name, values, ops):
    return st.builds(Atom, st.just(name), ops, values) | st.builds(Atom, st.just(name), NULLS)


ATOMS = (
    atoms_of("a", NUMBERS, ORDER) | atoms_of("b", NUMBERS, ORDER) | atoms_of("c", CODES, st.sampled_from(["==", "!="]))
)
CONDITIONS = st.lists(st.lists(ATOMS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(
    lambda alternatives: Condition(tuple(alternatives))
)
VALUES = st.fixed_dictionaries({"a": NUMBERS | st.none(), "b": NUMBERS | st.none(), "c": CODES | st.none()})


def outcome(name):
    return MatchedRow(name, Colour.RED, Urgency.ROUTINE, Text("", ""), Text("", ""))


def used(values):
    return {name: UsedInput(name, value, "present") for name, value in values.items()}


@given(st.lists(CONDITIONS, max_size=6), st.lists(VALUES, min_size=1, max_size=4))
def test_the_rows_that_match_are_those_whose_condition_holds_in_their_order(conditions, patients):
    rows = [(condition, outcome(f"K{place}")) for place, condition in enumerate(conditions)]
    columns = columns_of((condition.alternatives, row) for condition, row in rows)

    for values in patients:
        found = columns.matching(used(values))

        assert found == [row for condition, row in rows if condition.holds(values)]

"""Laws that hold for every answer."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.evaluate import evaluate
from scoring.given import given_inputs
from scoring.levels import Colour
from scoring.scores import half_up
from tests.unit.scoring.content import CATALOGUE, one_score

KOL = CATALOGUE.table("alert/kol")


def values_of(one):
    if one.ends is None:
        return st.sampled_from(one.codes)
    whole = st.integers(*one.ends)
    return whole if one.kind == "integer" else whole | st.fractions(*one.ends, max_denominator=8)


def all_inputs(*, gaps):
    return st.fixed_dictionaries(
        {name: (values_of(one) | st.none()) if gaps else values_of(one) for name, one in KOL.inputs.items()}
    )


def alert(values, estimated=()):
    return evaluate(KOL, "followup", given_inputs(KOL, values, estimated=estimated))


def is_worse_or_equal(one, before, after):
    if one.ends is None:
        return one.codes.index(after) >= one.codes.index(before)
    return after >= before


@settings(deadline=None)
@given(all_inputs(gaps=True), st.sampled_from(sorted(KOL.inputs)), st.data())
def test_a_worse_answer_never_improves_the_alert(values, name, data):
    one = KOL.inputs[name]
    assume(values[name] is not None)
    after = data.draw(values_of(one))
    assume(is_worse_or_equal(one, values[name], after))

    before, worse = alert(values), alert({**values, name: after})

    assert worse.colour.severity >= before.colour.severity
    assert worse.urgency.severity >= before.urgency.severity
    assert {row.id for row in before.rows} - {"K99"} <= {row.id for row in worse.rows}


@settings(deadline=None)
@given(all_inputs(gaps=True))
def test_missing_data_never_give_green(values):
    required = [name for name, one in KOL.inputs.items() if one.required["followup"]]
    result = alert(values)

    if any(values[name] is None for name in required):
        assert result.colour is not Colour.GREEN
        assert result.incomplete
    assert result.incomplete is any(row.id.startswith("unknown:") for row in result.rows)


@settings(deadline=None)
@given(all_inputs(gaps=False))
def test_an_estimated_cat_never_lowers_an_alert_below_unknown(values):
    exact, estimated = alert(values), alert(values, estimated=["cat"])

    assert estimated.colour.severity >= max(exact.colour.severity, Colour.UNKNOWN.severity)
    assert [row for row in exact.rows if row.id != "K99"] == list(estimated.rows[:-1])


@settings(deadline=None)
@given(all_inputs(gaps=True))
def test_otherwise_stands_alone_or_not_at_all(values):
    rows = [row.id for row in alert(values).rows]

    assert rows == ["K99"] or "K99" not in rows


POINTS = st.lists(st.none() | st.integers(0, 5), min_size=8, max_size=8)


def cat(points):
    answers = {f"cat-{place}": one for place, one in enumerate(points, 1)}
    return one_score("cat", "catTotal", answers)


@settings(deadline=None)
@given(POINTS, st.integers(0, 7))
def test_a_worse_cat_answer_never_lowers_the_total(points, place):
    assume(points[place] is not None and points[place] < 5)
    worse = [one + 1 if here == place else one for here, one in enumerate(points)]

    before, after = cat(points), cat(worse)

    if before.value is None or after.value is None:
        assert before.value is after.value is None
    else:
        assert after.value > before.value


@settings(deadline=None)
@given(POINTS)
def test_a_cat_total_stays_in_its_range_and_in_one_band(points):
    result = cat(points)

    assert result.answered + result.missing == 8
    assert (result.value is None) is (result.band is None) is (result.reason is not None)
    if result.value is not None:
        assert 0 <= result.value <= 40


@settings(deadline=None)
@given(POINTS, st.permutations(range(8)))
def test_the_order_of_items_does_not_matter_to_a_sum(points, order):
    assert cat(points) == cat([points[place] for place in order])


@settings(deadline=None)
@given(st.fractions(max_denominator=60), st.integers(0, 3))
def test_rounding_is_off_by_half_a_step_at_most_and_up_in_the_middle(value, decimals):
    off = Fraction(half_up(value, decimals)) - value

    assert -Fraction(1, 2 * 10**decimals) < off <= Fraction(1, 2 * 10**decimals)

"""A score that is looked up in its owner's table: what the table may be, and what a profile is called."""

import pytest

from kernel.errors import ContentError
from questionnaires.model import Text
from scoring.rule import BandLabel
from tests.unit.scoring.content import CATALOGUE, load, small_rule, small_score
from tests.unit.scoring.small_scores import FORM, TOTAL

LOOKED_UP = {
    **small_score("lookup", ["a", "b"], [0, 100], id="t", of="total", decimals=1),
    "missing": {"strategy": "inputs", "needs": ["total"]},
}
EXPECTED = "null, or a number without exponent for each whole number, is expected"


def refusal(tmp_path, one):
    with pytest.raises(ContentError) as caught:
        load(tmp_path, small_rule(TOTAL, one), registry=FORM)
    return caught.value.text


@pytest.mark.parametrize(
    "table",
    [{"0": "40.5"}, {"x": 1}, {"0": True}, {"0": None}, {"-1": 1}, {"1.0": 1}],
    ids=["text", "name", "yes", "nothing", "below nought", "decimal"],
)
def test_a_table_has_a_number_for_each_whole_number(tmp_path, table):
    assert refusal(tmp_path, {**LOOKED_UP, "table": table}) == f"small-1.0.0.json.scores[1].table: {EXPECTED}"


@pytest.mark.parametrize("table", [{"0": 1, "1": 2}, {str(raw): 1 for raw in range(6)}], ids=["too few", "too many"])
def test_a_table_has_one_value_for_each_value_of_the_score_that_it_reads(tmp_path, table):
    assert refusal(tmp_path, {**LOOKED_UP, "table": table}).startswith("rule small: t: ")


def test_that_there_is_no_table_must_be_said(tmp_path):
    assert refusal(tmp_path, LOOKED_UP) == "small-1.0.0.json.scores[1].table: an object is expected"


def test_a_profile_is_its_own_name():
    (rule,) = (one for one in CATALOGUE.rules() if one.version.id == "eq5d5l-dk")

    assert rule.band_label("profile", "11121") == BandLabel(Text("11121", "11121"), Text("11121", "11121"))

"""An input of a table is what its file says, and a source that cannot be is refused at its element."""

import json

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Text
from scoring.input_file import read_inputs, read_unknown
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow
from scoring.table_input import CodeMap, InputSource, TableInput
from tests.unit.scoring.content import label

NUMBER = {
    "name": "cat",
    "label": {"da": "CAT i alt", "en": "CAT total"},
    "type": "number",
    "domain": [0, 40],
    "worse": "higher",
    "required": {},
    "validFor": {"days": 30},
    "source": {"questionnaire": "cat", "score": "catTotal", "use": "current"},
}
CODE = {**NUMBER, "name": "danger", "type": "code", "domain": ["yes", "no"], "worse": ["no", "yes"]}
REQUIRED = {"start": True}


def fields(*inputs, **more):
    return Fields.of_bytes(json.dumps({"inputs": list(inputs), **more}).encode(), "t.json")


def read(one):
    return read_inputs(fields(one), {one["name"]: REQUIRED})[one["name"]]


def source_of(**source):
    return read({**NUMBER, "source": source}).source


def refusal(one):
    with pytest.raises(ContentError) as caught:
        read(one)
    return caught.value.text


def test_a_number_has_its_ends_and_its_direction():
    assert read(NUMBER) == TableInput(
        name="cat",
        label=Text("CAT i alt", "CAT total"),
        kind="number",
        codes=(),
        ends=(0, 40),
        higher_is_worse=True,
        required=REQUIRED,
        valid_days=30,
        this_occasion=False,
        source=InputSource("cat", "catTotal", "current"),
        unknown_if_estimated=False,
        this_episode=False,
    )
    assert not read({**NUMBER, "worse": "lower"}).higher_is_worse
    assert read({**NUMBER, "type": "integer"}).kind == "integer"


def test_codes_are_kept_in_the_order_of_worse():
    found = read(CODE)

    assert (found.kind, found.codes, found.ends, found.higher_is_worse) == ("code", ("no", "yes"), None, True)


@pytest.mark.parametrize(
    ("told", "days", "occasion", "episode"),
    [
        ("occasion", None, True, False),
        ({"days": 1}, 1, False, False),
        ({"days": 400}, 400, False, False),
        ({"episode": True}, None, False, True),
    ],
    ids=str,
)
def test_an_answer_counts_for_the_occasion_for_days_or_for_the_episode(told, days, occasion, episode):
    found = read({**NUMBER, "validFor": told})

    assert (found.valid_days, found.this_occasion, found.this_episode) == (days, occasion, episode)


def test_an_estimated_value_can_be_unknown_too():
    assert read({**NUMBER, "onEstimated": "unknown-too"}).unknown_if_estimated


SCORE = {"questionnaire": "cat", "score": "catTotal"}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"system": "assessed"}, InputSource("", "assessed", "system")),
        ({"derived": "gold-abe", "score": "goldGroup"}, InputSource("", "goldGroup", "derived", derived="gold-abe")),
        ({**SCORE, "use": "current"}, InputSource("cat", "catTotal", "current")),
        ({**SCORE, "use": "delta", "against": "last"}, InputSource("cat", "catTotal", "delta", against="last")),
        ({**SCORE, "use": "rise", "against": "baseline"}, InputSource("cat", "catTotal", "rise", against="baseline")),
        (
            {**SCORE, "use": "new-since-baseline", "windowDays": 30},
            InputSource("cat", "catTotal", "new-since-baseline", window_days=30),
        ),
        (
            {"questionnaire": "cat", "use": "worse", "against": "last"},
            InputSource("cat", "", "worse", against="last"),
        ),
        (
            {"slot": "function", "use": "real-worse", "against": "baseline"},
            InputSource("", "", "real-worse", against="baseline", slot="function"),
        ),
        ({"slot": "function", "score": "pct", "use": "current"}, InputSource("", "pct", "current", slot="function")),
    ],
    ids=str,
)
def test_a_source_is_what_the_file_says(told, found):
    assert source_of(**told) == found


def test_a_map_tells_for_each_questionnaire_which_score_and_what_its_codes_mean():
    told = {"slot": "prognosis", "use": "current", "map": {"startback.risk": {"low": "no", "high": "yes"}}}

    found = read({**CODE, "source": told}).source

    assert found == InputSource(
        "", "", "current", slot="prognosis", maps={"startback": CodeMap("risk", {"low": "no", "high": "yes"})}
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"domain": [0]}, ".domain: the codes of `worse`, or lowest and highest, is expected"),
        ({"domain": [0, 1, 2]}, ".domain: the codes of `worse`, or lowest and highest, is expected"),
        ({"worse": "up"}, ".worse: one of higher, lower is expected"),
        ({"type": "text"}, ".type: one of code, integer, number is expected"),
        ({"validFor": {"days": 0}}, ".validFor: occasion, days or episode is expected"),
        ({"validFor": {"days": 1, "episode": True}}, ".validFor: occasion, days or episode is expected"),
        ({"validFor": {}}, ".validFor: occasion, days or episode is expected"),
        ({"validFor": {"weeks": 1}}, ".validFor: unknown field weeks"),
        ({"onEstimated": "never"}, ".onEstimated: one of unknown-too is expected"),
        ({"more": 1}, ": unknown field more"),
    ],
    ids=str,
)
def test_an_input_that_cannot_be_is_named(changes, told):
    assert refusal({**NUMBER, **changes}) == f"t.json.inputs[0]{told}"


USE = "use: `against` for a change and `windowDays` for what is new, nowhere else, is expected"
SCORED = "score: a score, the change rule of the instrument or a map of a current score is expected"
SLOT = "slot: a slot or a questionnaire is expected"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({**SCORE, "use": "current", "against": "last"}, f".{USE}"),
        ({**SCORE, "use": "delta"}, f".{USE}"),
        ({**SCORE, "use": "current", "windowDays": 3}, f".{USE}"),
        ({**SCORE, "use": "new-since-baseline"}, f".{USE}"),
        ({**SCORE, "slot": "function", "use": "current"}, f".{SLOT}"),
        ({"score": "x", "use": "current"}, f".{SLOT}"),
        ({"questionnaire": "cat", "use": "current"}, f".{SCORED}"),
        ({**SCORE, "use": "worse", "against": "last"}, f".{SCORED}"),
        ({**SCORE, "use": "current", "map": {}}, f".{SCORED}"),
        ({"questionnaire": "cat", "use": "delta", "against": "last", "map": {}}, f".{SCORED}"),
        ({**SCORE, "use": "delta", "against": "first"}, ".against: one of last, baseline is expected"),
        ({"system": "mood"}, ".system: one of assessed, clinician is expected"),
        ({"system": "assessed", "score": "x"}, ": unknown field score"),
        ({"derived": "x", "score": "y", "use": "current"}, ": unknown field use"),
        ({**SCORE, "use": "current", "more": 1}, ": unknown field more"),
    ],
    ids=str,
)
def test_a_source_that_cannot_be_is_named(source, told):
    assert refusal({**NUMBER, "source": source}) == f"t.json.inputs[0].source{told}"


def test_a_code_that_the_input_does_not_have_is_named_in_the_map():
    told = {"slot": "prognosis", "use": "current", "map": {"startback.risk": {"low": "maybe"}}}

    assert refusal({**CODE, "source": told}) == (
        "t.json.inputs[0].source.map.startback.risk.low: one of no, yes is expected"
    )


def test_codes_and_worse_name_the_same():
    assert refusal({**CODE, "domain": ["yes", "maybe"]}) == (
        "t.json.inputs[0].domain: the codes of `worse`, or lowest and highest, is expected"
    )


def test_each_input_stands_once():
    with pytest.raises(ContentError) as caught:
        read_inputs(fields(NUMBER, NUMBER), {"cat": REQUIRED})

    assert caught.value.text == "t.json.inputs: each name once is expected"


UNKNOWN = {
    "missing": {"da": "{input}: mangler", "en": "{input}: missing"},
    "stale": {"da": "{input}: for gammel", "en": "{input}: too old"},
    "estimated": {"da": "{input}: skønnet", "en": "{input}: estimated"},
    "action": {"da": "Spørg", "en": "Ask"},
}


@pytest.mark.parametrize(
    ("urgency", "found"),
    [({}, Urgency.PLANNED_4_WEEKS), ({"unknownUrgency": "same-day"}, Urgency.SAME_DAY)],
    ids=["by itself", "as told"],
)
def test_each_input_has_a_row_for_each_way_to_be_unknown(urgency, found):
    told = fields({**NUMBER, **urgency}, CODE, unknown=UNKNOWN)
    inputs = read_inputs(told, {"cat": REQUIRED, "danger": REQUIRED})

    rows = read_unknown(told, inputs)

    assert set(rows) == {(name, state) for name in ("cat", "danger") for state in ("missing", "stale", "estimated")}
    assert rows["cat", "stale"] == MatchedRow(
        "unknown:cat", Colour.UNKNOWN, found, Text("CAT i alt: for gammel", "CAT total: too old"), Text("Spørg", "Ask")
    )
    assert rows["danger", "missing"].urgency is Urgency.PLANNED_4_WEEKS


@pytest.mark.parametrize(
    ("unknown", "told"),
    [
        ({**UNKNOWN, "more": label("x")}, ".unknown: unknown field more"),
        ({**UNKNOWN, "action": {"da": "x"}}, ".unknown.action.en: a text is expected"),
        ({**UNKNOWN, "stale": None}, ".unknown.stale: an object is expected"),
    ],
    ids=["more", "half", "none"],
)
def test_the_words_of_unknown_rows_are_whole(unknown, told):
    one = fields(NUMBER, unknown=unknown)

    with pytest.raises(ContentError) as caught:
        read_unknown(one, read_inputs(one, {"cat": REQUIRED}))

    assert caught.value.text == f"t.json{told}"


def test_an_urgency_that_is_none_is_named():
    one = fields({**NUMBER, "unknownUrgency": "soon"}, unknown=UNKNOWN)

    with pytest.raises(ContentError, match=r"^t\.json\.inputs\[0\]\.unknownUrgency: one of "):
        read_unknown(one, read_inputs(one, {"cat": REQUIRED}))

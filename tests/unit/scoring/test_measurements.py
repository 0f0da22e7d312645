"""What a clinician may write down with a decision: a list of content, and numbers as people write them."""

import json
from decimal import Decimal

import pytest

from kernel.errors import ContentError
from questionnaires.model import Text
from scoring.measurements import read_measurements
from scoring.measurements_file import load_measurements, parse_measurements

LABEL = {"da": "Vægt", "en": "Weight"}
KIND = {
    "code": "weight",
    "label": LABEL,
    "unit": "kg",
    "lowest": 20,
    "highest": 250,
    "decimals": 1,
    "packages": ["KOL"],
}
LIST = {
    "id": "measurements",
    "version": "1.0.0",
    "status": "proposal",
    "approval": {"state": "draft"},
    "sources": ["ours"],
    "licence": "own",
    "measurements": [KIND],
}


def parsed(**changes):
    return parse_measurements(json.dumps({**LIST, **changes}).encode(), "measurements-1.0.0.json")


def told(text):
    return read_measurements({"weight": text}, parsed().kinds)


def test_copd_asks_for_what_the_packages_name_and_back_pain_for_nothing():
    found = load_measurements()

    assert [one.code for one in found.of_package("KOL")] == ["mrc", "fev1-percent", "exacerbations-12"]
    assert found.of_package("LRS") == ()


def test_a_code_has_its_words_and_an_unknown_one_stands_for_itself():
    found = load_measurements()

    assert found.label("fev1-percent").da == "FEV1 i % af forventet"
    assert found.label("no-longer-listed") == Text("no-longer-listed", "no-longer-listed")


def test_a_national_code_is_told_where_it_is_verified_and_its_display_where_that_is():
    found = load_measurements().kinds

    assert found["mrc"].coding == ("urn:oid:1.2.208.184.100.8", "MCS88021", "Pt(KOL)-MRC skala")
    assert found["fev1-percent"].coding == ("urn:oid:1.2.208.184.100.8", "MCS88023", "")
    assert found["exacerbations-12"].coding is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("62", "62"), ("62,5", "62.5"), (" 62.5 ", "62.5"), ("20", "20"), ("250", "250"), ("6E1", "6E+1")],
    ids=["whole", "comma", "point and blanks", "lowest", "highest", "another way to write 60"],
)
def test_a_number_is_read_as_people_write_it(text, value):
    assert told(text) == ({"weight": Decimal(value)}, ())


@pytest.mark.parametrize(
    "text",
    ["19,9", "250,1", "62,55", "tung", "", "NaN", "Infinity", "6" * 13],
    ids=["too low", "too high", "too exact", "a word", "nothing", "no number", "endless", "too long"],
)
def test_anything_else_is_refused_by_name_and_never_repeated(text):
    read, (issue,) = told(text)

    assert read == {}
    assert (issue.rule, issue.expression) == ("not-a-number", "measurements.weight")
    assert issue.text == "A number from 20 to 250 with at most 1 decimals."


def test_what_the_package_does_not_ask_for_is_refused_without_its_name():
    read, issues = read_measurements({"2512489996": "1", "weight": "70"}, parsed().kinds)

    assert read == {"weight": Decimal(70)}
    assert [(issue.rule, issue.expression) for issue in issues] == [("not-a-measurement", "measurements")]


NAME = r"^measurements-1\.0\.0\.json"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"measurements": []}, r"\.measurements: a list that names each code once is expected$"),
        ({"measurements": [KIND, KIND]}, r"\.measurements: a list that names each code once is expected$"),
        ({"measurements": [{**KIND, "highest": 20}]}, r"\[0\]\.highest: a number above the lowest is expected$"),
        ({"measurements": [{**KIND, "decimals": -1}]}, r"\[0\]\.decimals: no decimals or more is expected$"),
        ({"measurements": [{**KIND, "unit": ""}]}, r"\[0\]\.unit: a text is expected$"),
        ({"measurements": [{**KIND, "alarm": 5}]}, r"\[0\]: unknown field alarm$"),
        ({"measurements": [{**KIND, "coding": {"system": "x"}}]}, r"\[0\]\.coding\.code: a text is expected$"),
        ({"version": "1.0.1"}, r": the file must be called measurements-1\.0\.1\.json$"),
    ],
)
def test_a_list_that_is_not_sound_stops_the_start(changes, told):
    with pytest.raises(ContentError, match=NAME + ".*" + told):
        parsed(**changes)


def test_a_directory_without_a_list_stops_the_start(tmp_path):
    with pytest.raises(ContentError, match="there is no list of measurements"):
        load_measurements(tmp_path)

"""Whom to call now: section 9 of the content facts, on both sides of every hour and date."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from delivery.contact_advice import ADVICE, Reach, contact_now, fill_contact, load_contact_advice
from kernel.errors import ContentError
from questionnaires.model import Text

ADVICES = load_contact_advice()
CLINIC = "din læge, 86 12 34 56"
AARHUS = Reach("86 12 34 56", "midtjylland")
LINES = {
    "hovedstaden": "Akuttelefonen 1813",
    "sjaelland": "Akuttelefonen 1818",
    "syddanmark": "Lægevagten 70 11 07 07",
    "midtjylland": "Lægevagten 70 11 31 31",
    "nordjylland": "Lægevagten 70 15 03 00",
}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Copenhagen"))


def told(reach, moment):
    return contact_now(ADVICES, reach, at(moment)).da


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        pytest.param("2026-11-23T07:59:59", LINES["midtjylland"], id="a second before the clinic opens"),
        pytest.param("2026-11-23T08:00", CLINIC, id="when it opens"),
        pytest.param("2026-11-23T15:59:59", CLINIC, id="a second before it closes"),
        pytest.param("2026-11-23T16:00", LINES["midtjylland"], id="when it closes"),
        pytest.param("2026-11-21T10:00", LINES["midtjylland"], id="Saturday"),
        pytest.param("2026-11-22T10:00", LINES["midtjylland"], id="Sunday"),
        pytest.param("2026-12-25T10:00", LINES["midtjylland"], id="Christmas Day"),
        pytest.param("2026-12-24T10:00", LINES["midtjylland"], id="Christmas Eve"),
        pytest.param("2026-12-23T10:00", CLINIC, id="the day before"),
        pytest.param("2026-04-02T10:00", LINES["midtjylland"], id="Maundy Thursday"),
        pytest.param("2026-06-05T10:00", LINES["midtjylland"], id="Constitution Day"),
        pytest.param("2026-05-01T10:00", CLINIC, id="1 May"),
        pytest.param("2026-03-30T08:00", CLINIC, id="summer time"),
    ],
)
def test_the_clinic_answers_in_its_hours_and_the_region_else(moment, expected):
    assert told(AARHUS, moment) == expected


def test_hours_are_danish_whatever_the_clock_says():
    winter = datetime(2026, 11, 23, 7, 0, tzinfo=ZoneInfo("UTC"))
    summer = datetime(2026, 7, 20, 6, 0, tzinfo=ZoneInfo("UTC"))

    assert contact_now(ADVICES, AARHUS, winter).da == contact_now(ADVICES, AARHUS, summer).da == CLINIC


def test_a_day_on_which_the_clinic_itself_is_closed_belongs_to_the_region():
    closed = Reach("86 12 34 56", "midtjylland", closures={date(2026, 11, 23)})

    assert told(closed, "2026-11-23T10:00") == LINES["midtjylland"]
    assert told(closed, "2026-11-24T10:00") == CLINIC


@pytest.mark.parametrize("region", LINES)
def test_each_region_has_its_line(region):
    assert told(Reach("1", region), "2026-12-31T23:59") == LINES[region]


@pytest.mark.parametrize(
    ("reach", "moment", "expected"),
    [
        pytest.param(("hovedstaden", ""), "2026-12-31T23:59", "Akuttelefonen 1813", id="the last old day"),
        pytest.param(("hovedstaden", ""), "2027-01-01T00:00", "Akuttelefonen 1813", id="still recorded as before"),
        pytest.param(("oestdanmark", "hovedstaden"), "2027-01-01T00:00", "Akuttelefonen 1813", id="former west"),
        pytest.param(("oestdanmark", "sjaelland"), "2027-01-01T00:00", "Akuttelefonen 1818", id="former south"),
        pytest.param(("oestdanmark", "sjaelland"), "2026-12-31T23:59", "Akuttelefonen 1818", id="moved too early"),
        pytest.param(("oestdanmark", ""), "2027-01-01T00:00", "112", id="no former region on record"),
        pytest.param(("oestdanmark", "nordjylland"), "2027-01-01T00:00", "Lægevagten 70 15 03 00", id="odd record"),
        pytest.param(("skaane", ""), "2026-11-21T10:00", "112", id="unknown region"),
        pytest.param(("", ""), "2026-11-21T10:00", "112", id="no region"),
    ],
)
def test_the_eastern_regions_keep_their_numbers_until_the_new_one_is_confirmed(reach, moment, expected):
    assert told(Reach("1", *reach), moment) == expected


def test_a_clinic_without_a_number_is_not_named():
    assert told(Reach("", "nordjylland"), "2026-11-23T10:00") == LINES["nordjylland"]


def test_a_text_gets_the_contact_in_both_languages():
    text = Text("Ring nu til {{contactNow}}.", "Call {{contactNow}} now.")

    filled = fill_contact(text, contact_now(ADVICES, AARHUS, at("2026-11-23T10:00")))

    assert filled == Text("Ring nu til din læge, 86 12 34 56.", "Call your doctor, 86 12 34 56 now.")
    assert "hverdage kl. 8-16" in fill_contact(text, ADVICES.static).da


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, "unknown field colour"),
        ({"version": "2.0.1"}, "holds version"),
        ({"emergency": {}}, "phone"),
        ({"clinicHours": {"text": {"da": "x", "en": "y"}}}, "clinicPhone"),
    ],
)
def test_a_wrong_advice_file_is_named(tmp_path, change, named):
    path = tmp_path / ADVICE.name
    path.write_text(json.dumps(json.loads(ADVICE.read_bytes()) | change), encoding="utf-8")

    with pytest.raises(ContentError, match=named):
        load_contact_advice(path)

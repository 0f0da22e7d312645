"""The list of owners' terms: what each questionnaire needs before it may be sent."""

import json
from datetime import UTC, date, datetime

import pytest

from kernel.errors import ContentError
from questionnaires.licence import LicenceNeed, LicenceRecord
from questionnaires.licence_file import HERE, load_licences, parse_licences
from questionnaires.registry import Registry

FREE = {"kol-status", "lrs-flags", "shk-draft", "nrs-pain", "psfs", "mmrc"}
AGREED = {"cat", "ccq", "odi", "hls19-q12", "hls-eu-q16", "hlq", "hlq-dk-2", "ehlq", "b-hla", "eq5d5l-dk"}
HEEDED = {"startback", "rmdq23", "rmdq24", "ompsq10", "promis-pi-4a", "bhls", "sils"}


def shipped():
    return load_licences({one.id for one in Registry.load().all()})


def changed(**fields):
    raw = json.loads((HERE / "licences-1.0.0.json").read_bytes()) | fields
    return json.dumps(raw).encode()


def test_every_instrument_of_the_reference_is_in_the_list_with_what_its_owner_asks():
    terms = shipped().terms

    of = {need: {name for name, one in terms.items() if one.need is need} for need in LicenceNeed}
    assert of == {LicenceNeed.NONE: FREE, LicenceNeed.AGREEMENT: AGREED, LicenceNeed.TERMS: HEEDED}
    assert len(terms) == 23


@pytest.mark.parametrize(("name", "needs"), [("psfs", False), ("startback", True), ("cat", True)])
def test_only_an_instrument_of_nobody_else_is_sent_without_a_licence_record(name, needs):
    assert shipped().needs_record(name) is needs


def test_a_questionnaire_that_the_list_says_nothing_of_stops_the_start():
    with pytest.raises(ContentError, match=r"licences-1\.0\.0\.json says nothing of another, other"):
        load_licences({"cat", "other", "another"})


def test_the_newest_list_counts_by_number(tmp_path):
    for version in ("9.0.0", "10.0.0"):
        (tmp_path / f"licences-{version}.json").write_bytes(changed(version=version))

    assert load_licences({"cat"}, tmp_path).version == "10.0.0"


def test_a_deployment_without_a_list_does_not_start(tmp_path):
    with pytest.raises(ContentError, match="no list of licences"):
        load_licences((), tmp_path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"more": 1}, "unknown field more"),
        ({"version": "2"}, "three numbers"),
        ({"version": "1.0.1"}, r"must be called licences-1\.0\.1\.json"),
        ({"questionnaires": {"cat": {"need": "maybe", "holder": "x", "note": "x", "source": "x"}}}, "cat.need"),
        ({"questionnaires": {"cat": {"need": "none", "note": "x", "source": "x"}}}, "cat.holder"),
        ({"questionnaires": {"cat": {"price": 1}}}, "unknown field price"),
        ({"licenceFree": {"kol": 1}}, "licenceFree.kol"),
    ],
)
def test_a_list_that_is_not_sound_is_refused_naming_the_field(fields, said):
    with pytest.raises(ContentError, match=said):
        parse_licences(changed(**fields), "licences-1.0.0.json")


@pytest.mark.parametrize(
    ("day", "expires", "holds"),
    [
        (date(2026, 12, 31), date(2027, 12, 31), False),
        (date(2027, 1, 1), date(2027, 12, 31), True),
        (date(2027, 12, 31), date(2027, 12, 31), True),
        (date(2028, 1, 1), date(2027, 12, 31), False),
        (date(2099, 1, 1), None, True),
    ],
    ids=["the-day-before", "the-first-day", "the-last-day", "the-day-after", "without-end"],
)
def test_a_licence_holds_from_its_first_day_to_its_last(day, expires, holds):
    at = datetime(2027, 1, 1, tzinfo=UTC)
    record = LicenceRecord(
        "l-1", "cat", "2.0.0", "da", "Ejeren", "A-1", date(2027, 1, 1), expires, "vilkår", "Lise Holm", at
    )

    assert record.holds_on(day) is holds

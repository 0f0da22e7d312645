"""Programmes: the shipped one, and every fault that stops the start."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from delivery.content import Content
from delivery.occasion_kind import TriggerType
from delivery.producible import Promise, refuse_unproducible
from delivery.programme import PROGRAMMES, Programmes, parse_programme
from kernel.errors import ContentError
from tests.released import RELEASED

KOL = json.loads((PROGRAMMES / "kol-2.0.0.json").read_bytes())
CONTENT = Content(RELEASED)


def kol(**changes):
    return json.loads(json.dumps(KOL)) | changes


def parse(fields, name="kol-2.0.0.json"):
    return parse_programme(json.dumps(fields).encode(), name)


def load(tmp_path: Path, *files):
    for fields in files:
        (tmp_path / f"{fields['id']}-{fields['version']}.json").write_text(json.dumps(fields), encoding="utf-8")
    return Programmes.load(tmp_path, registry=CONTENT.questionnaires, catalogue=CONTENT.catalogue)


def occasion(fields, occasion_id):
    return next(entry for entry in fields["occasions"] if entry["id"] == occasion_id)


def test_the_copd_programme_asks_its_questionnaires_at_the_start_and_by_level():
    programme = CONTENT.programmes.get("kol", "2.0.0")

    assert (programme.package, programme.alert, programme.plan_target) == ("KOL", "alert/kol", "flp")
    assert programme.title.in_language("en") == "COPD programme"
    assert (programme.start.id, programme.start.phase) == ("start", "start")
    assert (programme.periodic.id, programme.periodic.phase) == ("periodic", "followup")
    assert programme.start.ask == programme.periodic.ask == ("kol-status", "mmrc", "cat")
    assert (programme.reminder_days, programme.expires_after_days) == ((3, 7), 21)
    assert programme.sha256 == sha256((PROGRAMMES / "kol-2.0.0.json").read_bytes()).hexdigest()
    assert programme.status == "draft"
    assert (programme.needs, programme.derived, dict(programme.slots), programme.fixed) == (None, (), {}, ())


@pytest.mark.parametrize(("level", "months"), [(None, 6), (1, 12), (2, 6), (3, 3)])
def test_the_interval_follows_the_decided_level(level, months):
    assert CONTENT.programmes.newest("kol").period_months(level) == months


def test_a_programme_may_remind_nobody():
    assert parse(kol(reminders={"afterDays": [], "expiresAfterDays": 21})).reminder_days == ()
    with pytest.raises(ContentError, match="afterDays"):
        parse(kol(reminders={"expiresAfterDays": 21}))


def test_an_occasion_is_found_by_its_id():
    programme = CONTENT.programmes.newest("kol")

    assert programme.occasion("before-appointment").trigger.type is TriggerType.BEFORE_APPOINTMENT
    assert programme.occasion("before-appointment").trigger.days == 14
    with pytest.raises(ContentError, match="no occasion tomorrow"):
        programme.occasion("tomorrow")


def test_the_newest_version_is_the_highest_number(tmp_path):
    programmes = load(tmp_path, kol(version="9.0.0"), kol(version="10.0.0"))

    assert programmes.newest("kol").version == "10.0.0"
    assert programmes.get("kol").version == "10.0.0"
    assert programmes.get("kol", "9.0.0").version == "9.0.0"
    assert [programme.version for programme in programmes.all()] == ["9.0.0", "10.0.0"]


def test_a_programme_that_is_not_loaded_is_named():
    with pytest.raises(ContentError, match=re.escape("kol 1.0.0 is not loaded")):
        CONTENT.programmes.get("kol", "1.0.0")
    with pytest.raises(ContentError, match="t2d is not loaded"):
        CONTENT.programmes.newest("t2d")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({"version": "2"}, "three numbers", id="version"),
        pytest.param({"alert": ""}, "alert", id="no alert table"),
        pytest.param({"colour": "red"}, "unknown field colour", id="unknown field"),
        pytest.param({"occasions": []}, "exactly one occasion with trigger start", id="no occasion"),
        pytest.param({"vectors": []}, "vectors", id="no vectors"),
        pytest.param({"vectors": [{"level": None, "months": 7}, *KOL["vectors"][1:]]}, "vectors", id="wrong vector"),
        pytest.param({"vectors": KOL["vectors"][:3]}, "vectors", id="a level without a vector"),
        pytest.param({"reminders": {"afterDays": [7, 3], "expiresAfterDays": 21}}, "reminders", id="reminders back"),
        pytest.param({"reminders": {"afterDays": [0], "expiresAfterDays": 21}}, "reminders", id="reminded at once"),
        pytest.param({"reminders": {"afterDays": [21], "expiresAfterDays": 21}}, "reminders", id="reminded too late"),
        pytest.param({"reminders": {"afterDays": [3], "expiresAfterDays": 0}}, "expiresAfterDays", id="never open"),
        pytest.param({"source": " "}, "source", id="no source"),
        pytest.param({"licence": None}, "licence", id="no licence"),
    ],
)
def test_a_wrong_field_is_named(change, named):
    fields = kol(**change)
    with pytest.raises(ContentError, match=named):
        parse(fields, f"kol-{fields['version']}.json")


@pytest.mark.parametrize(
    ("occasion_id", "change", "named"),
    [
        pytest.param("start", {"phase": "end"}, "phase", id="phase"),
        pytest.param("start", {"ask": []}, "ask", id="asks nothing"),
        pytest.param("start", {"ask": ["cat", "cat"]}, "each text once", id="asks twice"),
        pytest.param("start", {"trigger": {"type": "sometimes"}}, "one of start", id="trigger"),
        pytest.param("start", {"id": "periodic"}, "two occasions of one id", id="two of one id"),
        pytest.param(
            "periodic", {"trigger": {"type": "on-order"}}, "with trigger every by level", id="no periodic one"
        ),
        pytest.param("before-appointment", {"trigger": {"type": "before-appointment"}}, "days", id="no days"),
        pytest.param(
            "periodic",
            {"trigger": {"type": "every", "monthsByLevel": {"1": 12, "2": 6}, "undecided": 6}},
            r"monthsByLevel\.3",
            id="a level without interval",
        ),
        pytest.param(
            "periodic",
            {"trigger": {"type": "every", "monthsByLevel": {"1": 12, "2": 6, "3": 0}, "undecided": 6}},
            "a whole number from 1",
            id="interval of none",
        ),
        pytest.param(
            "periodic",
            {"trigger": {"type": "every", "monthsByLevel": {"1": 12, "2": 6, "3": 3, "4": 1}, "undecided": 6}},
            "unknown field 4",
            id="a level that does not exist",
        ),
    ],
)
def test_a_wrong_occasion_is_named(occasion_id, change, named):
    fields = kol()
    occasion(fields, occasion_id).update(change)
    with pytest.raises(ContentError, match=named):
        parse(fields)


@pytest.mark.parametrize(
    ("raw", "name", "named"),
    [
        pytest.param(b"{", "kol-2.0.0.json", "not JSON", id="not json"),
        pytest.param(b'{"id": "a", "id": "b"}', "kol-2.0.0.json", "twice", id="a key twice"),
        pytest.param(json.dumps(KOL).encode(), "kol-2.1.0.json", "holds kol 2.0.0", id="another name"),
    ],
)
def test_a_file_that_is_not_a_programme_of_its_name_is_refused(raw, name, named):
    with pytest.raises(ContentError, match=named):
        parse_programme(raw, name)


def test_a_questionnaire_that_does_not_exist_stops_the_start(tmp_path):
    fields = kol()
    occasion(fields, "start")["ask"].append("phq-9")

    with pytest.raises(ContentError, match="does not exist"):
        load(tmp_path, fields)


def test_a_table_that_does_not_exist_stops_the_start(tmp_path):
    with pytest.raises(ContentError, match="alert/none"):
        load(tmp_path, kol(alert="alert/none"))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        pytest.param({"start": ["kol-status", "mmrc"]}, "cat", id="required at the start, never asked then"),
        pytest.param({"start": ["mmrc", "cat"]}, "danger", id="the safety screen is never asked in a phase"),
        pytest.param({name["id"]: ["kol-status", "cat"] for name in KOL["occasions"]}, "mrc", id="never asked at all"),
    ],
)
def test_an_input_that_the_programme_cannot_produce_stops_the_start(tmp_path, changes, missing):
    fields = kol()
    for occasion_id, ask in changes.items():
        occasion(fields, occasion_id)["ask"] = ask

    with pytest.raises(ContentError, match=f"cannot produce the input {missing} of alert/kol"):
        load(tmp_path, fields)


def test_an_input_that_may_be_older_need_not_be_asked_each_time(tmp_path):
    fields = kol()
    occasion(fields, "ordered")["ask"] = ["kol-status"]

    assert load(tmp_path, fields).newest("kol").occasion("ordered").ask == ("kol-status",)


def test_an_occasion_without_the_safety_screen_feeds_no_table_and_needs_no_more(tmp_path):
    fields = kol()
    occasion(fields, "ordered")["ask"] = ["cat"]

    assert load(tmp_path, fields).newest("kol").occasion("ordered").ask == ("cat",)


def test_an_input_of_the_occasion_itself_must_be_asked_each_time(tmp_path):
    fields = kol()
    occasion(fields, "ordered")["ask"] = ["kol-status"]
    occasions = load(tmp_path, fields).newest("kol").occasions
    promise = Promise(occasions, {}, (), CONTENT.catalogue.newest_rules(), "kol")
    table = CONTENT.catalogue.table("alert/kol")
    fresh = replace(table.inputs["cat"], this_occasion=True)
    strict = replace(table, inputs={**table.inputs, "cat": fresh})

    refuse_unproducible(promise, table, CONTENT.questionnaires)
    with pytest.raises(ContentError, match="cannot produce the input cat"):
        refuse_unproducible(promise, strict, CONTENT.questionnaires)

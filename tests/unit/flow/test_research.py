"""Research gets coded data under its own pseudonyms: no name, number, id, text or true day, and no small count."""

import json
import re
from datetime import date, timedelta

import pytest

from flow.enrol import EnrolmentOrder
from flow.patient_data import PatientData
from flow.research import ExportForResearch
from kernel.errors import AccessError, InvalidInputError
from security.actor import Role
from security.pseudonym import KEY_BYTES, Project
from tests.builders import NOW, an_actor

OPERATOR = an_actor(Role.OPERATOR)
ONE, OTHER = Project(b"a" * KEY_BYTES), Project(b"b" * KEY_BYTES)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def six(way):
    """Six patients have answered, the last one worse; the first five are decided alike."""
    found = []
    for number in range(6):
        # A replacement number: a made-up CPR number might be somebody's.
        enrolled = way.enrol(way.system, EnrolmentOrder(f"010190-1AA{number}", f"Person {number}", "KOL"))
        way.open_due()
        way.answer_all(enrolled, points=5 if number == 5 else 1)
        way.decided(enrolled, "RED" if number == 5 else "GREEN", level=1)
        found.append(enrolled)
    return found


@pytest.fixture
def export(way):
    return lambda project=ONE, actor=OPERATOR, name="KOL i Syd": ExportForResearch(way.store)(actor, project, name)


def written(dataset):
    return json.dumps([dict(dataset.files), dict(dataset.tables)], default=str, ensure_ascii=False)


def test_nothing_of_who_it_is_or_when_it_was_leaves(way, six, export):
    text = written(export())

    assert UUID.findall(text) == []
    for number, enrolled in enumerate(six):
        assert enrolled.patient_ref not in text
        assert f"Person {number}" not in text
        assert f"1AA{number}" not in text
    for hidden in ("Samlet vurdering", "Lise", NOW.date().isoformat()):
        assert hidden not in text
    assert {len(row["patient"]) for rows in export().files.values() for row in rows} == {32}


def test_two_projects_share_no_identifier_and_no_order(six, export):
    first, second = export(ONE), export(OTHER)
    people = [{row["patient"] for row in found.files["scores"]} for found in (first, second)]

    assert [len(some) for some in people] == [6, 6]
    assert not people[0] & people[1]
    assert all(
        [row["patient"] for row in rows] == sorted(row["patient"] for row in rows) for rows in first.files.values()
    )


def test_days_are_moved_and_the_distance_between_a_patients_days_is_kept(way, six, export):
    def day(kind):
        rows = [row for row in export().files[kind] if row["patient"] == mine]
        return date.fromisoformat(rows[-1]["day"])

    mine = ONE.pseudonym(way.doctor.clinic_id, six[0].patient_ref)
    before = day("decisions")
    way.clock.at += timedelta(days=40)
    way.decided(six[0], "YELLOW", level=2)

    assert before < NOW.date()
    assert (day("decisions") - before).days == 40


def test_counts_of_fewer_than_five_people_are_not_told_and_five_are(six, export):
    levels = export().tables["levels"]

    assert [(row["colour"], row["patients"]) for row in levels] == [("GREEN", 5), ("RED", "<5")]
    assert {row["patients"] for row in export().tables["bands"]} == {5, 6, "<5"}


def test_a_patient_with_many_answers_is_one(way, six, export):
    way.clock.at += timedelta(days=1)
    for _ in range(5):
        way.decided(six[5], "RED", level=1)

    assert [row["patients"] for row in export().tables["levels"] if row["colour"] == "RED"] == ["<5"]


def test_free_text_has_no_column(six, export):
    assert {tuple(row) for row in export().files["answers"]} == {("patient", "day", "questionnaire", "item", "answer")}
    assert {type(row["answer"]) for row in export().files["answers"]} <= {int, bool, str, type(None)}
    coded = [row["answer"] for row in export().files["answers"] if isinstance(row["answer"], str)]
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,40}", one) for one in coded)


def test_who_was_destroyed_is_left_out(way, six, export):
    PatientData(way.store, timedelta(days=1)).shred(OPERATOR, six[0].patient_ref, "asked for")

    gone = ONE.pseudonym(way.doctor.clinic_id, six[0].patient_ref)
    assert all(row["patient"] != gone for rows in export().files.values() for row in rows)


def test_an_export_is_an_audit_row_with_its_patients(way, six, export):
    export()

    with way.look() as tx:
        last = tx.audit.events()[-1]
    assert (last.action, last.entity, last.purpose) == ("research-export", "Project/KOL i Syd", "research")
    assert set(last.patients) == {one.patient_ref for one in six}


def test_only_whoever_controls_patients_data_exports_and_names_the_project(export):
    with pytest.raises(AccessError):
        export(actor=an_actor(Role.CLINICIAN))
    for name in (" ", "a" * 61):
        with pytest.raises(InvalidInputError):
            export(name=name)


def test_where_there_is_nothing_nothing_is_told(way, export):
    found = export()

    assert {name: len(rows) for name, rows in (*found.files.items(), *found.tables.items())} == {
        "answers": 0,
        "scores": 0,
        "decisions": 0,
        "bands": 0,
        "levels": 0,
    }

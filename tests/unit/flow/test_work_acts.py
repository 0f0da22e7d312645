"""What is done to the worklist without deciding: assigned, put off, called, confirmed together, handed over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery.postponement import Ended
from delivery.work_query import Tab, Wanted
from delivery.worklist import AlertKind
from flow.appointments import AppointmentEntry, Calendar, KeepAppointments
from flow.around_work import around_work
from flow.noting import note_wish
from flow.stand_in import StandInOrder
from flow.work_acts import PostponementOrder
from flow.worklist import ListWork
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from kernel.ids import EnrolmentId, PatientRef, PersonId
from security.actor import Role
from tests.builders import CLINIC_ID, a_person, an_actor
from tests.way import NANCY

DAY = timedelta(days=1)
NURSE = an_actor(Role.CLINIC_STAFF, id="nurse", display="Nete Bruun")
DELEGATED = replace(NURSE, on_behalf_of="doctor")


@pytest.fixture
def around(way):
    with way.store.write(CLINIC_ID, way.system) as tx:
        for number, role in enumerate((Role.CLINICIAN, Role.CLINIC_STAFF, Role.CLINIC_ADMIN)):
            tx.clinics.add_person(a_person(id=PersonId(f"person-{number}"), name=f"Person {number}", role=role))
    return around_work(way.store, way.content, way.clock)


@pytest.fixture
def green(way):
    """A patient decided green who has answered the same again."""
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled)
    way.decided(enrolled)
    way.clock.at += timedelta(days=200)
    way.expire()
    way.open_due()
    way.answer_all(enrolled)
    return enrolled


def seen(way, enrolled):
    with way.look() as tx:
        return (enrolled.enrolment_id, tx.suggestions.newest(enrolled.enrolment_id).id)


def listed(way, **wanted):
    return [one.name for one in ListWork(way.store)(way.doctor, Wanted(**wanted)).patients]


def audited(way):
    with way.look() as tx:
        return [event.action for event in tx.audit.events()]


def test_several_unchanged_greens_are_confirmed_in_one_action_by_name(way, around, green):
    (shown,) = ListWork(way.store)(way.doctor).patients
    assert shown.rows[0].may_confirm

    done = around.confirm(way.doctor, [seen(way, green)])

    assert (done.done, done.passed, listed(way)) == ((green.enrolment_id,), (), [])
    with way.look() as tx:
        assert tx.decisions.newest(green.enrolment_id).author_name == way.doctor.display


def test_a_green_is_passed_over_while_its_patient_wishes_to_be_contacted(way, around, green):
    occasion = way.occasion(green)
    with way.store.write(CLINIC_ID, way.system) as tx:
        note_wish(tx, green.patient_ref, occasion.id, wished=True)

    done = around.confirm(way.doctor, [seen(way, green)])

    assert (done.done, done.passed) == ((), (green.enrolment_id,))


def test_what_was_confirmed_already_is_passed_over_and_the_others_go_on(way, around, green):
    pair = seen(way, green)
    around.confirm(way.doctor, [pair])

    assert around.confirm(way.doctor, [pair]).done in ((), (green.enrolment_id,))
    with way.look() as tx:
        assert len(tx.decisions.of_enrolment(green.enrolment_id)) == 2


def test_a_nurse_confirms_within_a_delegation_only(way, around, green):
    with pytest.raises(AccessError):
        around.confirm(NURSE, [seen(way, green)])


def test_more_than_a_page_is_not_confirmed_at_once(way, around, green):
    with pytest.raises(InvalidInputError):
        around.confirm(way.doctor, [seen(way, green)] * 51)


def order(enrolled, **other):
    return PostponementOrder(enrolled.enrolment_id, **{"expected": "GREEN", "reason": "Ferie.", **other})


def test_who_is_put_off_leaves_the_list_until_the_day_has_passed(way, around, green):
    today = way.clock.now().date()
    around.acts.postpone(way.doctor, order(green, until=today + DAY))
    assert (listed(way), listed(way, tab=Tab.POSTPONED)) == ([], [NANCY[1]])
    assert around.acts.shown(way.doctor, green.enrolment_id).postponed.reason == "Ferie."

    way.clock.at += 2 * DAY

    assert (listed(way), listed(way, tab=Tab.POSTPONED)) == ([NANCY[1]], [])
    assert around.acts.shown(way.doctor, green.enrolment_id).postponed is None
    assert "postpone" in audited(way)


def test_a_postponement_is_taken_back_or_replaced(way, around, green):
    today = way.clock.now().date()
    first = around.acts.postpone(way.doctor, order(green, until=today))
    second = around.acts.postpone(way.doctor, order(green, until=today + DAY))

    around.acts.resume(way.doctor, green.enrolment_id)

    with way.look() as tx:
        ended = [tx.postponements.get(one.id).ended_why for one in (first, second)]
    assert (ended, listed(way)) == ([Ended.ANEW, Ended.BY_HAND], [NANCY[1]])
    assert "postponement-ended" in audited(way)


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({"expected": "UNKNOWN"}, "not-a-colour"),
        ({"reason": " "}, "no-reason"),
        ({"reason": "x" * 501}, "too-long"),
        ({"until": -DAY}, "out-of-range"),
        ({"until": 32 * DAY}, "out-of-range"),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_name_and_the_edges_hold(way, around, green, other, rule):
    today = way.clock.now().date()

    with pytest.raises(InvalidInputError) as refused:
        around.acts.postpone(way.doctor, order(green, **(other | {"until": today + other.get("until", 0 * DAY)})))

    assert [issue.rule for issue in refused.value.issues] == [rule]
    for days in (0, 31):
        around.acts.postpone(way.doctor, order(green, until=today + timedelta(days=days), reason="x" * 500))


def test_nobody_is_put_off_of_whom_nothing_is_known_or_without_a_delegation(way, around):
    enrolled = way.enrolled()
    today = way.clock.now().date()

    with pytest.raises(ConflictError):
        around.acts.postpone(way.doctor, order(enrolled, until=today))
    with pytest.raises(AccessError):
        around.acts.postpone(NURSE, order(enrolled, until=today))
    with pytest.raises(NotFoundError):
        around.acts.postpone(DELEGATED, replace(order(enrolled, until=today), enrolment_id=EnrolmentId("nobody")))


def test_a_patient_who_wished_it_is_called_once(way, around):
    enrolled = way.enrolled()
    way.open_due()
    with way.store.write(CLINIC_ID, way.system) as tx:
        note_wish(tx, enrolled.patient_ref, way.occasion(enrolled).id, wished=True)
        assert [one.kind for one in tx.alerts.open_of(enrolled.enrolment_id)] == [AlertKind.WISH]

    around.acts.contacted(NURSE, enrolled.patient_ref)

    assert listed(way, tab=Tab.WISHES) == []
    with way.look() as tx:
        assert tx.alerts.open_of(enrolled.enrolment_id) == ()
    with pytest.raises(ConflictError):
        around.acts.contacted(NURSE, enrolled.patient_ref)


def test_patients_are_assigned_and_handed_over_for_some_days_or_for_good(way, around, green):
    first, second = PersonId("person-0"), PersonId("person-1")
    today = way.clock.now().date()
    around.acts.assign(NURSE, [green.patient_ref], first)
    assert (listed(way, whose=(first,)), listed(way, whose=(second,))) == ([NANCY[1]], [])

    around.cover(NURSE, StandInOrder(first, second, today, today))

    assert (listed(way, whose=(first,)), listed(way, whose=(second,))) == ([NANCY[1]], [NANCY[1]])
    way.clock.at += DAY
    assert listed(way, whose=(second,)) == []
    around.cover(NURSE, StandInOrder(first, second, today, None))
    assert (listed(way, whose=(first,)), listed(way, whose=(second,))) == ([], [NANCY[1]])


def test_a_stay_away_is_ended_before_its_day(way, around, green):
    first, second = PersonId("person-0"), PersonId("person-1")
    today = way.clock.now().date()
    around.acts.assign(NURSE, [green.patient_ref], first)
    around.cover(NURSE, StandInOrder(first, second, today, today + 9 * DAY))
    (stand_in,) = around.cover.shown(NURSE).stand_ins

    around.cover.end(NURSE, stand_in.id)

    assert (listed(way, whose=(second,)), around.cover.shown(NURSE).stand_ins) == ([], ())
    with pytest.raises(NotFoundError):
        around.cover.end(NURSE, stand_in.id)


def test_who_cannot_stand_in_is_named(way, around):
    today = way.clock.now().date()
    admin = PersonId("person-2")

    with pytest.raises(InvalidInputError) as refused:
        around.cover(NURSE, StandInOrder(admin, admin, today, today - DAY))

    rules = [issue.rule for issue in refused.value.issues]
    assert rules == ["unknown-person", "unknown-person", "same-person", "ends-too-early"]
    with pytest.raises(InvalidInputError):
        around.acts.assign(NURSE, [], admin)
    with pytest.raises(NotFoundError):
        around.acts.assign(NURSE, [PatientRef("nobody")], None)


def test_a_calendar_is_read_as_danish_time_and_names_whoever_is_nobody_here(way, around):
    enrolled = way.enrolled()
    entries = (
        AppointmentEntry(2, NANCY[0], "2027-07-01T10:15"),
        AppointmentEntry(3, NANCY[0], "2027-02-01T10:15:00+00:00"),
        AppointmentEntry(4, "0201919990", "2027-02-01 08:00"),
    )

    outcome = KeepAppointments(way.store)(way.system, Calendar("lps", entries))

    assert (outcome.received, outcome.kept, outcome.unknown) == (3, 2, (4,))
    with way.look() as tx:
        assert [one.isoformat() for one in tx.appointments.of_patient(enrolled.patient_ref)] == [
            "2027-02-01T10:15:00+00:00",
            "2027-07-01T08:15:00+00:00",
        ]


def test_a_calendar_that_cannot_be_read_changes_nothing_and_names_every_fault(way, around):
    entries = (AppointmentEntry(0, "12", "2027-07-01T10:15"), AppointmentEntry(1, NANCY[0], "2027-07-01"))

    with pytest.raises(InvalidInputError) as refused:
        around.appointments(way.system, Calendar(" ", entries))

    named = [issue.expression for issue in refused.value.issues]
    assert named == ["source", "appointments.0.identifier", "appointments.1.startsAt"]

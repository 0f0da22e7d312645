from datetime import UTC, date, datetime, timedelta

import pytest

from delivery.parties import Window
from delivery.patient_status import StatusKind, StatusReport
from flow.enrol import Enrol, EnrolmentOrder
from kernel.errors import AccessError, ConflictError, InvalidInputError
from security.actor import Role
from security.cpr import parse_identifier
from tests.builders import CLINIC_ID, an_actor, an_opt_in
from tests.way import CONTENT, NANCY, Way


def test_enrolment_plans_the_start_now_and_the_periodic_questionnaires_for_an_undecided_level(way):
    enrolled = way.enrolled()

    with way.look() as tx:
        series = tx.schedule.running_series(enrolled.enrolment_id)
        slots = tx.schedule.planned_slots(enrolled.enrolment_id)
    assert [(one.occasion_kind, one.period_months, one.reason) for one in series][:2] == [
        ("start", 0, "enrolled"),
        ("periodic", 6, "enrolled"),
    ]
    assert sorted(slot.nominal_date for slot in slots)[:2] == [date(2027, 1, 11), date(2027, 7, 11)]
    assert enrolled.first_due_at <= way.clock.now()


def test_a_later_start_waits_until_its_day(way):
    enrolled = way.enrolled(start=date(2027, 2, 1))

    assert way.open_due() == 0
    way.clock.at = enrolled.first_due_at
    assert way.open_due() == 1


def test_the_same_patient_is_one_patient_however_the_number_is_written(way):
    way.enrolled()

    with pytest.raises(ConflictError):
        way.enrol(way.system, EnrolmentOrder("251248-9996", "Nancy Berggren", "KOL"))


@pytest.mark.parametrize(
    ("order", "element", "rule"),
    [
        (EnrolmentOrder("3112489996x", NANCY[1], "KOL"), "identifier", None),
        (EnrolmentOrder("9912489996", NANCY[1], "KOL"), "identifier", None),
        (EnrolmentOrder(NANCY[0], "  ", "KOL"), "name", None),
        (EnrolmentOrder(NANCY[0], NANCY[1], "LRS"), "package", "unknown-package"),
    ],
    ids=["no-number", "no-date", "no-name", "package-not-run"],
)
def test_an_unusable_order_names_its_element_and_changes_nothing(way, order, element, rule):
    with pytest.raises(InvalidInputError) as refused:
        way.enrol(way.system, order)

    (issue,) = refused.value.issues
    assert issue.expression == element
    assert rule is None or issue.rule == rule
    assert order.identifier not in str(refused.value)
    with way.look() as tx:
        assert tx.enrolments.all(limit=1) == ()


def test_a_programme_of_the_package_may_be_chosen(way):
    enrolled = way.enrolled(programme="kol")

    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).programme == "kol"


def test_slots_that_nobody_chose_have_the_programme_s_default(way):
    enrolled = way.enrolled()

    with way.look() as tx:
        enrolment = tx.enrolments.get(enrolled.enrolment_id)
    programme = CONTENT.programmes.get(enrolment.programme, enrolment.programme_version)
    assert enrolment.slots == dict(programme.slot_choice())


@pytest.mark.parametrize(
    ("choice", "element", "rule"),
    [
        ({"programme": "nothing"}, "programme", "unknown-programme"),
        ({"slots": {"nothing": "cat"}}, "slots.nothing", "not-a-choice"),
    ],
)
def test_a_choice_that_there_is_not_is_named(way, choice, element, rule):
    with pytest.raises(InvalidInputError) as refused:
        way.enrolled(**choice)

    assert [(issue.expression, issue.rule) for issue in refused.value.issues] == [(element, rule)]


def test_a_programme_of_another_package_is_refused(way):
    with way.store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS"))

    with pytest.raises(InvalidInputError) as refused:
        way.enrolled(package="LRS", programme="kol")

    assert refused.value.issues[0].rule == "another-package"


@pytest.mark.parametrize("kind", [StatusKind.DEAD, StatusKind.MOVED])
def test_who_has_left_the_clinic_is_not_enrolled(way, kind):
    patient_ref = with_status(way, kind, value=True)

    with pytest.raises(InvalidInputError) as refused:
        way.enrolled()

    assert refused.value.issues[0].rule == "left-the-clinic"
    with way.look() as tx:
        assert tx.enrolments.running_of(patient_ref) == ()


@pytest.mark.parametrize(("channels", "channel"), [({"clinic", "webpatient"}, "clinic"), (set(), "webpatient")])
def test_who_is_not_digital_is_enrolled_to_be_asked_by_the_clinic_where_it_can(way, channels, channel):
    with_status(way, StatusKind.DIGITAL, value=False)

    enrolled = Enrol(way.store, CONTENT, way.clock, channels)(way.system, EnrolmentOrder(*NANCY, "KOL"))

    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).channel == channel


def with_status(way, kind, *, value):
    with way.store.write(CLINIC_ID, way.system) as tx:
        patient_ref = tx.patients.add(parse_identifier(NANCY[0]), NANCY[1])
        tx.statuses.record(patient_ref, StatusReport(kind, value, date(2027, 1, 1)), "cpr")
    return patient_ref


def test_a_patient_cannot_enrol_anybody(way):
    with pytest.raises(AccessError):
        way.enrol(an_actor(Role.PATIENT), EnrolmentOrder(*NANCY, "KOL"))


def test_the_first_invitation_keeps_to_the_clinics_window(sqlite_store, clock, keyring):
    way = Way(sqlite_store, clock, keyring)
    way.add_clinic(window=Window(9 * 60, 18 * 60))
    clock.move(hours=11)  # Monday 20:00 UTC = 21:00 in Denmark

    enrolled = way.enrolled()
    assert (way.open_due(), way.dispatch()) == (0, 0)

    with way.look() as tx:
        due = min(slot.due_at for slot in tx.schedule.planned_slots(enrolled.enrolment_id))
    assert datetime(2027, 1, 12, 8, tzinfo=UTC) <= due < datetime(2027, 1, 12, 17, tzinfo=UTC)
    clock.at = due - timedelta(seconds=1)
    assert (way.open_due(), way.dispatch()) == (0, 0)
    clock.at = due
    assert (way.open_due(), way.dispatch()) == (1, 1)

from datetime import date

import pytest

from delivery.parties import Window
from flow.enrol import EnrolmentOrder
from kernel.errors import AccessError, ConflictError, InvalidInputError
from security.actor import Role
from tests.builders import an_actor
from tests.way import NANCY, Way


def test_enrolment_plans_the_start_now_and_the_periodic_questionnaires_for_an_undecided_level(way):
    enrolled = way.enrolled()

    with way.look() as tx:
        series = tx.schedule.running_series(enrolled.enrolment_id)
        slots = tx.schedule.planned_slots(enrolled.enrolment_id)
    assert [(one.occasion_kind, one.period_months, one.reason) for one in series] == [
        ("start", 0, "enrolled"),
        ("periodic", 6, "enrolled"),
    ]
    assert sorted(slot.nominal_date for slot in slots) == [date(2027, 1, 11), date(2027, 7, 11)]
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


def test_a_patient_cannot_enrol_anybody(way):
    with pytest.raises(AccessError):
        way.enrol(an_actor(Role.PATIENT), EnrolmentOrder(*NANCY, "KOL"))


def test_the_first_invitation_keeps_to_the_clinics_window(sqlite_store, clock, keyring):
    way = Way(sqlite_store, clock, keyring)
    way.add_clinic(window=Window(9 * 60, 18 * 60))
    clock.move(hours=11)  # Monday 20:00 UTC = 21:00 in Denmark

    way.enrolled()
    way.open_due()
    assert way.dispatch() == 0

    clock.move(hours=11, minutes=1)  # Tuesday 08:01 in Denmark
    assert way.dispatch() == 0
    clock.move(hours=1)  # Tuesday 09:01 in Denmark
    assert way.dispatch() == 1

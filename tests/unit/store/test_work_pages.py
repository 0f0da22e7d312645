"""Pages of the worklist: in the order that is wanted, each patient once, narrowed, and found by an index."""

from datetime import timedelta

import pytest

from delivery.schedule import EnrolmentState
from delivery.work_query import Order, Tab, Wanted
from kernel.ids import PersonId, new_id
from scoring.levels import Colour, DifferentiationLevel
from store.repositories.work_pages import COUNTED
from tests.builders import NOW, an_enrolment, an_occasion
from tests.stored import store_clinic
from tests.unit.store.work_list import DAY, TODAY, List

NURSE = PersonId("nurse")


@pytest.fixture
def rows(store):
    return List(store, store_clinic(store))


def test_emergencies_first_then_by_day_then_by_colour_then_worsening_then_waiting(rows):
    rows.put("green, due today", due_day=TODAY, place=3)
    rows.put("yellow, due tomorrow", due_day=TODAY + DAY)
    rows.put("yellow, overdue", due_day=TODAY - DAY)
    rows.put("red, due today, later", due_day=TODAY, place=0, answered_at=NOW + DAY)
    rows.put("red, due today", due_day=TODAY, place=0)
    rows.put("red, due today, worse", due_day=TODAY, place=0, step=0, answered_at=NOW + 2 * DAY)
    rows.put("emergency", tier=0, due_day=TODAY, place=0)

    assert rows.page() == [
        "emergency",
        "yellow, overdue",
        "red, due today, worse",
        "red, due today",
        "red, due today, later",
        "green, due today",
        "yellow, due tomorrow",
    ]


def test_by_colour_then_worsening_then_the_age_of_the_answer(rows):
    rows.put("green", place=3)
    rows.put("yellow, newer", answered_at=NOW + DAY)
    rows.put("yellow, older")
    rows.put("yellow, worse", step=0, answered_at=NOW + 2 * DAY)
    rows.put("unknown", place=2)
    rows.put("red", place=0, due_day=TODAY + 9 * DAY)

    assert rows.page(order=Order.COLOUR) == [
        "red",
        "yellow, worse",
        "yellow, older",
        "yellow, newer",
        "unknown",
        "green",
    ]


@pytest.mark.parametrize("order", [Order.DUE, Order.COLOUR])
def test_page_after_page_gives_each_patient_once_while_others_answer(rows, order):
    for number in range(7):
        rows.put(str(number), answered_at=NOW + number * DAY, place=number % 3)
    seen: list[str] = []
    wanted = Wanted(order=order)
    while places := rows.act(lambda tx, wanted=wanted: tx.work_pages.page(wanted, 3)):
        seen += [rows.of[place.enrolment_id] for place in places]
        rows.put(f"came meanwhile {len(seen)}", tier=0, place=0)
        wanted = Wanted(order=order, after=places[-1].key)

    assert sorted(label for label in seen if "came" not in label) == [str(number) for number in range(7)]
    assert len(seen) == len(set(seen))


def test_a_patient_stands_once_where_the_most_pressing_package_does(rows):
    ref = rows.put("KOL of both", place=3)
    rows.put("LRS of both", ref, "LRS", place=0)
    rows.put("another", place=1)

    assert rows.page() == ["LRS of both", "another"]
    assert rows.page(package="KOL") == ["another", "KOL of both"]
    assert rows.count() == 2


def test_filters_narrow(rows):
    rows.put("plain")
    rows.put("lrs", package="LRS")
    rows.put("red", place=0)
    rows.put("level 3", level=3)
    rows.put("hers", assigned_to=NURSE)
    rows.put("old", answered_at=NOW - 9 * DAY)
    everything = set(rows.of.values())

    assert rows.page(package="LRS") == ["lrs"]
    assert rows.page(colour=Colour.RED) == ["red"]
    assert rows.page(level=DifferentiationLevel.THREE) == ["level 3"]
    assert rows.page(whose=(NURSE,)) == ["hers"]
    assert set(rows.page(is_nobodys=True)) == everything - {"hers"}
    assert rows.page(last_day=TODAY - DAY) == ["old"]
    assert set(rows.page(first_day=TODAY)) == everything - {"old"}
    assert set(rows.page(first_day=TODAY - 9 * DAY, last_day=TODAY)) == everything


def test_what_came_after_the_list_was_looked_at_is_counted_and_not_shown(rows):
    rows.put("seen")
    rows.put("newer", answered_at=NOW + timedelta(microseconds=1), place=0)

    assert rows.page(seen=NOW) == ["seen"]
    assert rows.act(lambda tx: tx.work_pages.count_newer(Wanted(), NOW)) == 1
    assert rows.act(lambda tx: tx.work_pages.count_newer(Wanted(package="LRS"), NOW)) == 0


def test_who_is_put_off_until_today_stands_in_a_tab_of_its_own_and_comes_back_tomorrow(rows):
    rows.put("until today", postponed_until=TODAY, postponement_id="p")
    rows.put("until yesterday", postponed_until=TODAY - DAY, postponement_id="p")

    assert rows.page() == ["until yesterday"]
    assert rows.page(Tab.POSTPONED) == ["until today"]


def test_who_did_not_answer_stands_in_a_tab_until_asked_again(rows):
    ref = rows.put("silent", due_day=None, unanswered_at=NOW)
    rows.put("silent earlier", due_day=None, unanswered_at=NOW - DAY)
    assert rows.page(Tab.UNANSWERED) == ["silent earlier", "silent"]

    asked = an_occasion(ref, opened_at=NOW + DAY)
    rows.act(lambda tx: tx.occasions.add(asked, "0" * 64))

    assert rows.page(Tab.UNANSWERED) == ["silent earlier"]


def test_who_could_not_be_reached_stands_in_a_tab_while_the_occasion_is_open(rows):
    ref = rows.put("reached nobody", due_day=None, undelivered_at=NOW)
    assert rows.page(Tab.UNDELIVERED) == []

    rows.act(lambda tx: tx.occasions.add(an_occasion(ref, opened_at=NOW - DAY), "0" * 64))

    assert rows.page(Tab.UNDELIVERED) == ["reached nobody"]


def test_wishes_stand_by_waiting_whatever_else_is_the_matter(rows):
    rows.put("wished later", wished_at=NOW + DAY)
    rows.put("wished, decided", due_day=None, wished_at=NOW)
    rows.put("no wish")

    assert rows.page(Tab.WISHES) == ["wished, decided", "wished later"]


def test_the_others_are_those_of_whom_nothing_waits(rows):
    rows.put("waits")
    rows.put("silent", due_day=None, unanswered_at=NOW)
    rows.put("decided", due_day=None)
    ref = rows.patient()
    enrolment = an_enrolment(ref)
    rows.of[enrolment.id] = "never asked"
    rows.act(lambda tx: tx.enrolments.add(enrolment))
    ended = an_enrolment(rows.patient(), state=EnrolmentState.ENDED)
    rows.act(lambda tx: tx.enrolments.add(ended))

    assert rows.page(Tab.OTHERS) == ["decided", "never asked"]
    assert rows.page(Tab.OTHERS, package="LRS") == []
    assert rows.page(Tab.OTHERS, limit=1) == ["decided"]
    (first,) = rows.act(lambda tx: tx.work_pages.page(Wanted(Tab.OTHERS), 1))
    assert rows.page(Tab.OTHERS, after=first.key) == ["never asked"]


def test_by_appointment_come_first_those_who_come(rows):
    refs = [rows.put(label) for label in ("later", "today", "past", "none")]
    starts = (NOW + 2 * DAY, NOW + timedelta(hours=1), NOW - DAY)
    rows.act(lambda tx: tx.appointments.replace("lps", [*zip(refs[:3], starts, strict=True), (refs[1], NOW + 9 * DAY)]))
    wanted = Wanted(order=Order.APPOINTMENT)

    come = rows.act(lambda tx: tx.work_pages.with_appointment(wanted, 9))
    others = rows.act(lambda tx: tx.work_pages.without_appointment(wanted, 9))

    assert [rows.of[one.enrolment_id] for one in come] == ["today", "later"]
    assert {rows.of[one.enrolment_id] for one in others} == {"past", "none"}
    after = Wanted(order=Order.APPOINTMENT, after=come[0].key)
    assert [rows.of[one.enrolment_id] for one in rows.act(lambda tx: tx.work_pages.with_appointment(after, 9))] == [
        "later"
    ]


def test_a_calendar_replaces_what_the_same_source_told_before(rows):
    ref = rows.patient()
    for source, starts in (("lps", NOW), ("other", NOW + DAY), ("lps", NOW + 2 * DAY)):
        rows.act(lambda tx, source=source, starts=starts: tx.appointments.replace(source, [(ref, starts)]))

    assert rows.act(lambda tx: tx.appointments.of_patient(ref)) == (NOW + DAY, NOW + 2 * DAY)


def test_nobody_is_counted_beyond_what_is_said(rows):
    ref = rows.patient()

    def many(tx):
        for _ in range(2):
            enrolment = an_enrolment(ref, package=new_id()[:30])
            tx.enrolments.add(enrolment)

    rows.act(many)
    assert rows.count(Tab.OTHERS) == 1
    assert COUNTED == 100

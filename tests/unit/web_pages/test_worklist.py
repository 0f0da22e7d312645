"""Who waits for the clinic: the states of an enrolment, the colour it shows, and the order of the list."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cli.seed import system_of
from delivery.schedule import OccasionState
from delivery.work_query import Order, Tab, Wanted
from flow.appointments import AppointmentEntry, Calendar
from flow.decide import DecisionOrder
from flow.enrol import EnrolmentOrder
from flow.worklist import WorkState, state_of
from kernel.errors import AccessError
from kernel.ids import OccasionId, PatientRef, SuggestionId
from questionnaires.model import Coded
from scoring.levels import Colour, Urgency
from security.actor import Role
from tests.browser.world import TEST_PERSONS
from tests.builders import a_decision, a_suggestion, an_enrolment, an_occasion

CAT_CODES = "https://svarbro.example/fhir/CodeSystem/cat"
PATIENT = PatientRef("p")
ENROLMENT = an_enrolment(PATIENT)
OPEN = an_occasion(PATIENT, id=OccasionId("now"))
EXPIRED = an_occasion(PATIENT, id=OccasionId("now"), state=OccasionState.EXPIRED)
COMPLETED = an_occasion(PATIENT, id=OccasionId("now"), state=OccasionState.COMPLETED)
EARLIER = a_suggestion(ENROLMENT.id, OccasionId("earlier"), id=SuggestionId("s1"))
CURRENT = a_suggestion(ENROLMENT.id, OccasionId("now"), id=SuggestionId("s2"))


@pytest.mark.parametrize(
    ("suggestion", "decision", "newest", "state"),
    [
        pytest.param(None, None, None, WorkState.PLANNED, id="enrolled, nothing due"),
        pytest.param(None, None, OPEN, WorkState.ASKED, id="asked"),
        pytest.param(None, None, EXPIRED, WorkState.UNANSWERED, id="never answered"),
        pytest.param(CURRENT, None, OPEN, WorkState.AWAITING_DECISION, id="first form in, others open"),
        pytest.param(CURRENT, None, COMPLETED, WorkState.AWAITING_DECISION, id="all in"),
        pytest.param(CURRENT, a_decision(EARLIER), COMPLETED, WorkState.NEW_ANSWER_AWAITING, id="newer than decided"),
        pytest.param(CURRENT, a_decision(CURRENT), COMPLETED, WorkState.DECIDED, id="decided"),
        pytest.param(CURRENT, a_decision(CURRENT), EXPIRED, WorkState.DECIDED, id="decided on part of the forms"),
        pytest.param(EARLIER, a_decision(EARLIER), OPEN, WorkState.ASKED, id="decided earlier, asked again"),
        pytest.param(EARLIER, a_decision(EARLIER), EXPIRED, WorkState.UNANSWERED, id="decided earlier, silent since"),
    ],
)
def test_the_state_of_an_enrolment(suggestion, decision, newest, state):
    assert state_of(suggestion, decision, newest) is state


def page(world, tab=Tab.ASSESS, role=Role.CLINICIAN, **wanted):
    return world.services.use_cases.worklist(world.staff(role), Wanted(tab, **wanted))


def names(world, tab=Tab.ASSESS, **wanted):
    return [one.name for one in page(world, tab, **wanted).patients]


def listed(world):
    """Return the most pressing row of every patient, whatever tab it stands in."""
    tabs = (Tab.ASSESS, Tab.UNANSWERED, Tab.OTHERS)
    return {one.name: one.rows[0] for tab in tabs for one in page(world, tab).patients}


def test_an_answer_moves_its_patient_to_those_who_wait(world):
    invited = world.invite()
    world.invite("Sverre Mosebryggeren")
    assert {row.state for row in listed(world).values()} == {WorkState.ASKED}

    world.answer(invited, kol_status_1=True)

    rows = listed(world)
    nancy = rows["Nancy Berggren"]
    assert (nancy.state, nancy.colour, nancy.urgency) == (
        WorkState.AWAITING_DECISION,
        Colour.RED,
        Urgency.EMERGENCY,
    )
    assert nancy.complete
    assert nancy.reason.da.startswith("Patienten har svaret ja til et faresymptom nu")
    assert names(world) == ["Nancy Berggren"]
    assert rows["Sverre Mosebryggeren"].state is WorkState.ASKED


def decide(world, invited, colour, reason=""):
    doctor = world.staff(Role.CLINICIAN)
    case = world.services.use_cases.case(doctor, invited.enrolment_id)
    order = DecisionOrder(invited.enrolment_id, case.suggestion.id, colour, 2, reason)
    return world.services.use_cases.decide(doctor, order)


def test_after_a_decision_its_colour_is_shown_and_nobody_waits(world):
    invited = world.invite()
    world.answer(invited, kol_status_1=True)

    decide(world, invited, "YELLOW", "Har talt med patienten.")

    nancy = listed(world)["Nancy Berggren"]
    assert (nancy.state, nancy.colour, nancy.urgency, nancy.reason) == (WorkState.DECIDED, Colour.YELLOW, None, None)


def test_a_newer_answer_shows_the_worse_of_decision_and_suggestion(world):
    invited = world.invite()
    visit = world.services.use_cases.form.open(invited.token)
    world.fill(visit)
    form = world.services.use_cases.form
    first, *others = form.overview(visit).forms
    form.send(visit, first.request.id)
    assert not listed(world)["Nancy Berggren"].complete
    decide(world, invited, "RED", "Vil ses.")

    for other in others:
        form.send(visit, other.request.id)

    nancy = listed(world)["Nancy Berggren"]
    assert (nancy.state, nancy.colour) == (WorkState.NEW_ANSWER_AWAITING, Colour.RED)
    assert nancy.complete


def test_a_patient_who_did_not_answer_in_time_is_named(world):
    world.invite()
    world.move_clock(days=60)
    world.services.use_cases.expire()

    assert listed(world)["Nancy Berggren"].state is WorkState.UNANSWERED


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.PATIENT, Role.CLINIC_ADMIN])
def test_only_those_who_treat_see_the_list(world, role):
    actor = type(world.staff(Role.CLINICIAN))(role, "x", world.demo.clinic_id)

    with pytest.raises(AccessError):
        world.services.use_cases.worklist(actor)


def test_looking_at_patients_leaves_a_trace(world):
    invited = world.invite()
    page(world, Tab.OTHERS)
    world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id)

    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        read = [event.entity for event in tx.audit.events() if event.action == "read"]
    assert read == ["Worklist", f"CarePlan/{invited.enrolment_id}"]


def test_nobody_is_left_out_of_a_long_list(world):
    for name in ("Nancy Berggren", "Sverre Mosebryggeren", "Else Lauridsen"):
        world.answer(world.invite(name))
    work = replace(world.services.use_cases.worklist, at_once=2)
    doctor = world.staff(Role.CLINICIAN)

    for order in Order:
        first = work(doctor, Wanted(order=order))
        second = work(doctor, Wanted(order=order, after=first.after, seen=first.seen))

        assert (len(first.patients), len(second.patients), second.after) == (2, 1, ())
        assert len({one.name for page_ in (first, second) for one in page_.patients}) == 3


def test_all_packages_of_a_patient_stand_in_one_row_the_most_pressing_first(world):
    world.answer(world.invite(), kol_status_1=True)
    both = world.services.use_cases.worklist(world.staff(Role.CLINICIAN))
    world.services.use_cases.enrol(
        system_of(world.demo), EnrolmentOrder(TEST_PERSONS["Nancy Berggren"], "Nancy Berggren", "LRS")
    )

    (nancy,) = page(world).patients

    assert [row.enrolment.package for row in nancy.rows] == ["KOL", "LRS"]
    assert [row.state for row in nancy.rows] == [WorkState.AWAITING_DECISION, WorkState.PLANNED]
    assert nancy.identifier == "251248-xxxx"
    assert len(both.patients) == 1


def test_the_tabs_are_counted(world):
    world.answer(world.invite(), kol_status_1=True)
    world.invite("Else Lauridsen")
    world.move_clock(days=60)
    world.services.use_cases.expire()

    counts = page(world).counts

    assert {tab: count for tab, count in counts.items() if count} == {Tab.ASSESS: 1, Tab.UNANSWERED: 1}
    assert names(world, Tab.UNANSWERED) == ["Else Lauridsen"]


def test_a_list_that_is_looked_at_does_not_jump_and_says_that_there_is_more(world):
    world.answer(world.invite())
    seen = page(world).seen
    world.move_clock(days=1)
    world.answer(world.invite("Else Lauridsen"), kol_status_1=True)

    shown = page(world, seen=seen)

    assert ([one.name for one in shown.patients], shown.newer, shown.seen) == (["Nancy Berggren"], 1, seen)
    assert names(world) == ["Else Lauridsen", "Nancy Berggren"]
    assert world.services.use_cases.worklist.newer(world.staff(Role.CLINICIAN), Wanted(seen=seen)) == 1


def test_by_appointment_the_calendar_says_who_comes_first(world):
    for name in ("Nancy Berggren", "Sverre Mosebryggeren", "Else Lauridsen"):
        world.answer(world.invite(name), **({"kol_status_1": True} if name == "Else Lauridsen" else {}))
    soon = world.services.clock.now() + timedelta(days=1)
    entry = AppointmentEntry(0, TEST_PERSONS["Sverre Mosebryggeren"], soon.isoformat())
    world.services.use_cases.around_work.appointments(system_of(world.demo), Calendar("lps", (entry,)))

    shown = page(world, order=Order.APPOINTMENT)

    assert [one.name for one in shown.patients] == ["Sverre Mosebryggeren", "Else Lauridsen", "Nancy Berggren"]
    assert [one.appointment for one in shown.patients] == [soon, None, None]


def test_the_reason_shown_is_that_of_the_worst_colour_and_then_of_the_worst_urgency(world):
    invited = world.invite()
    breathless = Coded("https://svarbro.example/fhir/CodeSystem/mmrc", "5")
    world.answer(invited, mrc_1=breathless, **{f"cat_{n}": Coded(CAT_CODES, "3") for n in range(1, 9)})

    nancy = listed(world)["Nancy Berggren"]

    assert (nancy.colour, nancy.urgency) == (Colour.YELLOW, Urgency.WITHIN_2_WEEKS)
    assert nancy.reason.da == "MRC 5 og endnu ikke vurderet."

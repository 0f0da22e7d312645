"""Who waits for the clinic: the states of an enrolment, the colour it shows, and the order of the list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from delivery.schedule import OccasionState
from flow.decide import DecisionOrder
from flow.worklist import WorkRow, WorkState, by_patient, state_of
from kernel.errors import AccessError
from kernel.ids import OccasionId, PatientRef, SuggestionId
from questionnaires.model import Coded
from scoring.levels import Colour, Urgency
from security.actor import Role
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


def a_row(state=WorkState.AWAITING_DECISION, colour=None, urgency=None, days=0):
    answered_at = datetime(2027, 1, 11, tzinfo=UTC) - timedelta(days=days) if colour else None
    return WorkRow(ENROLMENT, "N", state, colour, urgency, None, answered_at)


def test_the_worst_come_first_and_among_equals_the_most_urgent_and_the_longest_waiting():
    expected = [
        a_row(colour=Colour.RED, urgency=Urgency.EMERGENCY),
        a_row(WorkState.NEW_ANSWER_AWAITING, Colour.RED, Urgency.SAME_DAY, days=3),
        a_row(colour=Colour.RED, urgency=Urgency.SAME_DAY, days=2),
        a_row(colour=Colour.YELLOW, urgency=Urgency.WITHIN_2_WEEKS, days=9),
        a_row(colour=Colour.UNKNOWN, urgency=Urgency.WITHIN_1_WEEK),
        a_row(colour=Colour.GREEN, urgency=Urgency.ROUTINE),
        a_row(WorkState.UNANSWERED, Colour.RED),
        a_row(WorkState.ASKED),
        a_row(WorkState.DECIDED, Colour.RED),
        a_row(WorkState.PLANNED),
    ]

    shuffled = expected[::-1]
    assert sorted(shuffled, key=lambda row: row.order) == expected


def test_the_packages_of_one_patient_stand_together_where_the_most_pressing_one_does():
    other = an_enrolment(PatientRef("q"))
    first, second, third = a_row(colour=Colour.RED), replace(a_row(colour=Colour.YELLOW), enrolment=other), a_row()

    patients = by_patient((first, second, third))

    assert [patient.rows for patient in patients] == [(first, third), (second,)]
    assert patients[0].state is WorkState.AWAITING_DECISION


def listed(world):
    return {row.name: row for row in world.services.use_cases.worklist(world.staff(Role.CLINICIAN))}


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
    assert next(iter(rows)) == "Nancy Berggren"
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
    listed(world)
    world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id)

    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        read = [event.entity for event in tx.audit.events() if event.action == "read"]
    assert read == ["Worklist", f"CarePlan/{invited.enrolment_id}"]


def test_nobody_is_left_out_of_a_long_list(world):
    for name in ("Nancy Berggren", "Sverre Mosebryggeren", "Else Lauridsen"):
        world.invite(name)
    worklist = replace(world.services.use_cases.worklist, chunk=2)

    assert len(worklist(world.staff(Role.CLINICIAN))) == 3


def test_the_reason_shown_is_that_of_the_worst_colour_and_then_of_the_worst_urgency(world):
    invited = world.invite()
    breathless = Coded("https://svarbro.example/fhir/CodeSystem/mmrc", "5")
    world.answer(invited, mrc_1=breathless, **{f"cat_{n}": Coded(CAT_CODES, "3") for n in range(1, 9)})

    nancy = listed(world)["Nancy Berggren"]

    assert (nancy.colour, nancy.urgency) == (Colour.YELLOW, Urgency.WITHIN_2_WEEKS)
    assert nancy.reason.da == "MRC 5 og endnu ikke vurderet."

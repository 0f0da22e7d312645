"""One enrolment on one page: what was answered, what it means, what was decided, what left the house."""

import pytest

from delivery.outbox import MessageKind
from flow.decide import DecisionOrder
from kernel.errors import NotFoundError
from kernel.ids import EnrolmentId
from security.actor import Role


def case_of(world, invited):
    return world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id)


def test_before_an_answer_there_is_a_patient_and_an_invitation_and_nothing_to_decide(world):
    invited = world.invite()

    case = case_of(world, invited)

    assert (case.patient.name, case.suggestion, case.forms, case.decisions) == ("Nancy Berggren", None, (), ())
    assert [message.kind for message in case.deliveries] == [MessageKind.INVITATION]


def test_every_score_has_its_label_its_range_and_what_it_means(world):
    invited = world.invite()
    world.answer(invited)

    lines = {line.score.id: line for form in case_of(world, invited).forms for line in form.scores}

    cat = lines["catTotal"]
    assert (cat.score.display, cat.lowest, cat.highest) == ("0", "0", "40")
    assert (cat.label.da, cat.band.da) == ("CAT i alt", "Lav sygdomsbyrde (under 10)")
    danger = lines["danger"]
    assert (danger.lowest, danger.highest, danger.band.da) == (None, None, "Ingen faresymptomer")
    assert (lines["adm12"].band, lines["adm12"].highest) == (None, "20")


def test_skipped_unanswered_and_notices_are_told_apart(world):
    invited = world.invite()
    form = world.services.use_cases.form
    visit = form.open(invited.token)
    request = form.overview(visit).pages[0].form.request
    form.save(visit, request.id, "kol-status-1", (True,))
    form.save(visit, request.id, "kol-status-2", (), skipped=True)
    form.send(visit, request.id)

    items = {entry.item.link_id: entry for entry in case_of(world, invited).forms[0].items}

    assert items["kol-status-1"].answers == (True,)
    assert items["kol-status-1-notice"].is_notice
    assert "kol-status-2-notice" not in items
    assert (items["kol-status-2"].answers, items["kol-status-2"].skipped) == ((), True)
    assert (items["kol-status-3"].answers, items["kol-status-3"].skipped) == ((), False)


def test_decisions_are_shown_newest_first_with_the_suggestion_beside_them(world):
    invited = world.invite()
    world.answer(invited)
    doctor = world.staff(Role.CLINICIAN)
    suggestion = case_of(world, invited).suggestion
    for colour in ("RED", "YELLOW"):
        order = DecisionOrder(invited.enrolment_id, suggestion.id, colour, None, "Efter samtale.")
        world.services.use_cases.decide(doctor, order)

    case = case_of(world, invited)

    assert [decision.colour for decision in case.decisions] == ["YELLOW", "RED"]
    assert case.suggestion == suggestion
    assert case.amendments == {case.decisions[0].id}, "the second one is about the same answers"
    assert {message.kind for message in case.deliveries} >= {MessageKind.INVITATION, MessageKind.PLAN_REPORT}


def test_an_enrolment_that_is_not_of_this_clinic_is_not_found(world):
    with pytest.raises(NotFoundError):
        world.services.use_cases.case(world.staff(Role.CLINICIAN), EnrolmentId("0192f000-0000-7000-8000-0000000000ff"))

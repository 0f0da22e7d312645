"""History: what a table may look back at belongs to the enrolment's time and nothing else."""

from datetime import timedelta

from delivery.schedule import OccasionState
from kernel.ids import ResponseId
from scoring.history import History, PastDecision, PastResponse
from scoring.result import RuleVersion
from scoring.suggestion import UsedInput
from tests.builders import (
    CAT,
    CLINIC_ID,
    MMRC,
    NOW,
    RAW,
    SVERRE,
    a_decision,
    a_request,
    a_response,
    a_score,
    a_scored,
    a_suggestion,
    an_alert,
    an_enrolment,
    an_occasion,
)
from tests.stored import store_asked, store_patient

DAY = timedelta(days=1)


def test_an_enrolment_without_answers_has_no_history(store):
    asked = store_asked(store)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.history.of(asked.enrolment) == History()


def test_responses_since_the_enrolment_come_oldest_first_with_their_scores(store):
    asked = store_asked(store)
    second = a_request(asked.occasion, MMRC, position=1)
    later = a_response(asked.request, authored_at=NOW + 2 * DAY, received_at=NOW + 2 * DAY)
    earlier = a_response(second, authored_at=NOW + DAY, received_at=NOW + 3 * DAY)
    newer_rule = RuleVersion("cat", "2.1.0", "c" * 64)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.requests.add(second)
        for response in (later, earlier):
            tx.responses.add(response, RAW)
        tx.scores.add(later, a_scored(a_score(), a_score("items", None)))
        tx.scores.add(later, a_scored(a_score(band="low"), rule=newer_rule))
        history = tx.history.of(asked.enrolment)

    place = asked.occasion.id
    scores = {"catTotal": a_score(band="low"), "items": a_score("items", None)}
    assert history.responses == (
        PastResponse(earlier.id, MMRC, "mmrc", place, NOW + DAY, {}),
        PastResponse(later.id, CAT, "cat", place, NOW + 2 * DAY, scores),
    )


def test_answers_before_the_enrolment_of_others_and_amended_ones_are_left_out(store):
    asked = store_asked(store)
    other = an_occasion(store_patient(store, asked.actor, SVERRE))
    closed = an_occasion(asked.patient_ref, opened_at=NOW - 2 * DAY, state=OccasionState.EXPIRED)
    of_another, of_old = a_request(other), a_request(closed)
    just_in_time = a_response(asked.request, version=2)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.occasions.add(other, "b" * 64)
        tx.occasions.add(closed, "c" * 64)
        for request in (of_another, of_old):
            tx.requests.add(request)
        tx.responses.add(a_response(of_another), RAW)
        tx.responses.add(a_response(of_old, received_at=NOW - timedelta(microseconds=1)), RAW)
        tx.responses.add(a_response(asked.request), RAW)
        tx.responses.add(just_in_time, RAW)
        history = tx.history.of(asked.enrolment)

    assert [response.id for response in history.responses] == [just_in_time.id]


def test_decisions_name_the_responses_that_they_were_made_on(store):
    asked = store_asked(store)
    inputs = {
        "cat": UsedInput("cat", None, "present", CAT, ResponseId("response-1"), 0),
        "catLast": UsedInput("catLast", None, "present", CAT, ResponseId("response-1"), 0),
        "mmrc": UsedInput("mmrc", None, "present", MMRC, ResponseId("response-2"), 0),
        "phase": UsedInput("phase", "start", "present"),
    }
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id, alert=an_alert(inputs))
    first = a_decision(suggestion)
    second = a_decision(suggestion, previous_id=first.id, decided_at=NOW + DAY, valid_until=NOW + 2 * DAY)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.suggestions.add(suggestion)
        tx.decisions.add(first)
        tx.decisions.add(second)
        history = tx.history.of(asked.enrolment)

    responses = frozenset({ResponseId("response-1"), ResponseId("response-2")})
    assert history.decisions == (
        PastDecision(NOW, first.valid_until, responses),
        PastDecision(NOW + DAY, NOW + 2 * DAY, responses),
    )


def test_what_another_running_package_asked_before_is_seen_with_the_moment_at_which_this_one_began(store):
    asked = store_asked(store)
    answer = a_response(asked.request, authored_at=NOW + DAY, received_at=NOW + DAY)
    second = an_enrolment(asked.patient_ref, package="LRS", programme="lrs", enrolled_at=NOW + 10 * DAY)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.enrolments.add(second)
        tx.responses.add(answer, RAW)
        first_sees, second_sees = tx.history.of(asked.enrolment), tx.history.of(second)

    assert [one.id for one in second_sees.responses] == [answer.id]
    assert second_sees.began_at == NOW + 10 * DAY
    assert first_sees.began_at is None

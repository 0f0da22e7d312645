from datetime import timedelta

import pytest

from delivery.outbox import MessageKind, MessageState
from flow.doubt import ResolveDoubt
from flow.outcome import Outcome
from kernel.errors import DeliveryError, PlanError
from security.links import token_hash
from tests.contract.doors import cat


@pytest.fixture
def invited(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


def messages(way, enrolled):
    """Return what was to leave for an enrolment; reminders have tests of their own."""
    with way.look() as tx:
        found = (*tx.outbox.of_occasion(way.occasion(enrolled).id), *tx.outbox.of_enrolment(enrolled.enrolment_id))
    return tuple(message for message in found if message.kind is not MessageKind.REMINDER)


def states(way, enrolled):
    return [(message.kind, message.state) for message in messages(way, enrolled)]


def test_an_invitation_carries_a_link_that_opens_the_occasion_and_no_word_of_health(way, invited):
    assert way.dispatch() == 1

    (invitation,) = way.channel.taken.values()
    token = invitation.link.rpartition("/")[2]
    assert way.store.find_link(token_hash(token)) == (way.system.clinic_id, way.occasion(invited).id)
    assert [form.title for form in invitation.forms] == [
        "KOL: hvordan går det nu",
        "Åndenød (MRC)",
        "CAT: Din KOL i hverdagen",
        "Din hverdag og støtte (foreløbigt skema)",
    ]
    assert invitation.text.startswith("Lægerne Testgade")
    assert not {"kol", "lunge", "syg"} & set(invitation.text.lower().split())
    assert len(invitation.text) <= 160
    assert way.dispatch() == 0


def test_a_failed_handover_is_tried_again_later_with_the_same_key_and_the_same_link(way, invited):
    way.channel.failures = [DeliveryError("503", http_status=503)]
    way.dispatch()
    assert way.dispatch() == 0, "not before its time"

    way.clock.move(seconds=31)
    assert way.dispatch() == 1

    (message,) = messages(way, invited)
    assert (message.state, message.attempts) == (MessageState.ACCEPTED, 2)
    assert list(way.channel.taken) == [message.id]


def test_a_receiver_that_asks_to_wait_is_given_its_time(way, invited):
    way.channel.failures = [DeliveryError("429", http_status=429, retry_after_s=600)]
    way.dispatch()

    way.clock.move(seconds=599)
    assert way.dispatch() == 0
    way.clock.move(seconds=32)
    assert way.dispatch() == 1


def test_a_permanent_refusal_is_not_tried_again(way, invited):
    way.channel.failures = [DeliveryError("404", permanent=True, http_status=404)]

    assert way.dispatch() == 2, "the clinic's inbox is told"
    way.clock.move(days=1)

    assert way.dispatch() == 0
    assert states(way, invited)[0] == (MessageKind.INVITATION, MessageState.DEAD)


def test_a_fault_of_our_own_holds_up_nothing_else_and_is_tried_again(way, invited):
    way.channel.failures = [ValueError("a fault that names 2512489996")]

    way.dispatch()

    (message,) = messages(way, invited)
    assert message.state is MessageState.DUE
    way.clock.move(seconds=31)
    way.dispatch()
    assert states(way, invited) == [(MessageKind.INVITATION, MessageState.ACCEPTED)]


def test_an_invitation_is_not_sent_when_everything_is_answered_already(way, invited):
    way.answer_all(invited)
    way.dispatch()

    assert way.channel.taken == {}
    assert states(way, invited)[0] == (MessageKind.INVITATION, MessageState.CANCELLED)


def test_an_occasion_that_closed_under_a_claim_cancels_the_message(way, invited):
    with way.store.queue() as queue:
        (message,) = queue.claim("slow", way.clock.now(), way.clock.now() + timedelta(seconds=30), 1)
    way.answer_all(invited)

    assert way.dispatch.hand_over(message).outcome is MessageState.CANCELLED


def test_a_lost_lease_drops_its_late_result(way, invited):
    with way.store.queue() as queue:
        (first,) = queue.claim("frozen", way.clock.now(), way.clock.now() + timedelta(seconds=30), 1)
    way.clock.move(seconds=31)
    way.dispatch()

    late = Outcome(way.clock, ResolveDoubt({}))(first, way.dispatch.executor.submit(way.dispatch.hand_over, first))
    with way.store.queue() as queue:
        assert not queue.settle(late.settlement)
    (message,) = messages(way, invited)
    assert (message.state, message.fence) == (MessageState.ACCEPTED, 2)


def test_nothing_coloured_reaches_the_plan_before_the_decision(way, invited):
    way.answer_all(invited, points=4)
    way.dispatch()

    report = way.plan.taken[-1]
    assert report.awaiting
    assert report.decision is None
    assert [answer.title for answer in report.answers] == [
        "KOL: hvordan går det nu",
        "Åndenød (MRC)",
        "CAT: Din KOL i hverdagen",
        "Din hverdag og støtte (foreløbigt skema)",
    ]


def test_all_answers_before_the_next_tick_are_one_report(way, invited):
    way.answer_all(invited)

    way.dispatch()

    assert len(way.plan.taken) == 1
    reports = [state for kind, state in states(way, invited) if kind is MessageKind.PLAN_REPORT]
    assert reports == [*[MessageState.SUPERSEDED] * 3, MessageState.ACCEPTED]


def test_the_decision_reaches_the_plan_with_level_scores_and_next_date(way, invited):
    way.answer_all(invited, points=3, grade=4)
    way.decided(invited, "YELLOW", level=2)
    way.dispatch()

    decision = way.plan.taken[-1].decision
    assert decision is not None
    assert (decision.colour, decision.level, decision.next_due.isoformat()) == ("YELLOW", 2, "2027-07-11")
    shown = {score.id: (score.display, score.band) for score in decision.scores}
    assert shown["catTotal"] == ("24.0", "Høj sygdomsbyrde (over 20-30)") or shown["catTotal"][0] == "24"
    assert shown["mrc"][0] == "4"
    assert not way.plan.taken[-1].awaiting


def test_a_newer_answer_keeps_the_decision_in_the_plan_and_says_that_it_awaits(way, invited):
    way.answer_all(invited, points=3)
    first = way.decided(invited, "YELLOW", level=2)
    way.clock.at = way.clock.at.replace(month=7, day=12)
    way.open_due()
    way.answer(cat(way.asked(invited)["cat"].id, 5))
    way.dispatch()

    report = way.plan.taken[-1]
    assert report.awaiting
    assert report.decision.id == first.id


def test_a_refused_report_holds_its_lane_and_a_newer_one_takes_its_place(way, invited):
    way.plan.failures = [PlanError("412", http_status=412)]
    way.answer(cat(way.asked(invited)["cat"].id, 3))
    way.dispatch()
    assert way.plan.taken == []

    way.decided(invited, "RED", reason="Set i klinikken.")
    way.dispatch()

    assert [report.decision.colour for report in way.plan.taken] == ["RED"]

"""What the clinic's inbox, the record and the plan are told, and when."""

from datetime import timedelta

import pytest

from delivery.channels.port import Capabilities, Idempotency
from delivery.outbox import MessageKind, MessageState
from delivery.plans.port import ReportEvent
from flow.marking import mark
from flow.noting import note_wish
from flow.report import enqueue_wish
from kernel.errors import DeliveryError
from store.settlement import Settlement
from tests.builders import CLINIC_ID
from tests.contract.doors import cat, mmrc


@pytest.fixture
def invited(way):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    return enrolled


@pytest.fixture
def lrs_like(way, invited):
    """The same patient, reported as the LRS package is: by notes in the record."""
    with way.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE enrolment SET plan_target = 'lps-note'")
    return invited


def empty(way):
    while way.dispatch():
        pass


def inbox(way):
    empty(way)
    return [report.event for report in way.inbox.taken]


def test_a_new_answer_reaches_the_inbox_at_once_with_suggestion_and_link(way, invited):
    way.answer(cat(way.asked(invited)["cat"].id, 5))

    assert inbox(way) == [ReportEvent.ANSWER]
    (entry,) = way.inbox.taken
    assert (entry.suggestion.colour, entry.decision) == ("YELLOW", None)
    assert entry.suggestion.reasons
    assert not entry.suggestion.complete
    assert entry.link == f"https://svarbro.example/clinic/enrolments/{invited.enrolment_id}"


def test_the_decision_follows_the_answer_in_the_same_lane(way, invited):
    way.answer(cat(way.asked(invited)["cat"].id, 5))
    decision = way.decided(invited, "GREEN")

    assert inbox(way) == [ReportEvent.ANSWER, ReportEvent.DECISION]
    assert way.inbox.taken[-1].decision.id == decision.id


def test_the_inbox_is_told_once_that_nobody_answered_in_time(way, invited):
    way.clock.move(days=22)
    way.expire()
    way.expire()

    assert inbox(way) == [ReportEvent.NOT_ANSWERED]


def test_the_inbox_is_told_in_the_same_transaction_that_an_invitation_was_given_up(way):
    enrolled = way.enrolled()
    way.open_due()
    now = way.clock.now()
    with way.store.queue() as queue:
        (message,) = queue.claim("w1", now, now + timedelta(minutes=1), 1)
        refused = Settlement(message.id, message.clinic_id, message.fence, MessageState.DEAD, now)
        mark(queue, [(message, refused)])

    with way.look() as tx:
        messages = tx.outbox.of_occasion(way.occasion(enrolled).id)
    assert [(one.kind, one.state) for one in messages] == [
        (MessageKind.INVITATION, MessageState.DEAD),
        (MessageKind.INBOX_UNDELIVERED, MessageState.DUE),
    ]
    assert inbox(way) == [ReportEvent.UNDELIVERED]


class OvertakenChannel:
    """Refuses for good, but only after another worker has taken the message over."""

    name = "webpatient"
    capabilities = Capabilities(Idempotency.KEY)

    def __init__(self, store):
        self.store = store

    def send(self, _invitation):
        with self.store.queue() as queue:
            queue.connection.exec_driver_sql("UPDATE outbox SET fence = fence + 1")
        raise DeliveryError("404", permanent=True)


def test_a_late_result_of_a_lost_lease_tells_nobody(way):
    way.enrolled()
    way.open_due()
    way.speak({"webpatient": OvertakenChannel(way.store)})
    way.dispatch()

    assert inbox(way) == []


def test_a_record_gets_nothing_before_the_decision_and_every_decision_after_it(way, lrs_like):
    asked = way.asked(lrs_like)
    way.answer(mmrc(asked["mmrc"].id))
    empty(way)
    assert way.note.taken == []

    first = way.decided(lrs_like, "YELLOW")
    way.clock.move(seconds=1)
    way.answer(cat(asked["cat"].id, 5))
    second = way.decided(lrs_like, "RED")
    empty(way)

    assert [report.decision.id for report in way.note.taken] == [first.id, second.id]
    assert [report.suggestion for report in way.note.taken] == [None, None]


def test_a_plan_that_lags_behind_gets_the_newest_decision_only(way, invited):
    asked = way.asked(invited)
    way.answer(mmrc(asked["mmrc"].id))
    way.decided(invited, "YELLOW")
    way.clock.move(seconds=1)
    way.answer(cat(asked["cat"].id, 5))
    second = way.decided(invited, "RED")
    empty(way)

    assert [report.decision.id for report in way.plan.taken] == [second.id]


def test_scores_are_told_in_the_patients_words_too(way, invited):
    way.answer(cat(way.asked(invited)["cat"].id, 5))
    way.decided(invited, "RED")
    empty(way)

    (score,) = way.plan.taken[-1].decision.scores
    rule = way.content.catalogue.rule_for(way.asked(invited)["cat"].questionnaire)
    assert score.gentle in {word.patient.da for word in rule.scores["catTotal"].words.values()}
    assert score.gentle != score.band


def test_the_wish_to_be_contacted_reaches_the_inbox_alone_and_until_somebody_decides(way, invited):
    wished = way.clock.now()
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.occasions.wish_contact(way.occasion(invited).id, wished)
        tx.work.wished(way.occasion(invited).id, wished)
    way.clock.move(seconds=1)
    way.answer(cat(way.asked(invited)["cat"].id, 5))
    empty(way)
    way.decided(invited, "GREEN")
    empty(way)

    assert [(one.event, one.contact_wished_at) for one in way.inbox.taken] == [
        (ReportEvent.ANSWER, wished),
        (ReportEvent.DECISION, None),
    ]
    assert {one.contact_wished_at for one in way.plan.taken} == {None}


def test_a_wish_for_contact_without_answers_is_an_entry_of_its_own_and_the_answer_rings_no_second_time(way, invited):
    occasion = way.occasion(invited)
    with way.store.write(CLINIC_ID, way.system) as tx:
        note_wish(tx, occasion.patient_ref, occasion.id, wished=True)
        enqueue_wish(tx, occasion.id)
    assert inbox(way) == [ReportEvent.WISH]

    way.answer(cat(way.asked(invited)["cat"].id, 1))
    empty(way)

    wish, answer = way.inbox.taken
    assert (wish.contact_wished_at, wish.suggestion, wish.answers) == (answer.contact_wished_at, None, ())
    assert [one.kind for one in wish.alerts] == ["wish"]
    assert wish.alerts[0] in answer.alerts
    assert [one.event for one in way.plan.taken] == [ReportEvent.ANSWER]


def test_messages_to_the_inbox_are_this_clinics_own(way, invited):
    way.answer(cat(way.asked(invited)["cat"].id, 5))

    with way.look() as tx:
        own = [one for one in tx.outbox.of_enrolment(invited.enrolment_id) if one.target == "lps-inbox"]
    assert [(one.kind, one.lane, one.clinic_id) for one in own] == [
        (MessageKind.INBOX_ANSWER, f"lps-inbox:{invited.enrolment_id}", CLINIC_ID)
    ]

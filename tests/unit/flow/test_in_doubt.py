"""The doubt whether a message arrived, from the broken connection to its end, by what the receiver can do."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from delivery.capabilities import Capabilities, Idempotency
from delivery.channels.port import Receipt
from delivery.outbox import MessageKind, MessageState
from kernel.errors import DeliveryError, PlanError
from tests.crowd import rows_of
from tests.way import FakeChannel

NO_KEY = Capabilities(Idempotency.NONE)
LOOKS_UP = Capabilities(Idempotency.NONE, lookup=True)


@dataclass
class ForgetfulChannel(FakeChannel):
    """Takes every transmission as a new message, and breaks the line after it took one.

    Args:
        breaks: so many transmissions are taken without an answer.
        drops: so many get lost on the way, and look the same from here.
    """

    capabilities: Capabilities = NO_KEY
    breaks: int = 0
    drops: int = 0
    sent: list[str] = field(default_factory=list)

    def send(self, invitation):
        if self.drops:
            self.drops -= 1
            raise DeliveryError("gave no answer", maybe_accepted=True)
        self.sent.append(invitation.key)
        if self.breaks:
            self.breaks -= 1
            raise DeliveryError("gave no answer", maybe_accepted=True)
        return Receipt(f"r-{len(self.sent)}")


@dataclass
class AskedChannel(ForgetfulChannel):
    """Can be asked what it has."""

    capabilities: Capabilities = LOOKS_UP
    asked: list[str] = field(default_factory=list)
    deaf: bool = False

    def lookup(self, key):
        self.asked.append(key)
        if self.deaf:
            raise DeliveryError("cannot be reached")
        return Receipt("r-found") if key in self.sent else None


@pytest.fixture
def invited(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


def speak_to(way, channel):
    way.speak({channel.name: channel}, {plan.name: plan for plan in (way.plan, way.note, way.inbox)})
    return channel


def later(way, seconds=31):
    way.clock.move(seconds=seconds)
    way.dispatch()


def row(way, kind=MessageKind.INVITATION):
    (found,) = (one for one in rows_of(way.store).values() if one.kind == kind)
    return found


def test_a_receiver_that_knows_our_key_gets_it_again(way, invited):
    channel = speak_to(way, ForgetfulChannel(capabilities=Capabilities(Idempotency.KEY), breaks=1))
    way.dispatch()
    later(way)

    assert channel.sent == [row(way).id] * 2
    assert row(way).state == MessageState.ACCEPTED


def test_a_receiver_that_can_be_asked_is_asked_and_nothing_is_sent_twice(way, invited):
    channel = speak_to(way, AskedChannel(breaks=1))
    way.dispatch()
    assert row(way).in_doubt
    later(way)

    assert channel.sent == channel.asked == [row(way).id]
    assert (row(way).state, row(way).provider_ref) == (MessageState.ACCEPTED, "r-found")


def test_what_never_arrived_is_sent_after_asking(way, invited):
    channel = speak_to(way, AskedChannel(drops=1))
    way.dispatch()
    later(way)

    assert channel.asked == channel.sent == [row(way).id]
    assert row(way).state == MessageState.ACCEPTED


def test_while_the_receiver_cannot_be_asked_nothing_is_sent(way, invited):
    channel = speak_to(way, AskedChannel(breaks=1, deaf=True))
    way.dispatch()
    later(way)
    assert (row(way).state, row(way).in_doubt, channel.sent) == (MessageState.DUE, True, [row(way).id])

    channel.deaf = False
    later(way, 301)

    assert (row(way).state, channel.sent) == (MessageState.ACCEPTED, [row(way).id])


def test_a_message_without_a_doubt_is_sent_without_asking(way, invited):
    channel = speak_to(way, AskedChannel())
    way.dispatch()

    assert (channel.asked, len(channel.sent)) == ([], 1)


def test_a_second_notice_of_the_same_questionnaires_is_sent_where_nobody_can_be_asked(way, invited):
    channel = speak_to(way, ForgetfulChannel(breaks=1))
    way.dispatch()
    later(way)

    assert (len(channel.sent), row(way).state) == (2, MessageState.ACCEPTED)


@pytest.fixture
def answered(way, invited):
    """An answer is to be told to an inbox that takes everything twice and cannot be asked."""
    way.dispatch()
    way.inbox.capabilities = NO_KEY
    way.answer_all(invited)
    return invited


def test_an_inbox_that_would_show_it_twice_is_left_to_a_person_at_once(way, answered):
    way.inbox.failures = [PlanError("gave no answer", maybe_accepted=True)] * 9
    way.dispatch()
    doubtful = [one for one in rows_of(way.store).values() if one.state == MessageState.IN_DOUBT]
    later(way, 3600)

    assert doubtful
    assert all(one.in_doubt and one.closed_at is None for one in doubtful)
    assert {rows_of(way.store)[one.id].state for one in doubtful} == {"in-doubt"}
    assert way.inbox.taken == []


def test_what_surely_did_not_arrive_is_no_doubt(way, answered):
    way.inbox.failures = [PlanError("cannot be reached")]
    way.dispatch()

    assert not [one for one in rows_of(way.store).values() if one.state == MessageState.IN_DOUBT]


def test_a_lost_lease_is_a_doubt_too_and_a_person_s_retry_ends_it(way, answered):
    """The worker died in the call: nobody knows whether the inbox has it."""
    with way.store.queue() as queue:
        now = way.clock.now()
        lost = [one for one in queue.claim("dies", now, now + timedelta(minutes=1), 20) if one.target == "lps-inbox"]
    later(way, 61)
    doubtful = [one for one in rows_of(way.store).values() if one.state == MessageState.IN_DOUBT]
    assert {one.id for one in doubtful} <= {one.id for one in lost}
    assert len(doubtful) == 1
    assert way.inbox.taken == []

    with way.store.write(way.system.clinic_id, way.system) as tx:
        assert tx.backlog.retry(doubtful[0].id)
    later(way, 1)

    assert len(way.inbox.taken) == 1
    assert rows_of(way.store)[doubtful[0].id].state == MessageState.ACCEPTED


def test_the_same_plan_is_written_again_because_it_only_repeats_the_state(way, invited):
    way.dispatch()
    way.plan.capabilities = replace(NO_KEY, idempotency=Idempotency.NATURAL)
    way.plan.failures = [PlanError("gave no answer", maybe_accepted=True)]
    way.answer_all(invited)
    way.dispatch()
    later(way)

    assert len(way.plan.taken) == 1

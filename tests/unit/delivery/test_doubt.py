"""What is done with a message that may have arrived."""

import pytest

from delivery.capabilities import Capabilities, Idempotency
from delivery.doubt import Doubt, way_out
from delivery.outbox import MessageKind

HARMLESS, HARMFUL = MessageKind.INVITATION, MessageKind.INBOX_ANSWER


@pytest.mark.parametrize(
    ("idempotency", "lookup", "kind", "way"),
    [
        (Idempotency.KEY, False, HARMFUL, Doubt.AGAIN),
        (Idempotency.NATURAL, False, HARMFUL, Doubt.AGAIN),
        (Idempotency.KEY, True, HARMFUL, Doubt.AGAIN),
        (Idempotency.NONE, True, HARMFUL, Doubt.LOOK_UP),
        (Idempotency.NONE, True, HARMLESS, Doubt.LOOK_UP),
        (Idempotency.NONE, False, HARMLESS, Doubt.AGAIN),
        (Idempotency.NONE, False, HARMFUL, Doubt.ASK),
        (Idempotency.NONE, False, MessageKind.WITHDRAWAL, Doubt.AGAIN),
        (Idempotency.NONE, True, MessageKind.WITHDRAWAL, Doubt.AGAIN),
    ],
)
def test_the_way_out_follows_from_what_the_receiver_can_do_and_then_from_the_kind(idempotency, lookup, kind, way):
    assert way_out(kind, Capabilities(idempotency, lookup=lookup)) is way


def test_a_receiver_that_is_not_there_is_sent_nothing_whatever_the_doubt():
    assert way_out(HARMFUL, None) is Doubt.AGAIN

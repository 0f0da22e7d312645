"""Receivers that refuse what waits for them."""

from datetime import timedelta

from delivery.outbox import MessageState
from store.settlement import Settlement


def refuse(house, target):
    """Let a target refuse what waits for it; what waits for others arrives."""
    at = house.services.clock.now()
    with house.services.store.queue() as queue:
        for message in queue.claim("w1", at, at + timedelta(hours=1), 1000):
            outcome = MessageState.DEAD if message.target == target else MessageState.ACCEPTED
            queue.settle(Settlement(message.id, message.clinic_id, message.fence, outcome, at, error="answered 422"))

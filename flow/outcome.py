"""DELIVER: what a call that ended means for its message."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from delivery.breaker import Sign, sign_of
from delivery.doubt import Doubt
from delivery.outbox import Message, MessageState
from delivery.retry import FLOOR_S, LONGEST_WAIT_S, next_attempt
from flow.doubt import ResolveDoubt
from flow.handover import Handover
from kernel.clock import Clock
from kernel.errors import HandoverError
from kernel.log import logger
from store.settlement import Heard, Settlement

log = logger(__name__)

FOR_ALL = (429, 503)
"""A wait that comes with one of these is asked of every message."""


@dataclass(frozen=True, slots=True)
class Ended:
    """One call that ended: what is written of its message, and what it told of its receiver."""

    message: Message
    settlement: Settlement
    heard: Heard


@dataclass(frozen=True, slots=True)
class Outcome:
    """Turns a call's end into what is written; a fault of our own is kept like a receiver's, and tried again.

    Args:
        doubt: tells what to do with a message that may have arrived.
    """

    clock: Clock
    doubt: ResolveDoubt
    jitter: Callable[[], float] = SystemRandom().random

    def __call__(self, message: Message, call: Future[Handover]) -> Ended:
        """Read a call that ended."""
        error = call.exception()
        at = self.clock.now()
        settlement = self._done(message, call.result(), at) if error is None else self._failed(message, error, at)
        sent_nothing = error is None and settlement.outcome is not MessageState.ACCEPTED
        sign = Sign.NONE if sent_nothing else sign_of(error)
        return Ended(message, settlement, Heard(message.target, message.id, sign, at, _pause_of(error, at)))

    def _done(self, message: Message, handover: Handover, at: datetime) -> Settlement:
        log.info(handover.outcome, message_id=message.id, kind=message.kind, attempt=message.attempts)
        again_at = handover.again_at
        return Settlement(
            message.id,
            message.clinic_id,
            message.fence,
            handover.outcome,
            at,
            # Never at once: what is put back would be claimed again and again within one tick.
            retry_at=again_at and max(again_at, at + timedelta(seconds=FLOOR_S)),
            reference=handover.reference,
        )

    def _failed(self, message: Message, error: BaseException, at: datetime) -> Settlement:
        known = error if isinstance(error, HandoverError) else None
        retry_at = None if known and known.permanent else self._again_at(message, known, at)
        maybe_accepted = known is not None and known.maybe_accepted
        outcome = MessageState.DUE if retry_at else MessageState.DEAD
        if maybe_accepted and self.doubt.way_out(message) is Doubt.ASK:
            outcome, retry_at = MessageState.IN_DOUBT, None
        name = known.text if known else type(error).__name__
        log.warning(
            "not-handed-over",
            message_id=message.id,
            kind=message.kind,
            attempt=message.attempts,
            outcome=outcome,
            error=name,
        )
        return Settlement(
            message.id,
            message.clinic_id,
            message.fence,
            outcome,
            at,
            retry_at=retry_at,
            error=name,
            http_status=known.http_status if known else None,
            maybe_accepted=maybe_accepted,
        )

    def _again_at(self, message: Message, known: HandoverError | None, at: datetime) -> datetime | None:
        return next_attempt(
            message.attempts,
            now=at,
            retry_after_s=known.retry_after_s if known else None,
            expires_at=message.expires_at,
            jitter=self.jitter,
        )


def _pause_of(error: BaseException | None, at: datetime) -> datetime | None:
    """Return until when a receiver wants to be left alone; what it asks for one message only is no such wish."""
    if not isinstance(error, HandoverError) or error.retry_after_s is None or error.http_status not in FOR_ALL:
        return None
    return at + timedelta(seconds=min(error.retry_after_s, LONGEST_WAIT_S))

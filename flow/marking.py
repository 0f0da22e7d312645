"""DELIVER: what came of transmissions is written, and what follows from it; a poison row stops nobody but itself."""

from collections.abc import Iterable
from dataclasses import replace

from delivery.outbox import Message, MessageState
from flow.aftermath import follow_up
from kernel.errors import SvarbroError, UnavailableError
from kernel.log import logger
from store.queue import QueueTx, Settlement

log = logger(__name__)

FAULTS = (SvarbroError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, ArithmeticError)
"""What a fault of our own, or a row that should not exist, raises."""


def mark(queue: QueueTx, ended: Iterable[tuple[Message, Settlement]]) -> None:
    """Write what came of messages, and what follows from each, in the caller's transaction.

    Where the consequences of one cannot be written, it alone waits in doubt for a person: tried again it would stop
    the others that are written with it, for ever.
    """
    for message, result in ended:
        try:
            with queue.part():
                _mark(queue, message, result)
        except UnavailableError:
            raise
        except FAULTS as error:
            name = type(error).__name__
            log.warning("poison-message", message_id=message.id, kind=message.kind, outcome=result.outcome, error=name)
            queue.settle(replace(result, outcome=MessageState.IN_DOUBT, retry_at=None, error=f"not written: {name}"))


def _mark(queue: QueueTx, message: Message, result: Settlement) -> None:
    if queue.settle(result):
        follow_up(queue, message, result)
    else:
        log.warning("stale-result", message_id=message.id)

"""DELIVER: a message that may have arrived is not simply sent again where its receiver would take it twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from delivery.capabilities import Capabilities
from delivery.channels.port import LooksUp
from delivery.doubt import Doubt, way_out
from delivery.outbox import Message, MessageState
from flow.handover import Handover


class Receiver(Protocol):
    """An adapter, as far as the engine must know it; one with `lookup` is a `LooksUp` too."""

    capabilities: Capabilities


@dataclass(frozen=True, slots=True)
class ResolveDoubt:
    """Decides what is done with a message in doubt.

    Args:
        receivers: channels and plan targets, by name.
    """

    receivers: Mapping[str, Receiver]

    def __call__(self, message: Message) -> Handover | None:
        """Return how a claimed message ends without being sent again; None = it is sent.

        Raises:
            HandoverError: the receiver could not be asked; the doubt stays.
        """
        if not message.in_doubt:
            return None
        way = self.way_out(message)
        if way is Doubt.ASK:
            return Handover(MessageState.IN_DOUBT)
        receiver = self.receivers.get(message.target)
        if way is Doubt.AGAIN or not isinstance(receiver, LooksUp):
            return None
        receipt = receiver.lookup(message.id)
        return None if receipt is None else Handover(MessageState.ACCEPTED, receipt.reference)

    def way_out(self, message: Message) -> Doubt:
        """Return the way out of a doubt about a message."""
        receiver = self.receivers.get(message.target)
        return way_out(message.kind, receiver.capabilities if receiver else None)

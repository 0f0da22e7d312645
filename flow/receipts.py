"""RECEIVE RECEIPTS: those that did not reach us are fetched, and those of unknown orders are looked at again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from delivery.channels.port import Channel, Polled, Polls, Told
from delivery.instants import instant
from flow.event import ReceiptEvent, ReceiveEvent, SignedCall
from kernel.clock import Clock
from kernel.errors import DeliveryError, SvarbroError
from kernel.log import logger
from store.database import Store
from store.strays import Stray, StrayState

log = logger(__name__)

MOST_PAGES = 20
"""Pages of one channel that one tick fetches: the others have their turn."""
BATCH = 100
KEPT_FOR = timedelta(days=7)
"""A receipt that finds its order in no week finds none; it stays to be looked at, and is tried no more."""


@dataclass(frozen=True, slots=True)
class PollReceipts:
    """The tick that fetches what channels have to tell, beside their calls: each receipt counts once, by its name."""

    store: Store
    clock: Clock
    event: ReceiveEvent
    channels: Mapping[str, Channel]

    def __call__(self) -> int:
        """Fetch from every channel that can be asked; tell how many receipts there were."""
        return sum(self._fetched(channel) for channel in self.channels.values() if isinstance(channel, Polls))

    def _fetched(self, channel: Polls) -> int:
        with self.store.queue() as queue:
            mark = queue.strays.mark(channel.name)
        count = 0
        for _ in range(MOST_PAGES):
            try:
                page = channel.poll(mark)
            except DeliveryError as error:
                log.warning("receipts-not-fetched", channel=channel.name, error=error.text)
                break
            count += self._applied(channel.name, page, mark)
            mark = page.mark
            if not page.more:
                break
        return count

    def _applied(self, channel: str, page: Polled, mark: str | None) -> int:
        """Apply a page, and only then move the mark: what is interrupted is fetched again, and counts once."""
        for told in page.receipts:
            try:
                self.event(_call(channel, told), ReceiptEvent(told.order_id, told.event, told.reference, told.at))
            except SvarbroError as error:
                log.warning("receipt-refused", channel=channel, error=error.text)
        if page.mark != mark:
            with self.store.queue() as queue:
                queue.strays.set_mark(channel, page.mark, self.clock.now())
        return len(page.receipts)


@dataclass(frozen=True, slots=True)
class RetryStrays:
    """The tick that looks again for the orders of receipts in quarantine."""

    store: Store
    clock: Clock
    event: ReceiveEvent

    def __call__(self) -> int:
        """Apply what has found its order, give up what is too old; tell how many were applied."""
        with self.store.queue() as queue:
            waiting = queue.strays.waiting(BATCH)
        return sum(self._tried(stray) is StrayState.APPLIED for stray in waiting)

    def _tried(self, stray: Stray) -> StrayState:
        event = ReceiptEvent(stray.order_id, stray.event, stray.reference, stray.at)
        call = SignedCall(stray.channel, stray.receipt_id, _raw(stray.receipt_id, event))
        state = StrayState.APPLIED
        if self.event.told(call, event) is None:
            is_old = stray.received_at + KEPT_FOR <= self.clock.now()
            state = StrayState.GIVEN_UP if is_old else StrayState.WAITING
        with self.store.queue() as queue:
            queue.strays.tried(stray, state)
        if state is StrayState.GIVEN_UP:
            log.warning("stray-receipt-given-up", channel=stray.channel, kind=stray.event)
        return state


@dataclass(frozen=True, slots=True)
class ShowStrays:
    """What whoever runs the service sees of the quarantine: it belongs to no clinic, and names no patient."""

    store: Store

    def __call__(self, limit: int) -> tuple[Stray, ...]:
        """Return the newest receipts in quarantine, settled or not."""
        with self.store.queue() as queue:
            return queue.strays.newest(limit)


def _call(channel: str, told: Told) -> SignedCall:
    event = ReceiptEvent(told.order_id, told.event, told.reference, told.at)
    return SignedCall(channel, told.id, _raw(told.id, event))


def _raw(receipt_id: str, event: ReceiptEvent) -> bytes:
    """Write a receipt that no call brought as one would have."""
    data = {"orderId": event.order_id, "event": event.event, "reference": event.reference, "at": instant(event.at)}
    return json.dumps({"type": "receipt", "id": receipt_id, "data": data}, separators=(",", ":")).encode()

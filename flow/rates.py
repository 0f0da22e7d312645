"""LIMIT: whoever calls too often at a door waits, whichever process answers."""

import math
from dataclasses import dataclass
from datetime import datetime

from kernel.clock import Clock
from kernel.errors import ThrottledError
from security.keys import Keys
from security.rates import ONCE, Rate, bucket_of
from store.database import Store
from store.rates import count_call


@dataclass(frozen=True, slots=True)
class LimitCalls:
    """The use case.

    Args:
        clock: of the callers: demo's time travel moves no window.
    """

    store: Store
    clock: Clock
    keyring: Keys

    def __call__(self, rate: Rate, caller: str) -> None:
        """Count one call.

        Args:
            caller: who is counted together; kept as a keyed hash alone.

        Raises:
            ThrottledError: there were as many in this window as are let through.
        """
        now = self.clock.now()
        ends_at = rate.ends_at(now)
        with self.store.queue() as queue:
            calls = count_call(queue.connection, bucket_of(self.keyring.index_key, rate, caller), ends_at, now)
        if calls > rate.most:
            raise ThrottledError(max(1, math.ceil((ends_at - now).total_seconds())))


@dataclass(frozen=True, slots=True)
class UseOnce:
    """Lets what is signed count once, whichever process sees it first.

    Args:
        clock: of whoever signed.
    """

    store: Store
    clock: Clock
    keyring: Keys

    def __call__(self, name: str, until: datetime) -> bool:
        """Use something; False when it was used before.

        Args:
            name: tells it from everything else of its kind.
            until: when it would be refused for its age anyway.
        """
        with self.store.queue() as queue:
            bucket = bucket_of(self.keyring.index_key, ONCE, name)
            return count_call(queue.connection, bucket, until, self.clock.now()) == 1

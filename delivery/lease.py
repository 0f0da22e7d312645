"""How long a worker may keep what it claimed: long enough for every call that can stand before it; pure."""

CALLS = 4
"""A report to a plan that somebody else changes meanwhile is read, written, read and written again."""

SAFETY = 3
"""A lease is so many times as long as it can take: one that ends during a call multiplies transmissions."""


def window_of(calls: int) -> int:
    """Return how many messages a worker holds: half as many again as it makes calls at once.

    So no call waits for a message while results are written.
    """
    return calls + calls // 2


def longest_handover_s(request_timeout_s: float) -> float:
    """Return how long handing over one message can take, in seconds.

    Args:
        request_timeout_s: longest outside call.
    """
    return CALLS * request_timeout_s


def shortest_lease_s(window: int, threads: int, request_timeout_s: float) -> float:
    """Return the shortest lease that is safe, in seconds.

    Args:
        window: messages that a worker holds at once.
        threads: calls that it makes at once; the other messages wait for one of them.
        request_timeout_s: longest outside call.

    Source: docs/delivery.md, the loop.
    """
    return SAFETY * max(1.0, window / threads) * longest_handover_s(request_timeout_s)

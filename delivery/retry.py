"""Whether and when a message is tried again; pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

STEPS_S = (30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600)
"""Longest wait after the first, second, ... attempt in seconds; the last one holds for all that follow."""

FLOOR_S = 2
"""No attempt follows sooner: a full-jitter draw near zero would defeat a receiver's rate limit."""

LONGEST_WAIT_S = 24 * 3600
"""A receiver that asks to wait longer is asked again after a day."""


def next_attempt(
    attempts: int,
    *,
    now: datetime,
    retry_after_s: float | None,
    expires_at: datetime | None,
    jitter: Callable[[], float],
) -> datetime | None:
    """Return when to try again after a failed attempt.

    Args:
        attempts: transmissions begun so far, the failed one included; 0 = none yet, which is at once.
        now: when it failed, aware UTC.
        retry_after_s: the wait that the receiver asked for, in seconds; honoured up to a day.
        expires_at: nothing is sent at or after this moment; None = always.
        jitter: draws from [0, 1): full jitter, so that a fleet of workers does not knock all at once.

    Returns:
        A moment before `expires_at`, or None when the next attempt would come too late.

    Source: docs/architecture.md section 5.
    """
    due = now + timedelta(seconds=_wait_s(attempts, retry_after_s, jitter))
    return None if expires_at is not None and due >= expires_at else due


def _wait_s(attempts: int, retry_after_s: float | None, jitter: Callable[[], float]) -> float:
    if retry_after_s is not None:
        return min(max(retry_after_s, FLOOR_S), LONGEST_WAIT_S) + jitter() * STEPS_S[0]
    if attempts < 1:
        return 0
    step = STEPS_S[min(attempts, len(STEPS_S)) - 1]
    return max(FLOOR_S, jitter() * step)

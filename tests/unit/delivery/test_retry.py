"""When a message is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from delivery.retry import next_attempt

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def wait_s(attempts, *, draw=1.0, retry_after_s=None):
    due = next_attempt(attempts, now=NOW, retry_after_s=retry_after_s, expires_at=None, jitter=lambda: draw)
    assert due is not None
    return (due - NOW).total_seconds()


@pytest.mark.parametrize(
    ("attempts", "longest"),
    [(0, 0), (1, 30), (2, 300), (3, 1800), (4, 7200), (5, 18000), (6, 36000), (7, 36000), (50, 36000)],
)
def test_the_longest_wait_grows_with_the_attempts(attempts, longest):
    assert wait_s(attempts) == longest


def test_the_wait_is_drawn_from_the_whole_step():
    assert wait_s(2, draw=0.5) == 150


@pytest.mark.parametrize("attempts", [1, 4, 8])
def test_no_draw_knocks_again_at_once(attempts):
    assert wait_s(attempts, draw=0.0) == 2


@pytest.mark.parametrize(
    ("asked", "draw", "expected"),
    [
        pytest.param(120, 0.0, 120, id="exactly as asked"),
        pytest.param(120, 1.0, 150, id="spread behind it, never before"),
        pytest.param(0, 0.0, 2, id="zero still has a floor"),
        pytest.param(-5, 0.0, 2, id="a past date too"),
        pytest.param(10_000_000, 0.0, 86_400, id="at most a day"),
    ],
)
def test_the_wait_that_the_receiver_asks_for_is_honoured(asked, draw, expected):
    assert wait_s(1, draw=draw, retry_after_s=asked) == expected


def test_nothing_is_tried_at_or_after_the_expiry():
    def attempt(expires_at):
        return next_attempt(1, now=NOW, retry_after_s=60, expires_at=expires_at, jitter=lambda: 0.0)

    assert attempt(NOW + timedelta(seconds=61)) == NOW + timedelta(seconds=60)
    assert attempt(NOW + timedelta(seconds=60)) is None

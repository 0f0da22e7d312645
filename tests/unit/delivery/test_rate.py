"""How fast a receiver is spoken to."""

from datetime import UTC, datetime, timedelta

import pytest

from delivery.rate import Bucket

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def after_s(seconds):
    return NOW + timedelta(seconds=seconds)


def departures(max_rate, seconds, step_s=0.05, asked=100):
    """Take all that there is at every step, and tell when each message went."""
    bucket, gone = Bucket(), []
    for step in range(int(seconds / step_s)):
        now = after_s(step * step_s)
        bucket = bucket.refilled(now, max_rate)
        room = min(asked, bucket.room(now, max_rate))
        bucket = bucket.taken(room, max_rate)
        gone += [step * step_s] * room
    return gone


@pytest.mark.parametrize("max_rate", [2.0, 10.0, 56.0])
def test_no_second_sees_more_than_was_asked_for_and_the_rate_is_used(max_rate):
    gone = departures(max_rate, 20)

    busiest = max(sum(1 for other in gone if moment <= other < moment + 1) for moment in gone)
    assert busiest <= max_rate
    assert len(gone) >= 0.75 * 20 * max_rate


def test_what_was_saved_in_an_hour_of_silence_is_no_burst():
    bucket = Bucket().refilled(NOW, 10.0).taken(1, 10.0)

    assert bucket.refilled(after_s(3600), 10.0).room(after_s(3600), 10.0) == 2


def test_a_slow_receiver_gets_one_at_a_time():
    bucket = Bucket().refilled(NOW, 0.5)

    assert bucket.room(NOW, 0.5) == 1
    taken = bucket.taken(1, 0.5)
    assert taken.refilled(after_s(2.4), 0.5).room(after_s(2.4), 0.5) == 0
    assert taken.refilled(after_s(2.6), 0.5).room(after_s(2.6), 0.5) == 1


def test_a_clock_that_goes_back_takes_no_tokens_away():
    bucket = Bucket().refilled(NOW, 10.0)

    assert bucket.refilled(after_s(-60), 10.0).tokens == bucket.tokens


def test_without_a_limit_nothing_is_counted():
    bucket = Bucket()

    assert bucket.refilled(NOW, None) == bucket.taken(5, None) == bucket
    assert bucket.room(NOW, None) is None


@pytest.mark.parametrize(("seconds", "room"), [(59.9, 0), (60, None)], ids=["still paused", "over"])
def test_a_receiver_that_asked_for_time_gets_it(seconds, room):
    paused = Bucket().paused(after_s(60)).paused(after_s(30))

    assert paused.room(after_s(seconds), None) == room

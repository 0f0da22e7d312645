"""How long a lease must be."""

import pytest

from delivery.lease import shortest_lease_s, window_of


@pytest.mark.parametrize(
    ("window", "threads", "request_timeout_s", "seconds"),
    [(8, 8, 10, 120), (12, 8, 10, 180), (16, 8, 10, 240), (8, 16, 10, 120), (8, 8, 0.5, 6)],
    ids=["a thread each", "half of them wait once", "each waits once", "idle threads", "a quick receiver"],
)
def test_a_lease_is_three_times_what_four_calls_in_a_row_can_take_for_as_many_as_wait(
    window, threads, request_timeout_s, seconds
):
    assert shortest_lease_s(window, threads, request_timeout_s) == seconds


@pytest.mark.parametrize(("calls", "window"), [(1, 1), (2, 3), (3, 4), (8, 12), (16, 24), (64, 96)], ids=str)
def test_a_worker_holds_half_as_many_messages_more_as_it_makes_calls_and_its_lease_stays_the_same(calls, window):
    assert window_of(calls) == window
    assert shortest_lease_s(window_of(calls), calls, 10) <= 180

"""How long a lease must be."""

import pytest

from delivery.lease import shortest_lease_s


@pytest.mark.parametrize(
    ("window", "threads", "request_timeout_s", "seconds"),
    [(8, 8, 10, 120), (12, 8, 10, 180), (16, 8, 10, 240), (8, 16, 10, 120), (8, 8, 0.5, 6)],
    ids=["a thread each", "half of them wait once", "each waits once", "idle threads", "a quick receiver"],
)
def test_a_lease_is_three_times_what_four_calls_in_a_row_can_take_for_as_many_as_wait(
    window, threads, request_timeout_s, seconds
):
    assert shortest_lease_s(window, threads, request_timeout_s) == seconds

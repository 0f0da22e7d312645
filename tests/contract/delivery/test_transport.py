"""What HTTP can do to us and the simulator does not: scripted bytes on a plain socket."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from delivery.transport import MAX_ANSWER_BYTES, Transport, retry_after_s
from kernel.errors import DeliveryError

DATE = "Fri, 20 Nov 2026 10:00:00 GMT"


@contextmanager
def scripted(*parts: bytes, pause_s: float = 0.0) -> Iterator[str]:
    """Answer one request after another with these bytes, whatever was asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def serve():
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    _read_request(connection)
                    for part in parts:
                        connection.sendall(part)
                        stopping.wait(pause_s)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stopping.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _read_request(connection: socket.socket) -> None:
    """Read headers and body; a secure greeting is no request and gets its answer at once."""
    asked = connection.recv(65536)
    while asked.startswith(b"POST") and not asked.endswith(b"{}"):
        asked += connection.recv(65536)


def head(status: str, *headers: str, length: int = 0) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {length}", "Connection: close", *headers, "", "")
    return "\r\n".join(lines).encode()


def exchange(url, method="POST", timeout_s=0.5):
    transport = Transport(url, "token", timeout_s=timeout_s, error=DeliveryError, receiver="the receiver")
    return transport.exchange(method, "/orders", body=b"{}")


def failure(url, method="POST", timeout_s=0.5):
    with pytest.raises(DeliveryError) as caught:
        exchange(url, method, timeout_s)
    return caught.value


@pytest.mark.parametrize(
    ("status", "permanent", "maybe_accepted"),
    [
        pytest.param("301 Moved", False, False, id="redirects are never followed"),
        pytest.param("400 Bad Request", True, False, id="400"),
        pytest.param("401 Unauthorized", False, False, id="401"),
        pytest.param("403 Forbidden", False, False, id="403"),
        pytest.param("404 Not Found", True, False, id="404"),
        pytest.param("408 Request Timeout", False, True, id="408"),
        pytest.param("409 Conflict", False, True, id="409"),
        pytest.param("422 Unprocessable", True, False, id="422"),
        pytest.param("425 Too Early", False, False, id="425"),
        pytest.param("429 Too Many Requests", False, False, id="429"),
        pytest.param("499 Odd", True, False, id="499"),
        pytest.param("500 Error", False, True, id="500"),
        pytest.param("503 Unavailable", False, False, id="503"),
        pytest.param("504 Gateway Timeout", False, True, id="504"),
    ],
)
def test_each_status_is_sorted(status, permanent, maybe_accepted):
    with scripted(head(status, "Location: http://127.0.0.1:9/")) as url:
        error = failure(url)

    assert (error.permanent, error.maybe_accepted) == (permanent, maybe_accepted)
    assert error.http_status == int(status[:3])


def test_a_failed_read_can_have_changed_nothing():
    with scripted(head("500 Error")) as url:
        assert failure(url, "GET").maybe_accepted is False
    with scripted(b"") as url:
        assert failure(url, "GET").maybe_accepted is False


def test_a_connection_closed_without_an_answer_may_have_been_taken():
    with scripted(b"") as url:
        error = failure(url)

    assert (error.permanent, error.maybe_accepted, error.http_status) == (False, True, None)


def test_an_answer_cut_short_may_have_been_taken():
    with scripted(head("200 OK", length=100) + b"{}") as url:
        assert failure(url).maybe_accepted


def test_a_dripping_answer_is_given_up_at_the_deadline():
    drops = [b"x"] * 200
    began = time.monotonic()
    with scripted(head("200 OK", length=len(drops)), *drops, pause_s=0.1) as url:
        error = failure(url)

        assert time.monotonic() - began < 2
    assert error.maybe_accepted


def test_a_flood_is_not_read_to_its_end():
    with scripted(head("200 OK", length=MAX_ANSWER_BYTES * 3), *[b"x" * 65536] * 48) as url:
        assert failure(url, timeout_s=5).maybe_accepted


def test_an_answer_of_the_largest_size_is_read():
    with scripted(head("200 OK", length=MAX_ANSWER_BYTES) + b"x" * MAX_ANSWER_BYTES) as url:
        assert len(exchange(url, timeout_s=5).raw) == MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:9", id="nobody listens"),
        pytest.param("http://no-such-host.invalid", id="no such host"),
        pytest.param("http://", id="no host"),
    ],
)
def test_what_never_left_was_never_taken(url):
    error = failure(url)

    assert (error.permanent, error.maybe_accepted) == (False, False)


def test_a_plain_answer_to_a_secure_call_was_never_taken():
    with scripted(head("200 OK")) as url:
        error = failure(url.replace("http:", "https:"))

    assert (error.permanent, error.maybe_accepted) == (False, False)


def test_the_environment_names_no_proxy_for_us(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with scripted(head("200 OK", length=2) + b"{}") as url:
        assert exchange(url).raw == b"{}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="absent"),
        pytest.param("0", 0, id="zero"),
        pytest.param(" 120 ", 120, id="seconds"),
        pytest.param("Fri, 20 Nov 2026 10:02:00 GMT", 120, id="a date"),
        pytest.param("Fri, 20 Nov 2026 09:00:00 GMT", 0, id="a past date"),
        pytest.param("soon", None, id="a word"),
        pytest.param("-5", None, id="negative"),
        pytest.param("1.5", None, id="not whole"),
    ],
)
def test_both_forms_of_retry_after_are_read(value, expected):
    assert retry_after_s(value, DATE) == expected


def test_a_retry_date_without_the_receivers_clock_says_nothing():
    assert retry_after_s("Fri, 20 Nov 2026 10:02:00 GMT", None) is None
    assert retry_after_s("Fri, 20 Nov 2026 10:02:00 -0000", DATE) is None


def test_the_wait_that_a_date_asks_for_is_passed_on():
    retry = "Retry-After: Fri, 20 Nov 2026 10:00:30 GMT"
    with scripted(head("503 Unavailable", f"Date: {DATE}", retry)) as url:
        assert failure(url).retry_after_s == 30


def test_an_answer_whose_headers_drip_for_ever_is_cut_off_at_the_deadline():
    drips = [b"HTTP/1.1 200 OK\r\n", *([b"X-Drip: 1\r\n"] * 100)]
    with scripted(*drips, pause_s=0.05) as url:
        begun = time.monotonic()
        with pytest.raises(DeliveryError, match="gave no answer") as caught:
            Transport(url, "token", timeout_s=0.3, error=DeliveryError, receiver="it").hand_over("/", "key", {})

    assert caught.value.maybe_accepted
    assert time.monotonic() - begun < 2

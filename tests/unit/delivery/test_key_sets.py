"""Key sets that systems publish: from allowed hosts, kept for minutes, and never a reason to fail."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from delivery.key_sets import PublishedKeys
from delivery.transport import Answer
from kernel.errors import HandoverError
from tests.fakes import FakeClock
from tests.signing import ec_pair

URL = "https://keys.example/jwks.json"
FIRST, SECOND = ec_pair("one").jwk, ec_pair("two").jwk


class FakeTransport:
    """Answers with what it was given last, or fails where that is nothing."""

    def __init__(self, body):
        self.body = body
        self.calls = []

    def exchange(self, method: str, path: str, **_: object) -> Answer:
        self.calls.append((method, path))
        if self.body is None:
            raise HandoverError("unreachable")
        headers: Mapping[str, str] = {}
        return Answer(200, headers, self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode())


@pytest.fixture
def clock():
    return FakeClock(datetime(2027, 1, 11, 9, 0, tzinfo=UTC))


def source(clock, transport, hosts=frozenset({"keys.example"})):
    return PublishedKeys(hosts, clock, 1.0, {"https://keys.example": transport})


def names(keys):
    return [key.kid for key in keys]


def test_a_key_set_is_fetched_once_in_five_minutes(clock):
    transport = FakeTransport({"keys": [FIRST]})
    keys = source(clock, transport)

    assert names(keys.keys(URL, "one")) == ["one"]
    clock.move(seconds=299)
    assert names(keys.keys(URL, "one")) == ["one"]
    assert transport.calls == [("GET", "/jwks.json")]
    clock.move(seconds=1)
    keys.keys(URL, "one")
    assert len(transport.calls) == 2


def test_a_new_name_is_looked_for_at_once_but_not_at_every_call(clock):
    transport = FakeTransport({"keys": [FIRST]})
    keys = source(clock, transport)
    keys.keys(URL, "one")
    transport.body = {"keys": [FIRST, SECOND]}

    assert names(keys.keys(URL, "two")) == ["one"]
    clock.move(seconds=30)
    assert names(keys.keys(URL, "two")) == ["one", "two"]
    assert len(transport.calls) == 2


@pytest.mark.parametrize("body", [None, b"<html>", b"[]", b"[" * 5000, {"keys": []}, {"keys": [{**FIRST, "d": "x"}]}])
def test_what_cannot_be_had_or_relied_on_is_no_key(clock, body):
    transport = FakeTransport(body)
    keys = source(clock, transport)

    assert keys.keys(URL, "one") == ()
    clock.move(seconds=29)
    assert keys.keys(URL, "one") == ()
    assert len(transport.calls) == 1


@pytest.mark.parametrize("url", ["http://keys.example/jwks.json", "https://evil.example/jwks.json", "https:///x"])
def test_no_other_host_is_ever_called(clock, url):
    transport = FakeTransport({"keys": [FIRST]})
    keys = PublishedKeys(frozenset({"keys.example"}), clock, 1.0, cast(Any, {"http://keys.example": transport}))

    assert keys.keys(url, "one") == ()
    assert transport.calls == []


def test_a_host_that_was_taken_off_the_list_is_called_no_more(clock):
    transport = FakeTransport({"keys": [FIRST]})

    assert source(clock, transport, frozenset()).keys(URL, "one") == ()
    assert transport.calls == []

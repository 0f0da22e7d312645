"""Clients: from which addresses a key set may be fetched."""

import pytest

from flow.clients import demand_allowed
from kernel.errors import InvalidInputError

HOSTS = frozenset({"keys.example"})


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.example/jwks.json",
        "https://evil.example/jwks.json",
        "https://keys.example.evil.example/jwks.json",
        "https://keys.example@evil.example/jwks.json",
        "https://evil.example@keys.example/jwks.json",
        "https://evil.example#@keys.example/jwks.json",
        "https://evil.example\\\\@keys.example/jwks.json",
        "https://keys.example:8443/jwks.json",
        "https://keys.example/jwks.json?x=1",
        "https://keys.example/jwks.json#x",
        "https://keys.example./jwks.json",
        "https://keys.example\r\n/jwks.json",
        "https://127.0.0.1/jwks.json",
        "https://2130706433/jwks.json",
        "https://[::ffff:127.0.0.1]/jwks.json",
        "https://169.254.169.254/latest",
        "file:///etc/passwd",
        "//keys.example/jwks.json",
        "keys.example",
        "",
    ],
)
def test_an_address_of_another_host_or_kind_is_refused(url):
    with pytest.raises(InvalidInputError):
        demand_allowed(url, HOSTS)


def test_an_allowed_host_by_https_passes():
    demand_allowed("https://keys.example/jwks.json", HOSTS)

"""The example of nginx: which TLS it speaks, and whom it sends on from plain HTTP."""

import re

import pytest

from tests.unit.house.house import ROOT

EXAMPLE = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
GOOD = re.compile(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)")
PLAIN, TLS = re.findall(r"^server \{$.*?^\}$", EXAMPLE, re.MULTILINE | re.DOTALL)


def said(server, name):
    (value,) = re.findall(rf"^ *{name} (.*);$", server, re.MULTILINE)
    return value


def test_tls_is_of_a_version_that_nobody_has_broken():
    assert set(said(TLS, "ssl_protocols").split()) == {"TLSv1.2", "TLSv1.3"}
    assert said(TLS, "ssl_session_tickets") == "off"


def test_every_cipher_of_the_older_version_keeps_the_past_secret_and_notices_a_change():
    ciphers = said(TLS, "ssl_ciphers").split(":")

    assert said(TLS, "ssl_prefer_server_ciphers") == "on"
    assert [one for one in ciphers if not GOOD.fullmatch(one)] == []
    assert len(ciphers) > 3


@pytest.mark.parametrize("door", ["fhir/metadata", "api/v1/enrolments", "channels/webpatient/events", "oauth/token",
                                  ".well-known/smart-configuration", "fhir"])  # fmt: skip
def test_a_system_that_comes_without_tls_is_not_sent_on(door):
    (refused,) = re.findall(r"location ~ (\S+) \{\s+return 403;", PLAIN)

    assert re.search(refused, f"/{door}")


@pytest.mark.parametrize("page", ["p/i/token", "clinic/", "", "fhirs"])
def test_a_person_who_comes_without_tls_is_sent_on_to_it(page):
    (refused,) = re.findall(r"location ~ (\S+) \{\s+return 403;", PLAIN)

    assert not re.search(refused, f"/{page}")
    assert "return 301 https://svarbro.example$request_uri;" in PLAIN

"""A broker is the one that it should be: what it says of itself is held against what is known of it."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from security.broker_file import read_brokers
from tests.signing import ec_pair
from tests.unit.security.test_broker_file import changed, written
from web.oidc import Provider

ISSUER = "https://broker.example"
TOLD = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
    "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
}


@pytest.fixture
def told(tmp_path):
    """Return what a provider makes of what a broker has told of itself a moment ago."""
    key = ec_pair("ours", ec.SECP256R1()).private_jwk
    (broker,) = read_brokers(written(tmp_path, changed(issuer=ISSUER), key=key), is_demo=False)

    def told(**others):
        provider = Provider(broker, timeout_s=1)
        provider.server_metadata.update({**TOLD, **others, "_loaded_at": time.time()})
        return provider.load_server_metadata()

    return told


def test_a_broker_that_names_itself_as_it_is_known_is_taken(told):
    assert told()["token_endpoint"] == f"{ISSUER}/token"


@pytest.mark.parametrize("issuer", ["https://evil.example", f"{ISSUER}/", ISSUER.upper(), None])
def test_a_broker_that_names_itself_otherwise_is_none(told, issuer):
    with pytest.raises(ValueError, match="issuer"):
        told(issuer=issuer)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_an_address_elsewhere_is_never_called(told, name):
    with pytest.raises(ValueError, match="endpoint"):
        told(**{name: "https://evil.example/x"})


def test_no_token_is_signed_with_nothing_or_with_a_shared_secret(told):
    assert told()["id_token_signing_alg_values_supported"] == ["RS256"]


@pytest.mark.parametrize(("again", "asked"), [(False, []), (True, ["login"])])
def test_who_signs_in_again_is_asked_anew_by_the_broker(tmp_path, again, asked):
    key = ec_pair("ours", ec.SECP256R1()).private_jwk
    (broker,) = read_brokers(written(tmp_path, changed(issuer=ISSUER), key=key), is_demo=False)
    provider = Provider(broker, timeout_s=1)
    provider.server_metadata.update({**TOLD, "_loaded_at": time.time()})
    app = Flask("web")
    app.secret_key = "of a test"

    with app.test_request_context():
        there = app.make_response(provider.leave("https://svarbro.example/back", again=again))

    query = parse_qs(urlsplit(there.headers["Location"]).query)
    assert query.get("prompt", []) == asked
    assert query["acr_values"] == ["x"]

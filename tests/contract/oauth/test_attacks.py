"""Attacks on the token address: each is refused, and no refusal tells whether a client exists."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kernel.ids import new_id
from tests.signing import (
    AUDIENCE,
    assertion,
    b64,
    by_public_key,
    claims_of,
    compact,
    ec_pair,
    form,
    rsa_pair,
)


def signed(known, header=None, **claims):
    return known.assertion(header=header, **claims)


def twice(known):
    raw = json.dumps(claims_of(known.by_ec.id, known.now)).encode()
    doubled = raw[:-1] + b', "aud": "https://elsewhere.example/oauth/token"}'
    return compact({"alg": "ES384", "kid": "ec-1"}, doubled, lambda data: known.ec.sign(data, "ES384"))


def replayed(known):
    once = known.assertion()
    assert known.ask(form(once)).status_code == 200
    return once


def flipped(known):
    head, body, signature = known.assertion().split(".")
    changed = json.dumps(claims_of(known.by_rsa.id, known.now)).encode()
    return f"{head}.{b64(changed)}.{signature}" if body else ""


def embedded(known):
    own = ec_pair("ec-1")
    return assertion(own, known.by_ec.id, known.now, header={"jwk": own.jwk})


ATTACKS = {
    "algorithm none": lambda k: compact({"alg": "none", "kid": "ec-1"}, claims_of(k.by_ec.id, k.now), lambda _: b"x"),
    "no signature": lambda k: k.assertion().rpartition(".")[0] + ".",
    "HMAC with the public key": lambda k: by_public_key(k.ec, k.by_ec.id, k.now),
    "RS256": lambda k: assertion(k.rsa, k.by_rsa.id, k.now, header={"alg": "RS256"}),
    "RS512": lambda k: assertion(k.rsa, k.by_rsa.id, k.now, header={"alg": "RS512"}),
    "PS384": lambda k: assertion(k.rsa, k.by_rsa.id, k.now, header={"alg": "PS384"}),
    "ES256": lambda k: assertion(ec_pair("ec-1", ec.SECP256R1()), k.by_ec.id, k.now, header={"alg": "ES256"}),
    "ES384 said of an RSA key": lambda k: assertion(k.rsa, k.by_rsa.id, k.now, header={"alg": "ES384"}),
    "no algorithm": lambda k: signed(k, {"alg": None}),
    "another key of the same name": lambda k: assertion(ec_pair("ec-1"), k.by_ec.id, k.now),
    "another client's key": lambda k: assertion(k.rsa, k.by_ec.id, k.now),
    "a key that is not there": lambda k: signed(k, {"kid": "ec-9"}),
    "no kid": lambda k: signed(k, {"kid": None}),
    "its own key in the header": embedded,
    "an address of keys in the header": lambda k: signed(k, {"jku": "https://evil.example/jwks.json"}),
    "a certificate in the header": lambda k: signed(k, {"x5c": ["MIIB"]}),
    "a critical extension": lambda k: signed(k, {"crit": ["exp"]}),
    "an access token as assertion": lambda k: signed(k, {"typ": "at+jwt"}),
    "changed claims": flipped,
    "used before": replayed,
    "another audience": lambda k: signed(k, aud="https://elsewhere.example/oauth/token"),
    "our address as prefix": lambda k: signed(k, aud=f"{AUDIENCE}/"),
    "our house without the path": lambda k: signed(k, aud=AUDIENCE.removesuffix("/oauth/token")),
    "several audiences": lambda k: signed(k, aud=[AUDIENCE, "https://elsewhere.example"]),
    "no audience": lambda k: signed(k, aud=None),
    "an audience said twice": twice,
    "expired": lambda k: signed(k, exp=k.now - 1, iat=k.now - 200),
    "expires now": lambda k: signed(k, exp=k.now, iat=k.now - 200),
    "expires in an hour": lambda k: signed(k, exp=k.now + 3600),
    "no end": lambda k: signed(k, exp=None),
    "an end as text": lambda k: signed(k, exp=str(k.now + 200)),
    "an end as fraction": lambda k: signed(k, exp=k.now + 200.5),
    "an end as truth": lambda k: signed(k, exp=True),
    "issued in the future": lambda k: signed(k, iat=k.now + 60),
    "issued long ago": lambda k: signed(k, iat=k.now - 3600),
    "not valid yet": lambda k: signed(k, nbf=k.now + 60),
    "no jti": lambda k: signed(k, jti=None),
    "an empty jti": lambda k: signed(k, jti=""),
    "a jti that is a number": lambda k: signed(k, jti=7),
    "an endless jti": lambda k: signed(k, jti="j" * 256),
    "issuer and subject differ": lambda k: signed(k, iss=k.by_rsa.id),
    "no issuer": lambda k: signed(k, iss=None),
    "no subject": lambda k: signed(k, sub=None),
    "a subject that is a list": lambda k: signed(k, iss=[k.by_ec.id], sub=[k.by_ec.id]),
    "an unknown client": lambda k: assertion(k.ec, new_id(), k.now),
    "a disabled client": lambda k: assertion(k.ec, k.disabled.id, k.now),
    "a client by its name": lambda k: assertion(k.ec, "LPS", k.now),
    "nothing": lambda _: "",
    "no token at all": lambda _: "garbage",
    "claims that are no object": lambda k: compact({"alg": "ES384", "kid": "ec-1"}, [], lambda d: k.ec.sign(d, "")),
    "claims that are no JSON": lambda k: compact({"alg": "ES384", "kid": "ec-1"}, b"{", lambda d: k.ec.sign(d, "")),
    "deep claims": lambda k: compact(
        {"alg": "ES384", "kid": "ec-1"}, b'{"a":' * 1500 + b"1" + b"}" * 1500, lambda d: k.ec.sign(d, "")
    ),
    "five parts": lambda k: f"{k.assertion()}.a.b",
    "padding": lambda k: k.assertion().replace(".", "=.", 1),
    "longer than anybody needs": lambda k: signed(k, more="x" * 9000),
}


@pytest.fixture(scope="module")
def told(known):
    """The answer to somebody whom we never heard of."""
    return known.ask(form(assertion(rsa_pair("x"), new_id(), known.now))).content


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_assertion_that_proves_nothing_is_refused_like_every_other(known, told, attack):
    answer = known.ask(form(ATTACKS[attack](known)))

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.content == told


SCOPES = {
    "none": None,
    "empty": "",
    "another type": "system/CarePlan.r",
    "more than was granted": "system/Patient.cruds",
    "one of two": "system/Patient.r system/CarePlan.r",
    "all types": "system/*.r",
    "out of order": "system/Patient.sr",
    "a letter twice": "system/Patient.rr",
    "no letter": "system/Patient.",
    "version 1": "system/Patient.read",
    "any act of version 1": "system/Patient.*",
    "a patient's": "patient/Patient.r",
    "a user's": "user/Patient.r",
    "with a query": "system/Patient.r?_id=1",
    "two spaces": "system/Patient.r  system/Patient.s",
    "a line break": "system/Patient.r\nsystem/Patient.s",
    "a small letter": "system/patient.r",
    "openid": "openid",
}


@pytest.mark.parametrize("name", SCOPES)
def test_a_scope_that_cannot_be_given_is_refused_and_never_left_out(known, name):
    answer = known.ask(form(known.assertion(), SCOPES[name]))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert "access_token" not in answer.text


def in_the_address(known):
    body = form(known.assertion())
    return known.house.call("POST", "/oauth/token", "", params=body, data={})


def half_in_the_address(known):
    body = form(known.assertion(), grant_type=None)
    return known.house.call("POST", "/oauth/token", "", params={"grant_type": "client_credentials"}, data=body)


def as_json(known):
    return known.house.call("POST", "/oauth/token", "", json=form(known.assertion()))


def with_basic(known):
    return known.ask(form(known.assertion()), headers={"Authorization": "Basic eDp5"})


def doubled(known):
    body = [*form(known.assertion()).items(), ("scope", "system/Patient.rs")]
    return known.ask(body)


def too_large(known):
    return known.ask({**form(known.assertion()), "more": "x" * 20_000})


@pytest.mark.parametrize("ask", [in_the_address, half_in_the_address, as_json, with_basic, doubled, too_large])
def test_a_request_that_is_not_one_small_form_is_refused(known, ask):
    answer = ask(known)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("grant", ["password", "refresh_token", "implicit", "", None])
def test_there_is_no_other_grant(known, grant):
    answer = known.ask(form(known.assertion(), grant_type=grant))

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize(
    "others",
    [
        {"client_assertion_type": None},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_assertion": None, "client_id": "LPS", "client_secret": "secret"},
        {"client_id": "somebody-else"},
    ],
    ids=["no type", "another type", "a shared secret", "another client"],
)
def test_another_way_to_prove_oneself_is_none(known, others):
    answer = known.ask(form(known.assertion(), **others))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_token_address_takes_post_alone(known):
    assert known.house.get("/oauth/token", "").status_code == 405


def test_there_are_many_attacks():
    assert len(ATTACKS) + len(SCOPES) >= 25

"""Clients: which keys may be registered, and what a test client may reach."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kernel.errors import InvalidInputError
from kernel.ids import ClinicId
from security.actor import Role
from security.client import Client, ClientKind, ClientState, demand_reachable, public_keys
from security.scopes import parse_scopes
from tests.builders import NOW
from tests.signing import ec_pair, rsa_pair

EC = ec_pair("ec-1").jwk
RSA = rsa_pair("rsa-1").jwk


def test_a_key_of_each_kind_is_kept_with_its_public_parts_and_its_algorithm():
    rsa, ec_key = public_keys({"keys": [{**RSA, "use": "sig", "key_ops": ["verify"]}, EC]})

    assert dict(rsa.jwk) == {**RSA, "alg": "RS384"}
    assert dict(ec_key.jwk) == {**EC, "alg": "ES384"}
    assert (rsa.kid, rsa.valid_until) == ("rsa-1", None)


WRONG: dict[str, dict[str, Any]] = {
    "no set": {},
    "an empty set": {"keys": []},
    "eleven keys": {"keys": [{**EC, "kid": str(n)} for n in range(11)]},
    "no key": {"keys": ["key"]},
    "a shared secret": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "x"}]},
    "a private key": {"keys": [{**EC, "d": "c2VjcmV0"}]},
    "no name": {"keys": [{key: value for key, value in EC.items() if key != "kid"}]},
    "a long name": {"keys": [{**EC, "kid": "k" * 101}]},
    "a missing part": {"keys": [{key: value for key, value in EC.items() if key != "x"}]},
    "two of one name": {"keys": [EC, {**RSA, "kid": "ec-1"}]},
    "for encryption": {"keys": [{**RSA, "use": "enc"}]},
    "for RS256": {"keys": [{**RSA, "alg": "RS256"}]},
    "another curve": {"keys": [ec_pair("x", ec.SECP256R1()).jwk]},
    "a short key": {"keys": [rsa_pair("x", 1024).jwk]},
    "a small exponent": {"keys": [{**RSA, "e": "Aw"}]},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_key_set_that_cannot_be_relied_on_is_refused_without_repeating_it(name):
    with pytest.raises(InvalidInputError) as refused:
        public_keys(WRONG[name])

    said = " ".join(issue.text for issue in refused.value.issues)
    assert "c2VjcmV0" not in said
    assert {issue.rule for issue in refused.value.issues} == {"jwks"}


@pytest.mark.parametrize(
    ("kind", "scopes", "is_demo", "passes"),
    [
        (ClientKind.LIVE, "system/*.cruds", False, True),
        (ClientKind.TEST, "system/*.cruds", True, True),
        (ClientKind.TEST, "system/Questionnaire.rs system/PlanDefinition.r", False, True),
        (ClientKind.TEST, "system/Questionnaire.rs system/Patient.r", False, False),
        (ClientKind.TEST, "system/*.r", False, False),
    ],
)
def test_a_test_client_reaches_no_patient_outside_demo(kind, scopes, is_demo, passes):
    if passes:
        demand_reachable(kind, parse_scopes(scopes), is_demo=is_demo)
    else:
        with pytest.raises(InvalidInputError):
            demand_reachable(kind, parse_scopes(scopes), is_demo=is_demo)


@pytest.mark.parametrize(("state", "is_active"), [(ClientState.ACTIVE, True), (ClientState.DISABLED, False)])
def test_a_client_acts_for_its_clinic_within_the_scopes_of_its_token(state, is_active):
    most = parse_scopes("system/*.cruds")
    client = Client("c-1", ClinicId("one"), "LPS", Role.SYSTEM, ClientKind.LIVE, most, None, state, NOW)

    actor = client.actor(parse_scopes("system/Patient.r"))

    assert (actor.id, actor.clinic_id, actor.role, actor.scopes) == (
        "c-1",
        ClinicId("one"),
        Role.SYSTEM,
        parse_scopes("system/Patient.r"),
    )
    assert client.is_active is is_active

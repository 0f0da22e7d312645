"""A client that is not ours signs in by SMART Backend Services."""

import pytest

from flow.clients import ClientOrder
from security.actor import Actor, Role
from tests.foreign.node import ran
from tests.signing import ec_pair, rsa_pair


@pytest.fixture(scope="module", params=["RS384", "ES384"])
def signing(request, house):
    """A registered system with its private key, once for each algorithm."""
    pair = rsa_pair() if request.param == "RS384" else ec_pair()
    operator = Actor(Role.OPERATOR, "test", house.one.clinic_id)
    order = ClientOrder("LPS", "system/Patient.rs system/Task.rs", key_set={"keys": [pair.jwk]})
    client = house.services.use_cases.clients.add(operator, order)
    return pair, client


def job(house, signing, scope, **others):
    pair, client = signing
    return {
        "discovery": f"{house.address}/fhir/.well-known/smart-configuration",
        "jwk": pair.private_jwk,
        "client": client.id,
        "scope": scope,
        "resources": [f"{house.address}/fhir/{path}" for path in ("Task", "Patient/nobody", "CarePlan")],
        **others,
    }


def test_openid_client_signs_in_and_reads_what_its_scopes_open(house, signing):
    got = ran("sign_in.mjs", job(house, signing, "system/Patient.r system/Task.s"))

    assert got == {
        "token_type": "bearer",
        "expires_in": 300,
        "scope": "system/Patient.r system/Task.s",
        "statuses": [200, 404, 403],
    }


def test_openid_client_understands_why_it_gets_no_token(house, signing):
    refused = ran("sign_in.mjs", job(house, signing, "system/CarePlan.r"))
    stranger = ran("sign_in.mjs", job(house, signing, "system/Task.s", client="somebody"))

    assert refused == {"error": "invalid_scope", "status": 400}
    assert stranger == {"error": "invalid_client", "status": 401}

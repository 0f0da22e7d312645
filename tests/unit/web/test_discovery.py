"""What a broker says of itself: an address elsewhere is never spoken to."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from security.broker_file import Broker
from security.claims import ClaimRules
from tests.signing import ec_pair
from web.oidc import CALLED, Provider

ISSUER = "https://broker.example"
OWN = {name: f"{ISSUER}/{name}" for name in CALLED}
RULES = ClaimRules("name", "sor", "", "roles", {}, "loa", {})
KEY = ec_pair("ours", ec.SECP256R1()).private_jwk


def told(**others):
    """What is left of a discovery that was fetched."""
    provider = Provider(Broker("broker", "Broker", ISSUER, "svarbro", "openid", KEY, RULES, {}), timeout_s=1)
    provider.server_metadata = {"_loaded_at": 1, "issuer": ISSUER, **OWN, **others}
    return provider.load_server_metadata()


def test_a_discovery_of_its_own_addresses_is_used():
    assert {name: told()[name] for name in CALLED} == OWN


@pytest.mark.parametrize("name", CALLED)
def test_a_discovery_that_points_elsewhere_signs_nobody_in(name):
    with pytest.raises(ValueError, match="endpoint"):
        told(**{name: "https://evil.example/"})


def test_a_discovery_of_another_issuer_signs_nobody_in():
    with pytest.raises(ValueError, match="issuer"):
        told(issuer="https://evil.example")

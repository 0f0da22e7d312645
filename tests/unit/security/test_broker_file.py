"""The file of brokers: what it must say, and that nothing of a wrong one is repeated."""

import json
import re
import stat
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kernel.errors import SettingsError
from security.actor import Role
from security.broker_file import read_brokers, read_citizen_brokers
from security.claims import Assurance
from tests.signing import ec_pair, rsa_pair
from tests.unit.house.house import ROOT

EXAMPLES = sorted((ROOT / "docs" / "examples").glob("oidc-*.json"))
KEY_MADE = re.compile(r"```sh\n(umask 077\n.*?)```", re.DOTALL)
EC, RSA = ec_pair("ours", ec.SECP256R1()), rsa_pair("ours")
GOOD: dict[str, Any] = {
    "name": "mitid-erhverv",
    "title": "MitID Erhverv",
    "issuer": "https://broker.example",
    "client_id": "svarbro",
    "scope": "openid",
    "key_file": "key.json",
    "parameters": {"acr_values": "x"},
    "claims": {
        "name": "name",
        "sor": "sor",
        "role": {"claim": "roles", "values": {"laege": "clinician"}},
        "assurance": {"claim": "loa", "values": {"S": "substantial"}},
    },
}


def written(directory: Path, *brokers: Any, key: Any = None, mode: int = 0o600) -> Path:
    key_file = directory / "key.json"
    key_file.write_text(json.dumps(EC.private_jwk if key is None else key))
    key_file.chmod(mode)
    path = directory / "brokers.json"
    path.write_text(json.dumps({"brokers": brokers}))
    return path


def changed(**others: Any) -> dict[str, Any]:
    return {name: value for name, value in {**deepcopy(GOOD), **others}.items() if value is not None}


def test_the_key_that_the_page_on_signing_in_makes_is_taken(tmp_path):
    (block,) = KEY_MADE.findall((ROOT / "docs" / "signing-in.md").read_text(encoding="utf-8"))

    made = subprocess.run(["bash", "-c", block.replace(".venv/bin/python", sys.executable)], cwd=tmp_path,
                          check=True, capture_output=True, text=True).stdout  # fmt: skip
    key = json.loads((tmp_path / "broker-key.json").read_text(encoding="ascii"))
    (broker,) = read_brokers(written(tmp_path, GOOD, key=key), is_demo=False)

    assert broker.key["kid"] == "svarbro-2027"
    assert stat.S_IMODE((tmp_path / "broker-key.json").stat().st_mode) == 0o600
    assert "d" not in json.loads(made)["keys"][0]


def test_a_broker_is_read_with_its_key_and_its_claims(tmp_path):
    (broker,) = read_brokers(written(tmp_path, GOOD), is_demo=False)

    assert (broker.name, broker.title, broker.issuer) == ("mitid-erhverv", "MitID Erhverv", "https://broker.example")
    assert broker.rules.roles == {"laege": Role.CLINICIAN}
    assert broker.rules.levels == {"S": Assurance.SUBSTANTIAL}
    assert broker.parameters == {"acr_values": "x"}
    assert EC.private_jwk["d"] not in repr(broker)


@pytest.mark.parametrize(
    ("key", "algorithm"), [(EC, "ES256"), (RSA, "RS256"), (ec_pair("ours"), "ES384")], ids=["ES256", "RS256", "ES384"]
)
def test_the_algorithm_follows_from_the_key(tmp_path, key, algorithm):
    (broker,) = read_brokers(written(tmp_path, GOOD, key=key.private_jwk), is_demo=False)

    assert broker.algorithm == algorithm


WRONG = {
    "plain HTTP": changed(issuer="http://broker.example"),
    "this machine": changed(issuer="http://127.0.0.1:9000"),
    "no openid": changed(scope="profile"),
    "no issuer": changed(issuer=None),
    "no claims": changed(claims=None),
    "no clinic": changed(claims={**GOOD["claims"], "sor": ""}),
    "a patient's role": changed(claims={**GOOD["claims"], "role": {"claim": "r", "values": {"x": "patient"}}}),
    "an operator's role": changed(claims={**GOOD["claims"], "role": {"claim": "r", "values": {"x": "operator"}}}),
    "an unknown level": changed(claims={**GOOD["claims"], "assurance": {"claim": "l", "values": {"x": "good"}}}),
    "a name with a slash": changed(name="a/b"),
    "no key": changed(key_file="none.json"),
    "no object": "broker",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_stops_the_start(tmp_path, name):
    with pytest.raises(SettingsError):
        read_brokers(written(tmp_path, WRONG[name]), is_demo=False)


@pytest.mark.parametrize(
    ("key", "mode"),
    [
        (EC.private_jwk, 0o640),
        (EC.jwk, 0o600),
        ({**EC.private_jwk, "kid": None}, 0o600),
        ({"kty": "oct", "k": "secret", "d": "", "kid": "x"}, 0o600),
    ],
    ids=["open to others", "public", "nameless", "shared secret"],
)
def test_a_key_that_others_could_know_or_use_stops_the_start(tmp_path, key, mode):
    with pytest.raises(SettingsError) as refused:
        read_brokers(written(tmp_path, GOOD, key=key, mode=mode), is_demo=False)

    assert "secret" not in str(refused.value)


def test_two_of_one_name_stop_the_start_and_a_file_that_is_none_too(tmp_path):
    with pytest.raises(SettingsError):
        read_brokers(written(tmp_path, GOOD, GOOD), is_demo=False)
    with pytest.raises(SettingsError):
        read_brokers(tmp_path / "none.json", is_demo=False)


def test_only_the_demo_asks_a_broker_of_this_machine(tmp_path):
    path = written(tmp_path, WRONG["this machine"])

    assert len(read_brokers(path, is_demo=True)) == 1


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_can_be_used_as_they_stand(tmp_path, example):
    path, told = written(tmp_path), json.loads(example.read_text(encoding="utf-8"))
    for broker in (*told["brokers"], *told.get("citizens", ())):
        broker["key_file"] = "key.json"
    path.write_text(json.dumps(told))

    assert read_brokers(path, is_demo=False) or read_citizen_brokers(path, is_demo=False)
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(
    "address",
    ["https://broker.example/token", "https://BROKER.example:8443/token", "https://keys.example/jwks"],
    ids=["own", "other port", "listed"],
)
def test_a_broker_is_spoken_to_at_its_own_host_and_at_those_that_are_listed(tmp_path, address):
    (broker,) = read_brokers(written(tmp_path, changed(hosts=["Keys.example"])), is_demo=False)

    assert broker.is_at(address)


@pytest.mark.parametrize(
    "address",
    ["http://broker.example/token", "https://evil.example", "https://broker.example.evil.example/",
     "https://broker.example@evil.example/", "https://evil.example/broker.example", "https://127.0.0.1/", "https://[::1]/",
     "https://169.254.169.254/latest", "https://2130706433/", "https://0x7f000001/", "https://[::ffff:127.0.0.1]/",
     "https://localhost/", "file:///etc/passwd", "ftp://broker.example/", "gopher://broker.example/",
     "//broker.example/",
     "broker.example", "https://broker.example\\\\@evil.example/", "https://evil.example#broker.example",
     "https://evil.example?broker.example", "https://[broker.example", "https://keys.example/", "", None,
     "https://broker.example./"],
)  # fmt: skip
def test_what_its_discovery_says_elsewhere_is_never_called(tmp_path, address):
    (broker,) = read_brokers(written(tmp_path, GOOD), is_demo=False)

    assert not broker.is_at(address)


def test_brokers_of_citizens_are_read_beside_those_of_the_staff(tmp_path):
    path = written(tmp_path, GOOD)
    claims = {"cpr": "dk.cpr", "assurance": {"claim": "loa", "values": {"S": "substantial"}}}
    path.write_text(json.dumps({"brokers": [GOOD], "citizens": [{**GOOD, "claims": claims}]}))

    (broker,) = read_citizen_brokers(path, is_demo=False)

    assert (broker.rules.cpr, broker.rules.levels) == ("dk.cpr", {"S": Assurance.SUBSTANTIAL})
    assert not broker.signs_out
    assert read_citizen_brokers(written(tmp_path, GOOD), is_demo=False) == ()


@pytest.mark.parametrize("change", [{"issuer": "http://broker.example"}, {"claims": {}}, {"scope": "profile"}])
def test_a_broker_of_citizens_is_held_to_the_same(tmp_path, change):
    path = written(tmp_path)
    claims = {"cpr": "dk.cpr", "assurance": {"claim": "loa", "values": {}}}
    path.write_text(json.dumps({"brokers": [], "citizens": [{**GOOD, "claims": claims, **change}]}))

    with pytest.raises(SettingsError):
        read_citizen_brokers(path, is_demo=False)


@pytest.mark.parametrize(("told", "leads"), [(True, True), (False, False), ("yes", False), (None, False)])
def test_whether_whoever_signs_out_is_led_to_the_broker_is_said_by_true_alone(tmp_path, told, leads):
    (broker,) = read_brokers(written(tmp_path, changed(sign_out=told)), is_demo=False)

    assert broker.signs_out is leads

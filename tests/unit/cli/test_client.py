"""`svarbro client`: the systems that sign in by themselves, as an operator registers them."""

import json

import pytest
from click.testing import CliRunner

from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings
from tests.signing import ec_pair

SCOPE = "system/Patient.rs"


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    environ = {
        "SVARBRO_ENV": "demo",
        "SVARBRO_INSTANCE_DIR": str(tmp_path_factory.mktemp("instance")),
        "SVARBRO_KEY_SET_HOSTS": "keys.example, more.example",
    }
    prepare(Settings.from_env(environ), enrol=False)
    return environ


@pytest.fixture
def run(environ):
    return lambda *arguments: CliRunner().invoke(main, ["client", *arguments], env=environ)


@pytest.fixture
def key_file(tmp_path):
    def write(*kids):
        path = tmp_path / "jwks.json"
        path.write_text(json.dumps({"keys": [ec_pair(kid).jwk for kid in kids]}))
        return str(path)

    return write


def listed(run, client_id):
    (found,) = [one for one in json.loads(run("list", "--json").stdout) if one["id"] == client_id]
    return found


def test_a_system_is_registered_listed_given_new_keys_and_disabled(run, key_file):
    back = ("--redirect-uri", "https://lps.example/back")
    made = run("add", "LPS Nord", "--scope", SCOPE, "--jwks", key_file("one"), *back, "--json")
    client_id = json.loads(made.stdout)["id"]
    told: dict[str, str | None] = {
        "name": "LPS Nord",
        "state": "active",
        "kind": "live",
        "role": "system",
        "scope": SCOPE,
    }
    told |= {"jwksUrl": None, "redirectUri": "https://lps.example/back"}
    assert listed(run, client_id) == {"id": client_id, **told, "keys": [{"kid": "one", "until": None}]}

    assert run("rotate", client_id, "--jwks", key_file("two")).output == "The new keys count.\n"
    first, second = listed(run, client_id)["keys"]
    assert (first["kid"], first["until"] is not None, second) == ("one", True, {"kid": "two", "until": None})

    assert run("disable", client_id).output == "It signs in no more.\n"
    assert run("disable", client_id).output == "It was disabled already.\n"
    assert f"{client_id}  disabled  live  system  LPS Nord  {SCOPE}" in run("list").output


def test_a_rotation_without_overlap_leaves_the_new_keys_alone(run, key_file):
    client_id = run("add", "LPS", "--scope", SCOPE, "--jwks", key_file("one")).output.split()[0]

    run("rotate", client_id, "--jwks", key_file("one", "two"), "--overlap", "0")

    assert [key["kid"] for key in listed(run, client_id)["keys"]] == ["one", "two"]


def test_a_system_may_publish_its_keys_on_an_allowed_host(run, key_file):
    url = "https://more.example/jwks.json"
    client_id = run("add", "LPS", "--scope", SCOPE, "--jwks-url", url, "--test").output.split()[0]

    assert (listed(run, client_id)["jwksUrl"], listed(run, client_id)["kind"]) == (url, "test")
    assert run("rotate", client_id, "--jwks", key_file("one")).exit_code == 1


def test_an_address_of_another_host_is_refused(run):
    answer = run("add", "LPS", "--scope", SCOPE, "--jwks-url", "https://evil.example/jwks.json")

    assert answer.exit_code == 1
    assert "jwks_url:" in answer.output


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["LPS", "--scope", "system/Patient.read"], "scope:"),
        ([" ", "--scope", SCOPE], "name:"),
    ],
)
def test_what_cannot_be_used_is_named(run, key_file, arguments, place):
    answer = run("add", *arguments, "--jwks", key_file("one"))

    assert answer.exit_code == 1
    assert place in answer.output


def test_a_system_has_keys_or_an_address_and_a_file_holds_json(run, tmp_path):
    no_json = tmp_path / "no.json"
    no_json.write_text("{")

    assert "keys:" in run("add", "LPS", "--scope", SCOPE).output
    assert run("add", "LPS", "--scope", SCOPE, "--jwks", str(no_json)).exit_code == 1
    assert run("rotate", "nobody", "--jwks", str(no_json)).exit_code == 1
    assert run("disable", "nobody").exit_code == 1

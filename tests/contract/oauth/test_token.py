"""Systems sign in by SMART Backend Services: what they get, and how long it lasts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from flow.clients import ClientOrder
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from security.actor import Actor, Role
from security.client import ClientKind
from security.links import token_hash
from tests.signing import assertion, ec_pair, form

RACERS = 50


@pytest.mark.parametrize("algorithm", ["RS384", "ES384"])
def test_a_system_gets_a_token_by_each_algorithm_that_smart_demands(known, algorithm):
    pair, client = (known.rsa, known.by_rsa) if algorithm == "RS384" else (known.ec, known.by_ec)

    answer = known.ask(form(assertion(pair, client.id, known.now), "system/Patient.rs"))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    assert set(given) == {"access_token", "token_type", "expires_in", "scope"}
    assert (given["token_type"], given["expires_in"], given["scope"]) == ("Bearer", 300, "system/Patient.rs")
    assert len(given["access_token"]) >= 43


def test_the_token_is_kept_as_a_hash_and_the_issue_is_in_the_audit_log(known):
    token = known.token()

    found = known.house.value(f"SELECT count(*) FROM access_token WHERE token_hash = '{token_hash(token)}'")
    acts = known.house.value(
        "SELECT count(*) FROM audit_event WHERE action = 'issue-token' "
        f"AND actor_id = '{known.by_ec.id}' AND role = 'system' AND entity = 'Client/{known.by_ec.id}'"
    )
    assert (found, acts >= 1) == (1, True)
    assert known.house.value(f"SELECT count(*) FROM access_token WHERE token_hash = '{token}'") == 0


def test_a_token_lasts_five_minutes(known):
    token = known.token()

    known.house.travel(days=290 / 86_400)
    before = known.house.get("/fhir/Patient/nobody", token)
    known.house.travel(days=301 / 86_400)
    after = known.house.get("/fhir/Patient/nobody", token)
    known.house.travel(days=0)

    assert (before.status_code, after.status_code) == (404, 401)


def test_fifty_that_race_with_one_assertion_get_one_token(known):
    body = form(known.assertion())

    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda _: known.ask(body), range(RACERS)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [401] * (RACERS - 1)


def test_an_id_of_one_system_may_be_used_by_another_one_too(known):
    for pair, client in ((known.rsa, known.by_rsa), (known.ec, known.by_ec)):
        answer = known.ask(form(assertion(pair, client.id, known.now, jti="the-same")))

        assert answer.status_code == 200


def test_a_used_id_still_counts_as_used_just_before_its_assertion_runs_out(known):
    body = form(known.assertion(exp=known.now + 300))
    assert known.ask(body).status_code == 200

    known.house.travel(days=295 / 86_400)
    answer = known.ask(body)
    known.house.travel(days=0)

    assert answer.status_code == 401


@pytest.mark.parametrize(("ahead_s", "status"), [(328, 200), (340, 401), (1, 401)], ids=["in-time", "long", "over"])
def test_an_assertion_lasts_five_minutes_and_clocks_may_differ_by_half_of_one(known, ahead_s, status):
    exp = known.now + (ahead_s if status == 200 or ahead_s > 300 else -ahead_s)

    answer = known.ask(form(known.assertion(exp=exp, iat=None)))

    assert answer.status_code == status


def test_after_a_rotation_the_new_key_counts_at_once_and_the_old_one_for_the_overlap(known):
    clients, new = known.house.services.use_cases.clients, ec_pair("ec-2")
    client = clients.add(known.operator, ClientOrder("LPS", "system/Patient.rs", key_set={"keys": [known.ec.jwk]}))

    clients.rotate(known.operator, client.id, {"keys": [new.jwk]}, 1)

    def statuses():
        asked = [form(assertion(pair, client.id, known.now)) for pair in (known.ec, new)]
        return [known.ask(body).status_code for body in asked]

    assert statuses() == [200, 200]
    known.house.travel(days=1.01 / 24)
    assert statuses() == [401, 200]
    known.house.travel(days=0)


def test_a_disabled_system_loses_its_tokens_at_once(known):
    clients = known.house.services.use_cases.clients
    client = clients.add(known.operator, ClientOrder("LPS", "system/Patient.rs", key_set={"keys": [known.ec.jwk]}))
    token = known.ask(form(assertion(known.ec, client.id, known.now))).json()["access_token"]
    assert known.house.get("/fhir/Patient/nobody", token).status_code == 404

    assert clients.disable(known.operator, client.id)

    assert known.house.get("/fhir/Patient/nobody", token).status_code == 401
    assert not clients.disable(known.operator, client.id)


def test_another_clinics_client_looks_as_if_there_were_none(known):
    clients, stranger = known.house.services.use_cases.clients, Actor(Role.OPERATOR, "x", known.house.other.clinic_id)

    assert clients.all(stranger) == ()
    with pytest.raises(NotFoundError):
        clients.disable(stranger, known.by_ec.id)
    with pytest.raises(NotFoundError):
        clients.rotate(stranger, known.by_ec.id, {"keys": [known.ec.jwk]}, 0)


def test_a_system_that_publishes_its_keys_is_not_given_keys_here(known):
    clients = known.house.services.use_cases.clients
    allowing = type(clients)(clients.store, clients.clock, frozenset({"keys.example"}), clients.is_demo)
    order = ClientOrder("LPS", "system/Patient.rs", jwks_url="https://keys.example/jwks.json")
    client = allowing.add(known.operator, order)

    with pytest.raises(ConflictError):
        allowing.rotate(known.operator, client.id, {"keys": [known.ec.jwk]}, 0)
    with pytest.raises(InvalidInputError):
        clients.add(known.operator, order)


def test_a_test_client_reaches_no_patient_outside_demo(known):
    clients = known.house.services.use_cases.clients
    production = type(clients)(clients.store, clients.clock, clients.hosts, is_demo=False)
    keys = {"keys": [known.ec.jwk]}

    shared = ClientOrder("LPS", "system/Questionnaire.rs", kind=ClientKind.TEST, key_set=keys)
    assert production.add(known.operator, shared).kind is ClientKind.TEST
    for scopes in ("system/Patient.r", "system/*.rs", "system/Questionnaire.rs system/Task.s"):
        with pytest.raises(InvalidInputError):
            production.add(known.operator, ClientOrder("LPS", scopes, kind=ClientKind.TEST, key_set=keys))

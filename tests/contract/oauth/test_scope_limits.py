"""What a token opens: its scopes on every route of the machine doors, and never more than the role."""

import pytest

from flow.clients import ClientOrder
from tests.contract.doors import cat
from tests.contract.oauth.conftest import register
from tests.signing import assertion, form

OPEN = {"fhir.metadata", "api-docs.openapi_json", "oauth.configuration-of-fhir"}
TYPES = ("Patient", "Task", "QuestionnaireResponse", "CarePlan", "Observation", "Questionnaire", "Communication")


@pytest.fixture(scope="module")
def tokens(shared_house, pairs):
    """Give tokens for scopes, of one system that may have all."""
    known = register(shared_house, pairs)
    order = ClientOrder("LPS", "system/*.cruds", key_set={"keys": [known.ec.jwk]})
    client = shared_house.services.use_cases.clients.add(known.operator, order)

    def token(scope):
        answer = known.ask(form(assertion(known.ec, client.id, known.now), scope))
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    return token


@pytest.mark.parametrize("kind", TYPES)
def test_a_token_for_one_type_searches_that_type_alone(shared_house, tokens, kind):
    token = tokens(f"system/{kind}.s")

    statuses = {other: shared_house.get(f"/fhir/{other}?_id=nobody", token).status_code for other in TYPES}

    assert statuses == {other: 200 if other == kind else 403 for other in TYPES}
    assert shared_house.get(f"/fhir/{kind}/nobody", token).status_code == 403


def test_reading_searching_and_writing_are_three_things(shared_house, tokens):
    read, write = tokens("system/QuestionnaireResponse.r"), tokens("system/QuestionnaireResponse.c")

    path = "/fhir/QuestionnaireResponse"
    assert shared_house.get(f"{path}/nobody", read).status_code == 404
    assert shared_house.get(f"{path}/nobody/_history", read).status_code == 404
    assert shared_house.get(path, read).status_code == 403
    assert shared_house.post(path, cat(None), read).status_code == 403
    assert shared_house.post(path, cat(None), write).status_code not in (401, 403)
    assert shared_house.get(f"{path}/nobody", write).status_code == 403
    assert shared_house.post(f"{path}/_search", {}, read).status_code == 403


def test_a_check_against_a_questionnaire_needs_no_scope_of_patients(shared_house, tokens):
    path = "/fhir/QuestionnaireResponse/$validate"

    assert shared_house.post(path, cat(None), tokens("system/Questionnaire.r")).status_code == 200
    assert shared_house.post(path, cat(None), tokens("system/QuestionnaireResponse.r")).status_code == 403


@pytest.mark.parametrize(
    ("path", "opens", "closes"),
    [
        ("enrolments/nobody", "CarePlan.r", "CarePlan.c"),
        ("candidates", "List.s", "List.u"),
    ],
)
def test_the_json_door_asks_for_the_resource_that_it_shows(shared_house, tokens, path, opens, closes):
    assert shared_house.get(f"/api/v1/{path}", tokens(f"system/{opens}")).status_code in (200, 404)
    assert shared_house.get(f"/api/v1/{path}", tokens(f"system/{closes}")).status_code == 403


def test_a_scope_for_everything_opens_no_more_than_the_role_may(shared_house, tokens):
    assert shared_house.get("/api/v1/outbox", tokens("system/*.cruds")).status_code == 403


def test_an_unknown_path_is_unknown_and_not_forbidden(shared_house, tokens):
    assert shared_house.get("/fhir/Nothing", tokens("system/Patient.r")).status_code == 404


def test_every_guarded_route_has_a_demand_and_no_demand_is_left_over(first_app):
    guarded = {
        rule.endpoint for rule in first_app.url_map.iter_rules() if rule.rule.startswith(("/fhir", "/api"))
    } - OPEN

    assert set(first_app.extensions["scope-demands"]) == guarded


def test_discovery_and_the_capability_statement_tell_how_to_sign_in(shared_house):
    places = ("/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration")
    first, second = (shared_house.get(place, "") for place in places)

    assert first.status_code == 200
    assert first.json() == second.json()
    told = first.json()
    assert told["token_endpoint"].endswith("/oauth/token")
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == ["ES384", "RS384"]
    assert told["grant_types_supported"] == ["client_credentials", "authorization_code"]
    assert "permission-v2" in told["capabilities"]
    security = shared_house.get("/fhir/metadata", "").json()["rest"][0]["security"]
    assert security["service"][0]["coding"][0]["code"] == "SMART-on-FHIR"

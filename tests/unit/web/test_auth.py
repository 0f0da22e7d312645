"""Who is let in at the machine doors, and what is asked of them."""

import pytest
from flask import Flask

from kernel.errors import UnauthenticatedError
from kernel.ids import ClinicId
from security.actor import Actor, Role
from web.auth import current_actor, init_auth

ACTOR = Actor(Role.SYSTEM, "lps", ClinicId("clinic-1"))


class OneToken:
    """Knows one token, and counts how often it was asked."""

    def __init__(self):
        self.asked = 0

    def by_token(self, token):
        self.asked += 1
        return ACTOR if token == "right" else None


@pytest.fixture
def authenticator():
    return OneToken()


@pytest.fixture
def ask(authenticator):
    app = Flask("door")
    app.config["PROPAGATE_EXCEPTIONS"] = True
    init_auth(app, authenticator)
    for path in ("/fhir/Task", "/fhir/metadata", "/api/v1/x", "/api/v1/openapi.json", "/channels/x", "/p/x", "/who"):
        app.add_url_rule(path, path, lambda: "in")
    app.add_url_rule("/fhir/who", "who", lambda: current_actor().id)
    app.add_url_rule("/p/who", "nobody", lambda: current_actor().id)

    def ask(path, authorization=None):
        headers = {"Authorization": authorization} if authorization else {}
        return app.test_client().get(path, headers=headers)

    return ask


@pytest.mark.parametrize("path", ["/fhir/metadata", "/api/v1/openapi.json", "/channels/x", "/p/x"])
def test_an_open_door_asks_nobody(ask, authenticator, path):
    assert ask(path).text == "in"
    assert authenticator.asked == 0


@pytest.mark.parametrize("path", ["/fhir/Task", "/api/v1/x", "/fhir", "/fhir/nowhere", "/fhir/metadata/"])
def test_a_guarded_door_wants_a_known_token(ask, path):
    for authorization in (None, "right", "Basic right", "Bearer", "Bearer wrong"):
        with pytest.raises(UnauthenticatedError):
            ask(path, authorization)


@pytest.mark.parametrize("authorization", ["Bearer right", "bearer right", "Bearer  right"])
def test_a_known_token_becomes_an_actor(ask, authorization):
    assert ask("/fhir/who", authorization).text == "lps"


def test_a_token_of_absurd_length_is_not_even_looked_up(ask, authenticator):
    with pytest.raises(UnauthenticatedError):
        ask("/fhir/who", f"Bearer {'x' * 513}")

    assert authenticator.asked == 0


def test_a_view_behind_an_open_door_has_no_actor(ask):
    with pytest.raises(UnauthenticatedError):
        ask("/p/who", "Bearer right")

"""A house with registered systems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from flask import Flask

from app import create_app, services_of
from flow.clients import ClientOrder
from kernel.settings import Settings
from security.actor import Actor, Role
from security.client import Client
from security.keys import ensure_key_file
from tests.contract.doors import House
from tests.released import RELEASED
from tests.signing import Pair, assertion, ec_pair, form, rsa_pair

SCOPES = "system/Patient.rs system/QuestionnaireResponse.cruds system/Questionnaire.rs"


@dataclass(frozen=True)
class Registered:
    """Two systems of the first clinic, one for each algorithm, and one that was disabled."""

    house: House
    rsa: Pair
    ec: Pair
    by_rsa: Client
    by_ec: Client
    disabled: Client
    operator: Actor

    @property
    def now(self) -> int:
        """The service's own second."""
        return int(self.house.services.clock.now().timestamp())

    def assertion(self, *, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        """Sign as the system with the EC key."""
        return assertion(self.ec, self.by_ec.id, self.now, header=header, **claims)

    def ask(self, body: Mapping[str, str] | str, **options: Any) -> requests.Response:
        """Ask for a token."""
        return self.house.call("POST", "/oauth/token", "", data=body, **options)

    def token(self, scope: str = "system/Patient.rs") -> str:
        """Sign in and return the token."""
        answer = self.ask(form(self.assertion(), scope))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


@pytest.fixture(scope="session")
def pairs() -> tuple[Pair, Pair]:
    return rsa_pair(), ec_pair()


def register(house: House, pairs: tuple[Pair, Pair]) -> Registered:
    """Register the systems of a house's first clinic."""
    operator = Actor(Role.OPERATOR, "test", house.one.clinic_id)
    clients = house.services.use_cases.clients
    by_rsa, by_ec, disabled = (
        clients.add(operator, ClientOrder("LPS", SCOPES, key_set={"keys": [pair.jwk]})) for pair in (*pairs, pairs[1])
    )
    clients.disable(operator, disabled.id)
    return Registered(house, *pairs, by_rsa, by_ec, disabled, operator)


@pytest.fixture(scope="module")
def known(shared_house, pairs) -> Registered:
    return register(shared_house, pairs)


@pytest.fixture(scope="module")
def first_app(tmp_path_factory) -> Iterator[Flask]:
    """Make an application to look at its routes; nothing is asked of its database."""
    directory = tmp_path_factory.mktemp("routes")
    settings = Settings.from_env({"SVARBRO_INSTANCE_DIR": str(directory), "SVARBRO_ENV": "demo"})
    ensure_key_file(settings.keys_file)
    app = create_app(settings, RELEASED)
    yield app
    services_of(app).store.close()

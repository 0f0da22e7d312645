"""A practice system that opens a patient's page: its key, its browser, and each step by itself."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from flow.clients import ClientOrder
from flow.enrol import Enrolled, EnrolmentOrder
from kernel.ids import new_id
from security.actor import Actor, Role
from security.client import Client
from tests.contract.doors import PATIENCE_S, House, Tenant
from tests.signing import ASSERTION_TYPE, Pair, assertion

BACK = "https://lps.example/launched"
SCOPES = "system/Patient.r"
NANCY, SVERRE = ("2512489996", "Nancy Berggren"), ("0104909995", "Sverre Mosebryggeren")
STAFF = {"subject": "lps-user-17", "name": "Lise Holm, læge", "role": "clinician", "assurance": "substantial"}
OUR_ADDRESS = "http://127.0.0.1:8080"
"""What the house calls itself to the world."""


def register(house: House, tenant: Tenant, pair: Pair, redirect_uri: str | None = BACK) -> Client:
    """Register a practice system."""
    operator = Actor(Role.OPERATOR, "test", tenant.clinic_id)
    order = ClientOrder("LPS", SCOPES, key_set={"keys": [pair.jwk]}, redirect_uri=redirect_uri)
    return house.services.use_cases.clients.add(operator, order)


def enrolled(house: House, tenant: Tenant, person: tuple[str, str]) -> Enrolled:
    """Enrol a patient."""
    return house.services.use_cases.enrol(tenant.system, EnrolmentOrder(*person, "KOL"))


@dataclass
class Practice:
    """One practice system with one browser."""

    house: House
    client: Client
    pair: Pair
    browser: requests.Session = field(default_factory=requests.Session)
    patients: dict[str, Enrolled] = field(default_factory=dict)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def form(self, **fields: str) -> dict[str, str]:
        """Sign in at the token address."""
        now = int(self.house.services.clock.now().timestamp())
        signed = assertion(self.pair, self.client.id, now)
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed, **fields}

    def token(self, scope: str = "system/Patient.r") -> str:
        """Return a bearer token."""
        answer = self.house.call(
            "POST", "/oauth/token", "", data=self.form(grant_type="client_credentials", scope=scope)
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def prepare(self, identifier: str = NANCY[0], **staff: str) -> requests.Response:
        """Prepare a launch."""
        order = {"identifier": identifier, "staff": {**STAFF, **staff}}
        return self.house.post("/api/v1/launches", order, self.token(), headers={"Content-Type": "application/json"})

    def launch(self, identifier: str = NANCY[0]) -> str:
        """Prepare a launch and return its token."""
        answer = self.prepare(identifier)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["launch"])

    def asked(self, launch: str, **others: str) -> dict[str, str]:
        """What the browser is sent to us with."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": BACK,
            "scope": "launch",
            "state": "of-the-practice-system",
            "aud": f"{OUR_ADDRESS}/fhir",
            "launch": launch,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **others,
        }

    def authorize(self, asked: Any) -> requests.Response:
        """Let the browser come with a launch."""
        address = f"{self.house.address}/oauth/authorize"
        return self.browser.get(address, params=asked, allow_redirects=False, timeout=PATIENCE_S)

    def told(self, asked: Any) -> dict[str, str]:
        """Return what the browser brings back to the practice system."""
        answer = self.authorize(asked)
        assert answer.status_code == 303, answer.text
        address, _, query = answer.headers["Location"].partition("?")
        assert address == BACK
        return {name: values[0] for name, values in parse_qs(query).items()}

    def redeem(self, code: str, **others: str) -> requests.Response:
        """Change a code."""
        fields = {"code": code, "redirect_uri": BACK, "code_verifier": self.verifier, **others}
        return self.house.call("POST", "/oauth/token", "", data=self.form(grant_type="authorization_code", **fields))

    def page(self) -> requests.Response:
        """Let the browser open the page, and go nowhere else."""
        return self.get("/clinic/launched")

    def get(self, path: str) -> requests.Response:
        """GET one page."""
        return self.browser.get(f"{self.house.address}{path}", allow_redirects=False, timeout=PATIENCE_S)

    def opened(self, identifier: str = NANCY[0]) -> str:
        """Do it all; return where the browser is sent."""
        told = self.told(self.asked(self.launch(identifier)))
        assert self.redeem(told["code"]).status_code == 200
        answer = self.page()
        assert answer.status_code == 303, answer.text
        return urlsplit(answer.headers["Location"]).path


def another_launch() -> str:
    """Return what looks like a launch and is none."""
    return new_id()

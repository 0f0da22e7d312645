"""A member of the clinic's staff at a browser of their own, over real HTTP."""

import re
from typing import Any

import requests

from kernel.ids import PersonId, new_id
from security.actor import Person, Role
from tests.contract.doors import PATIENCE_S, House, Tenant

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
MAIN = re.compile(r"<main.*</main>", re.DOTALL)


class Desk:
    """A browser of the clinic: keeps its cookie, and sends the token of the page with each form."""

    def __init__(
        self, house: House, role: Role = Role.CLINICIAN, tenant: Tenant | None = None, name: str = "Lise Holm, læge"
    ) -> None:
        tenant = tenant or house.one
        self.address, self.http = house.address, requests.Session()
        self.person = Person(PersonId(new_id()), tenant.clinic_id, name, role)
        with house.services.store.write(tenant.clinic_id, tenant.system) as tx:
            tx.clinics.add_person(self.person)
        self.post("/clinic/login", person=self.person.id)

    def get(self, path: str) -> requests.Response:
        """GET a page."""
        return self.http.get(self.address + path, timeout=PATIENCE_S)

    def post(self, path: str, token: str | None = None, **fields: Any) -> requests.Response:
        """POST a form and follow where it leads."""
        if token is None:
            found = TOKEN.search(self.get("/clinic/login").text)
            assert found
            token = found.group(1)
        return self.http.post(self.address + path, data={"csrf_token": token, **fields}, timeout=PATIENCE_S)


def words(answer: requests.Response) -> str:
    """Return what stands on a page, without tags."""
    found = MAIN.search(answer.text)
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group()))

"""A clinician at the pages of the demo clinic, without a browser."""

import re
from html import unescape
from typing import Any

from werkzeug.test import TestResponse

from security.actor import Role
from tests.browser.world import World

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(suggestion|amends)" value="([^"]*)">')


class Desk:
    """Signed in; sends the token of the page with each form."""

    def __init__(self, world: World, role: Role = Role.CLINICIAN) -> None:
        self.client = world.app.test_client()
        self.token = ""
        self.get("/clinic/login")
        self.post("/clinic/login", person=world.staff(role).id)

    def get(self, path: str) -> str:
        """Return a page as text."""
        return self._read(self.client.get(path))

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form."""
        answer = self.client.post(path, data={"csrf_token": self.token, **fields})
        self._read(answer)
        return answer

    def decide(self, enrolment_id: str, **fields: Any) -> TestResponse:
        """Send the decision form as the page has it, with these fields."""
        page = f"/clinic/enrolments/{enrolment_id}"
        hidden = dict(HIDDEN.findall(self.get(page)))
        sent = {name.replace("__", "."): value for name, value in fields.items()}
        answer = self.client.post(page, data={"csrf_token": self.token, **hidden, **sent})
        self._read(answer)
        return answer

    def _read(self, answer: TestResponse) -> str:
        text = unescape(answer.text) if answer.mimetype == "text/html" else ""
        found = TOKEN.search(text)
        self.token = found.group(1) if found else self.token
        return text

"""A browser without scripts: somebody of the staff, and the foreign provider that knows them."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.foreign.node import HERE, PATIENCE_S

FORM = re.compile(r'<form[^>]*action="([^"]+)"')
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@contextmanager
def provider(job: Path) -> Iterator[str]:
    """Run the provider while the block runs; yield its issuer."""
    command = ["node", str(HERE / "provider.mjs"), str(job)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


class Browser:
    """Follows redirects one by one, and sends the forms of the provider."""

    def __init__(self, house: str) -> None:
        """Begin without any cookie.

        Args:
            house: our own address.
        """
        self.house = house
        self.http = requests.Session()

    def get(self, address: str) -> requests.Response:
        """GET one page, and go nowhere else."""
        return self.http.get(urljoin(self.house, address), allow_redirects=False, timeout=PATIENCE_S)

    def leave(self, name: str = "test", door: str = "clinic") -> str:
        """Begin to sign in; return the provider's address with all that we ask it."""
        answer = self.get(f"/{door}/login/{name}")
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def agree(self, address: str, account: str) -> str:
        """Sign in at the provider; return the address to which it sends the browser back."""
        for _ in range(12):
            answer = self.get(address)
            if answer.status_code == 200:
                form = FORM.search(answer.text)
                assert form is not None, answer.text[:500]
                fields = {**dict(HIDDEN.findall(answer.text)), "login": account, "password": "of a test"}
                answer = self.http.post(
                    urljoin(address, form.group(1)), data=fields, allow_redirects=False, timeout=PATIENCE_S
                )
            address = urljoin(address, answer.headers["Location"])
            if address.startswith(self.house):
                return address
        raise AssertionError("The provider leads nowhere.")

    def sign_in(self, account: str) -> requests.Response:
        """Sign in from beginning to end; return our answer to the way back."""
        return self.get(self.agree(self.leave(), account))

    def agree_to_leave(self, address: str) -> str:
        """Sign out at the provider; return the address to which it sends the browser back."""
        page = self.get(address)
        form = FORM.search(page.text)
        assert form is not None, page.text[:500]
        fields = {**dict(HIDDEN.findall(page.text)), "logout": "yes"}
        answer = self.http.post(urljoin(address, form.group(1)), data=fields, allow_redirects=False, timeout=PATIENCE_S)
        return answer.headers["Location"]

    def post(self, path: str, page: str, **fields: str) -> requests.Response:
        """Send a form of ours with the token of the page that it stands on."""
        token = CSRF.search(self.get(page).text)
        assert token is not None
        fields["csrf_token"] = token.group(1)
        return self.http.post(urljoin(self.house, path), data=fields, allow_redirects=False, timeout=PATIENCE_S)

    def is_in(self) -> bool:
        """Tell whether the worklist is shown."""
        return self.get("/clinic/").status_code == 200

    @property
    def cookies(self) -> Mapping[str, Any]:
        """What this browser holds of ours."""
        return {cookie.name: cookie.value for cookie in self.http.cookies if "session" in cookie.name.lower()}


def write_json(path: Path, content: Any, mode: int = 0o600) -> Path:
    """Write a file of settings."""
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    return path

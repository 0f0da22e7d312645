"""The grant by which a practice system changes the code of a launch; Authlib dispatches it as its other grant."""

from typing import Any

from authlib.oauth2.rfc6749 import BaseGrant, InvalidGrantError, InvalidRequestError, TokenEndpointMixin

from flow.issue_token import TOKEN_LIFE_S, opaque_token
from security.launch import SCOPE

CODE_GRANT = "authorization_code"
NEEDED = ("code", "redirect_uri", "code_verifier")
PAGE = "/clinic/launched"
"""Where the browser of the launch goes next."""


class LaunchedCode(BaseGrant, TokenEndpointMixin):  # type: ignore[misc]  # Authlib has no types
    """Changes a code into the patient that was launched, and the address of the page."""

    GRANT_TYPE = CODE_GRANT
    TOKEN_ENDPOINT_AUTH_METHODS = ("private_key_jwt",)

    def validate_token_request(self) -> None:
        """Refuse whoever is not a client, and a request that lacks something."""
        self.request.client = self.authenticate_token_endpoint_client()
        if not all(self.request.form.get(name) for name in NEEDED):
            raise InvalidRequestError

    def create_token_response(self) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """Change the code.

        Raises:
            InvalidGrantError: it does not count, or not any more; all reasons look the same.
        """
        client, form = self.request.client.known.client, self.request.form
        if form["redirect_uri"] != client.redirect_uri:
            raise InvalidGrantError
        patient_ref = self.server.launch.redeem(client, form["code"], form["code_verifier"])
        if patient_ref is None:
            raise InvalidGrantError
        # OAuth wants a token in this answer; a launch opens a page, so this one opens no door and is kept nowhere.
        token = {"access_token": opaque_token(), "token_type": "Bearer", "expires_in": TOKEN_LIFE_S, "scope": SCOPE}
        launched = {"patient": patient_ref, "page": self.server.public_url + PAGE}
        return 200, {**token, **launched}, self.TOKEN_RESPONSE_HEADER

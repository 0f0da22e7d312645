"""`/oauth/token`, and the document that tells systems how to sign in."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from delivery.key_sets import KeySource
from flow.issue_token import IssueTokens
from flow.launch import LaunchPatient
from kernel.clock import Clock
from security.client import ALGORITHMS
from security.launch import SCOPE
from web.oauth.authorize import Authorize
from web.oauth.code import CODE_GRANT
from web.oauth.server import GRANT, METHOD, ClientProofs, TokenServer

TOKEN = "/oauth/token"  # noqa: S105 - an address
AUTHORIZE = "/oauth/authorize"
DISCOVERY = "/.well-known/smart-configuration"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 16 * 1024
SCOPES = ("system/*.cruds", "system/*.rs", SCOPE)
CAPABILITIES = ("client-confidential-asymmetric", "permission-v2", "launch-ehr", "context-ehr-patient")


def blueprint(
    tokens: IssueTokens, launch: LaunchPatient, source: KeySource, clock: Clock, public_url: str
) -> Blueprint:
    """Make the door by which systems sign in, and open patients' pages.

    Args:
        public_url: where the world reaches us; what a caller says of it counts for nothing.
    """
    door = Blueprint("oauth", __name__)
    proofs = ClientProofs(tokens, source, clock, public_url + TOKEN)
    views = _Views(TokenServer(tokens, launch, proofs, public_url), public_url)
    door.add_url_rule(TOKEN, "token", views.token, methods=["POST"], provide_automatic_options=False)
    authorize = Authorize(launch, tokens, public_url)
    door.add_url_rule(AUTHORIZE, "authorize", authorize.__call__, provide_automatic_options=False)
    for place, name in ((DISCOVERY, "configuration"), (f"/fhir{DISCOVERY}", "configuration-of-fhir")):
        door.add_url_rule(place, name, views.configuration, provide_automatic_options=False)
    return door


@dataclass(frozen=True, slots=True)
class _Views:
    server: TokenServer
    public_url: str

    def token(self) -> Response:
        """Issue a token to a system that proves who it is."""
        if not _is_plain():
            return self.server.refused("invalid_request")
        response: Response = self.server.create_token_response()
        response.headers["Pragma"] = "no-cache"
        return response

    def configuration(self) -> Response:
        """Tell systems how to sign in."""
        return jsonify(
            {
                "issuer": self.public_url,
                "authorization_endpoint": self.public_url + AUTHORIZE,
                "authorization_response_iss_parameter_supported": True,
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint": self.public_url + TOKEN,
                "token_endpoint_auth_methods_supported": [METHOD],
                "token_endpoint_auth_signing_alg_values_supported": sorted(ALGORITHMS.values()),
                "grant_types_supported": [GRANT, CODE_GRANT],
                "scopes_supported": list(SCOPES),
                "capabilities": list(CAPABILITIES),
            }
        )


def _is_plain() -> bool:
    """Tell whether all stands in one small form body, each parameter once, and the caller proves itself in one way."""
    request.max_content_length = MOST_BYTES
    if request.query_string or request.mimetype != FORM or "Authorization" in request.headers:
        return False
    try:
        return all(len(values) == 1 for _, values in request.form.lists())
    except RequestEntityTooLarge:
        return False

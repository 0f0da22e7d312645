"""Authlib as the server of tokens, with what it gets wrong by default repaired (docs/decisions/0044)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import (
    ClientCredentialsGrant,
    ClientMixin,
    InvalidClientError,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Request,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from flask import Response, g

from delivery.key_sets import KeySource
from flow.issue_token import TOKEN_LIFE_S, IssueTokens
from flow.launch import LaunchPatient
from kernel.clock import Clock
from kernel.errors import InvalidInputError, NotFoundError
from kernel.log import logger
from security.client import KnownClient
from security.scopes import cover, parse_scopes
from web.oauth.assertion import SKEW_S, Assertion, UnprovenError, prove, read_assertion
from web.oauth.code import LaunchedCode

log = logger(__name__)
METHOD = "private_key_jwt"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT = "client_credentials"
WORDS = {
    "invalid_client": "The client could not be authenticated.",
    "invalid_scope": "The scope is missing, unknown, or more than the client may have.",
    "invalid_request": "The request is not that of RFC 6749 section 4.4 or 4.1.3, in a form body alone.",
    "invalid_grant": "The code does not count, or not any more.",
    "unsupported_grant_type": "The grant is client_credentials, or authorization_code of a launch.",
}
"""What a caller is told: the same whether a client is unknown, disabled or wrong in whatever way."""
UNAUTHORISED, BAD = 401, 400


@dataclass(frozen=True, slots=True)
class _Client(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """A client as Authlib asks for it."""

    known: KnownClient

    def get_client_id(self) -> str:
        """Return its id."""
        return self.known.client.id

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Tell whether it may prove itself so."""
        return method == METHOD and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether it may ask for this grant."""
        return grant_type == GRANT

    def get_allowed_scope(self, scope: str) -> str:
        """Return what was asked for: what it may not have was refused before."""
        return scope


class _BackendServices(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """The one grant; a scope that cannot be given is refused, where Authlib would leave it out."""

    TOKEN_ENDPOINT_AUTH_METHODS = (METHOD,)

    def validate_requested_scope(self) -> None:
        """Refuse what is missing, not understood, or more than the client may have."""
        try:
            wanted = parse_scopes(self.request.form.get("scope", ""))
        except InvalidInputError as error:
            raise InvalidScopeError from error
        if not cover(self.request.client.known.client.scopes, wanted):
            raise InvalidScopeError


@dataclass(frozen=True, slots=True)
class ClientProofs:
    """How a client proves who it is: instead of Authlib's, which refuses the algorithms that SMART demands.

    Args:
        audience: our token address, which an assertion must name.
    """

    tokens: IssueTokens
    source: KeySource
    clock: Clock
    audience: str

    def __call__(self, _query_client: object, request: OAuth2Request) -> _Client:
        """Return the client that the request is from.

        Raises:
            InvalidClientError: it is from none; all reasons look the same.
        """
        try:
            return _Client(self._proven(request))
        except UnprovenError as error:
            g.token_refused = error.reason
            raise InvalidClientError from error

    def _proven(self, request: OAuth2Request) -> KnownClient:
        form = request.form
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise UnprovenError("no-assertion")
        assertion = read_assertion(form.get("client_assertion", ""), self.audience, self.clock.now())
        known = self.tokens.find(assertion.client_id)
        if known is None or form.get("client_id", assertion.client_id) != assertion.client_id:
            raise UnprovenError("unknown-client")
        prove(assertion, known.client, self._keys(known, assertion))
        # Kept beyond its end by the skew: the moment here and that of the database's row are not the same.
        if not self.tokens.use(known.client, assertion.jti, assertion.expires_at + timedelta(seconds=SKEW_S)):
            raise UnprovenError("replayed")
        return known

    def _keys(self, known: KnownClient, assertion: Assertion) -> Any:
        url = known.client.jwks_url
        return known.keys if url is None else self.source.keys(url, assertion.kid)


class TokenServer(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """Issues tokens to systems."""

    def __init__(self, tokens: IssueTokens, launch: LaunchPatient, proofs: ClientProofs, public_url: str) -> None:
        """Bind to the use cases.

        Args:
            proofs: tells who a client is.
        """
        super().__init__(query_client=lambda _client_id: None, save_token=lambda _token, _request: None)
        self._tokens = tokens
        self.launch, self.public_url = launch, public_url
        self.register_client_auth_method(METHOD, proofs)
        self.register_grant(_BackendServices)
        self.register_grant(LaunchedCode)
        self.register_token_generator("default", BearerTokenGenerator(self._issued, None, TOKEN_LIFE_S))

    def _issued(self, *, client: _Client, scope: str, **_: object) -> str:
        """Make the token and keep its hash, in one transaction with the audit row."""
        try:
            return self._tokens.issue(client.known.client, parse_scopes(scope))
        except NotFoundError as error:
            raise InvalidClientError from error
        except InvalidInputError as error:
            raise InvalidScopeError from error

    def handle_error_response(self, _request: OAuth2Request, error: OAuth2Error) -> Response:
        """Answer with the code and our own words; 401 where the client was not authenticated."""
        return self.refused(error.error)

    def refused(self, code: str) -> Response:
        """Write a refusal."""
        log.info("token-refused", code=code, outcome=g.get("token_refused"))
        words = {"error": code, "error_description": WORDS.get(code, WORDS["invalid_request"])}
        response: Response = self.handle_response(
            UNAUTHORISED if code == "invalid_client" else BAD, words, [("Content-Type", "application/json")]
        )
        return response

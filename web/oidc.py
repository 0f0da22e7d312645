"""A broker as Authlib's client speaks with it: with PKCE, nonce, state and our own key."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign
from flask import request
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from kernel.errors import AccessError, UnavailableError
from security.broker_file import Broker

SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""What an ID token may be signed with: a shared secret or nothing never is."""
CALLED = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint")
"""Addresses in a broker's discovery to which we speak, or send a browser."""
PROOF_LIFE_S = 60
LEEWAY_S = 30
FOREIGN_FAULTS = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError)
"""What a broker that does not do as it should raises in the library."""


class _Proof(PrivateKeyJWT):  # type: ignore[misc]  # Authlib has no types
    """Our proof to the broker: good for a minute, where the library says an hour."""

    def sign(self, auth: Any, token_endpoint: str) -> str:
        """Sign it."""
        signed: str = private_key_jwt_sign(
            auth.client_secret, auth.client_id, token_endpoint, alg=self.alg, header=self.headers,
            expires_in=PROOF_LIFE_S,
        )  # fmt: skip
        return signed


class Provider(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """One broker as Authlib speaks with it."""

    def __init__(self, broker: Broker[Any], timeout_s: float) -> None:
        """Bind to a broker; it is first spoken to when somebody signs in."""
        self.broker = broker
        kind = RSAKey if broker.key["kty"] == "RSA" else ECKey
        # What the browser began is kept by this name: staff and citizens may have a broker of the same one.
        name = f"{type(broker.rules).__name__}-{broker.name}"
        super().__init__(
            FlaskIntegration(name),
            name=name,
            client_id=broker.client_id,
            client_secret=kind.import_key(dict(broker.key)),
            server_metadata_url=f"{broker.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_auth_methods=[_Proof(alg=broker.algorithm, headers={"kid": broker.key["kid"]})],
            client_kwargs={
                "scope": broker.scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": "private_key_jwt",
                "default_timeout": timeout_s,
            },
        )

    def load_server_metadata(self) -> Mapping[str, Any]:
        """Return what the broker says of itself, if it is the one that it should be."""
        told: dict[str, Any] = super().load_server_metadata()
        if told.get("issuer") != self.broker.issuer:
            self.server_metadata.pop("_loaded_at", None)
            raise ValueError("issuer")
        if not all(self.broker.is_at(told[name]) for name in CALLED if name in told):
            self.server_metadata.pop("_loaded_at", None)
            raise ValueError("endpoint")
        said = told.get("id_token_signing_alg_values_supported", ())
        told["id_token_signing_alg_values_supported"] = [name for name in said if name in SIGNED_BY]
        return told

    def sign_out_address(self, way_back: str) -> str | None:
        """Return where a browser signs out at the broker; None where it cannot, or shall not.

        The broker is told who we are, and not whose session it was: a token has no place in an address.

        Source: OpenID Connect RP-Initiated Logout 1.0, section 2.
        """
        if not self.broker.signs_out:
            return None
        try:
            address = self.load_server_metadata().get("end_session_endpoint")
        except (OSError, *FOREIGN_FAULTS):
            return None
        asked = urlencode({"client_id": self.broker.client_id, "post_logout_redirect_uri": way_back})
        return f"{address}{'&' if '?' in address else '?'}{asked}" if address else None

    def _claims(self) -> Mapping[str, Any]:
        # Where a broker names itself, an answer of another one is refused before its code is used (RFC 9207).
        if request.args.get("iss", self.broker.issuer) != self.broker.issuer:
            raise ValueError("iss")
        token = self.authorize_access_token(leeway=LEEWAY_S)
        claims: Mapping[str, Any] = token["userinfo"]
        return claims

    def leave(self, way_back: str, *, again: bool = False) -> ResponseReturnValue:
        """Send the browser to the broker.

        Args:
            way_back: our own address, which the broker knows.
            again: the broker shall ask anew, also whom it knows from before.

        Raises:
            AccessError: the broker does not do as it should.
            UnavailableError: it cannot be reached.
        """
        asked = {**self.broker.parameters, **({"prompt": "login"} if again else {})}
        try:
            return self.authorize_redirect(way_back, **asked)  # type: ignore[no-any-return]  # Authlib has no types
        except OSError as error:
            raise UnavailableError("The broker cannot be reached.") from error
        except FOREIGN_FAULTS as error:
            raise AccessError(type(error).__name__) from error

    def returned(self) -> Mapping[str, Any]:
        """Return the checked claims of whoever comes back from the broker.

        Raises:
            AccessError: nobody signed in.
            UnavailableError: the broker cannot be reached.
        """
        try:
            return self._claims()
        except OSError as error:
            raise UnavailableError("The broker cannot be reached.") from error
        except FOREIGN_FAULTS as error:
            raise AccessError(type(error).__name__) from error

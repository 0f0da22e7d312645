"""Staff sign in by a broker: OpenID Connect by Authlib's client, with PKCE, nonce, state and our own key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from werkzeug.exceptions import NotFound

from kernel.errors import AccessError, UnavailableError
from kernel.log import logger
from security.broker_file import Broker
from security.claims import identity_of
from web.clinic.staff import Staff

log = logger(__name__)
SIGNED_BY = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""What an ID token may be signed with: a shared secret or nothing never is."""
CALLED = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
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

    def __init__(self, broker: Broker, timeout_s: float) -> None:
        """Bind to a broker; it is first spoken to when somebody signs in."""
        self.broker = broker
        kind = RSAKey if broker.key["kty"] == "RSA" else ECKey
        super().__init__(
            FlaskIntegration(broker.name),
            name=broker.name,
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

    def claims(self) -> Mapping[str, Any]:
        """Return the checked claims of whoever comes back from the broker."""
        # Where a broker names itself, an answer of another one is refused before its code is used (RFC 9207).
        if request.args.get("iss", self.broker.issuer) != self.broker.issuer:
            raise ValueError("iss")
        token = self.authorize_access_token(leeway=LEEWAY_S)
        claims: Mapping[str, Any] = token["userinfo"]
        return claims


@dataclass(frozen=True, slots=True)
class BrokerViews:
    """The way to the brokers and back.

    Args:
        public_url: where the world reaches us; what a caller says of it counts for nothing.
    """

    staff: Staff
    providers: Mapping[str, Provider]
    public_url: str

    @classmethod
    def of(cls, staff: Staff, brokers: Iterable[Broker], public_url: str, timeout_s: float) -> "BrokerViews":
        """Make the views of these brokers."""
        return cls(staff, {broker.name: Provider(broker, timeout_s) for broker in brokers}, public_url)

    @property
    def titles(self) -> Mapping[str, str]:
        """Name and title of every broker, for the sign-in page."""
        return {name: provider.broker.title for name, provider in self.providers.items()}

    def leave(self, broker: str) -> ResponseReturnValue:
        """Send the browser to a broker."""
        provider = self._provider(broker)
        try:
            return provider.authorize_redirect(self._way_back(broker), **provider.broker.parameters)  # type: ignore[no-any-return]  # Authlib has no types
        except OSError as error:
            raise UnavailableError("The broker cannot be reached.") from error
        except FOREIGN_FAULTS as error:
            return self._refused(type(error).__name__)

    def come_back(self, broker: str) -> ResponseReturnValue:
        """Sign in whom a broker sends back, or say that nobody was signed in."""
        provider = self._provider(broker)
        try:
            identity = identity_of(provider.broker.issuer, provider.claims(), provider.broker.rules)
            token = self.staff.sessions.sign_in(identity)
        except OSError as error:
            raise UnavailableError("The broker cannot be reached.") from error
        except (AccessError, *FOREIGN_FAULTS) as error:
            return self._refused(error.text if isinstance(error, AccessError) else type(error).__name__)
        self.staff.begin(token)
        return redirect(url_for("clinic.list_work"), 303)

    def _refused(self, why: str) -> ResponseReturnValue:
        log.info("sign-in-refused", outcome=why)
        page = render_template("clinic/login.html", people=(), brokers=self.titles, refused=True)
        return page, AccessError.status

    def _provider(self, broker: str) -> Provider:
        if broker not in self.providers:
            raise NotFound
        return self.providers[broker]

    def _way_back(self, broker: str) -> str:
        return self.public_url + url_for("clinic.come_back", broker=broker)

"""Who calls the machine doors: a bearer token becomes an actor, and nobody unknown gets further."""

from flask import Flask, g, request

from kernel.errors import UnauthenticatedError
from security.actor import Actor, Authenticator
from web.headers import is_under
from web.scopes import demand_scope

GUARDED = ("/fhir", "/api")
OPEN = frozenset({"/fhir/metadata", "/fhir/.well-known/smart-configuration", "/api/v1/openapi.json"})
"""What a partner reads before it has a token; neither holds data of a clinic."""
LONGEST_TOKEN = 512


def init_auth(app: Flask, authenticator: Authenticator) -> None:
    """Ask for a bearer token on `/fhir` and `/api`, known path or not; the doors in `OPEN` stay open.

    A token with scopes opens what they cover and nothing else.
    """

    @app.before_request
    def authenticate() -> None:
        if is_under(request.path, *GUARDED) and request.path not in OPEN:
            g.actor = _actor(authenticator)
            demand_scope(app, g.actor)


def current_actor() -> Actor:
    """Return who makes the current call.

    Raises:
        UnauthenticatedError: the door was not guarded, so nobody was asked for a name.
    """
    actor = g.get("actor")
    if not isinstance(actor, Actor):
        raise UnauthenticatedError("A bearer token is needed.")
    return actor


def _actor(authenticator: Authenticator) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise UnauthenticatedError("A bearer token is needed.")
    actor = authenticator.by_token(token.strip()) if len(token) <= LONGEST_TOKEN else None
    if actor is None:
        raise UnauthenticatedError("The bearer token is not known or no longer valid.")
    return actor

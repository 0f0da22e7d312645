"""What a token with scopes may do at the machine doors: each route has its demand, and none opens without one."""

from collections.abc import Mapping

from flask import request
from flask.sansio.app import App

from security.actor import Actor
from security.policy import allow_scope

Demand = tuple[str, str]
"""FHIR resource type, and one letter of `cruds`."""
NONE: Demand = ("", "")
_KEY = "scope-demands"


def add_demands(app: App, demands: Mapping[str, Demand]) -> None:
    """Let scopes open routes.

    Args:
        demands: endpoint -> what a scope must cover.
    """
    app.extensions.setdefault(_KEY, {}).update(demands)


def demand_of(app: App, endpoint: str | None) -> Demand:
    """Return what a route demands of a token's scopes; what has no demand is opened by no scope."""
    demand: Demand = app.extensions.get(_KEY, {}).get(endpoint, NONE)
    return demand


def demand_scope(app: App, actor: Actor) -> None:
    """Let the current call pass, or refuse; an unknown path is left to say that it is unknown.

    Raises:
        AccessError: the token has scopes, and none covers this route.
    """
    if request.endpoint is not None:
        allow_scope(actor, *demand_of(app, request.endpoint))

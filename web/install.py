"""Binds the doors to an application: errors, headers, sign-in, pages, FHIR, JSON, webhooks, operations."""

from collections.abc import Callable

from flask import Flask

from delivery.content import Content
from flow.use_cases import UseCases
from security.actor import Authenticator, Person
from web.access_log import init_access_log
from web.api import init_api
from web.auth import init_auth
from web.channels.views import blueprint as channels
from web.clinic.oidc import BrokerViews
from web.clinic.staff import Staff
from web.clinic.views import blueprint as clinic
from web.errors import init_errors
from web.fhir.routes import blueprint as fhir
from web.headers import init_headers
from web.metrics import blueprint as metrics
from web.operations import blueprint as operations
from web.pages import init_pages
from web.patient.around import init_around
from web.patient.login import Citizens
from web.patient.login import blueprint as citizen
from web.patient.own_log import blueprint as own_log
from web.patient.proof import Proofs
from web.patient.views import blueprint as patient
from web.visit import init_idle

NO_CITIZENS = Citizens({}, "")


def without_brokers(staff: Staff) -> BrokerViews:
    """Let nobody sign in by a broker."""
    return BrokerViews(staff, {}, "", lambda _name, _until: False)


def install(
    app: Flask,
    use_cases: UseCases,
    content: Content,
    authenticator: Authenticator,
    *,
    people: Callable[[], tuple[Person, ...]],
    bare_links: bool,
    proofs: Proofs | None = None,
    brokers: Callable[[Staff], BrokerViews] = without_brokers,
    citizens: Citizens = NO_CITIZENS,
) -> None:
    """Register every door.

    Args:
        app: its `SECRET_KEY` and cookie settings are set already.
        people: staff that may sign in with one click; empty outside demo.
        brokers: makes the views of the brokers by which the staff sign in.
        citizens: the brokers by which patients sign in without an app.
        bare_links: a personal link opens the form by itself; never outside demo.
        proofs: reads what a channel says of who opens a link; None = no channel may.
    """
    init_access_log(app)
    init_errors(app)
    init_headers(app)
    init_auth(app, authenticator)
    init_pages(app)
    init_idle(app, use_cases.form.clock)
    app.register_blueprint(operations(use_cases.health))
    app.register_blueprint(metrics(use_cases.watch))
    app.register_blueprint(fhir(use_cases, content))
    app.register_blueprint(channels(use_cases.event, content))
    staff = Staff(people, use_cases.staff_sessions)
    app.register_blueprint(
        patient(
            use_cases.form, staff.current, bare_links=bare_links, proofs=proofs, has_citizens=bool(citizens.providers)
        )
    )
    app.register_blueprint(citizen(use_cases.form, use_cases.own, citizens))
    app.register_blueprint(own_log(use_cases.audit, staff.current))
    init_around(app, use_cases, staff.current)
    app.register_blueprint(clinic(use_cases, staff, brokers(staff)))
    init_api(app, use_cases)

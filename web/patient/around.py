"""All pages around the patient's form, registered together."""

from collections.abc import Callable

from flask import Flask

from flow.use_cases import UseCases
from security.actor import Actor
from web.patient.afterwards import blueprint as afterwards
from web.patient.leave import blueprint as leave
from web.patient.manner import blueprint as manner
from web.patient.statement import blueprint as statement
from web.patient.way_home import way_home
from web.visit import kept_manner


def init_around(app: Flask, use_cases: UseCases, staff: Callable[[], Actor]) -> None:
    """Register leaving, my answers, help and the accessibility statement.

    Args:
        staff: finds who of the clinic is signed in, for forms that are filled in on the clinic's screen.
    """
    app.context_processor(lambda: {"way_home": way_home, "manner": kept_manner})
    app.register_blueprint(leave(use_cases.form, use_cases.around.leave, staff))
    app.register_blueprint(afterwards(use_cases.around.answers, staff))
    app.register_blueprint(manner(staff))
    app.register_blueprint(statement())

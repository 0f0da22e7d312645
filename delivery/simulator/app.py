"""Puts the simulator together as one Flask application."""

from datetime import date, datetime

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from delivery.recurrence import COPENHAGEN, danish_date
from delivery.simulator.inspector import inspector_blueprint
from delivery.simulator.lps import lps_blueprint
from delivery.simulator.lps_pages import lps_pages_blueprint
from delivery.simulator.orders import orders_blueprint
from delivery.simulator.parts import Simulator
from delivery.simulator.phone import phone_blueprint
from delivery.simulator.plan_service import plan_service_blueprint
from delivery.simulator.print_service import letters_blueprint
from delivery.simulator.settings import AppAccess, SimulatorSettings

__all__ = ["AppAccess", "SimulatorSettings", "create_simulator"]

_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
_MOST_BYTES = 4 * 1024 * 1024
BLUEPRINTS = (
    orders_blueprint,
    phone_blueprint,
    letters_blueprint,
    plan_service_blueprint,
    lps_blueprint,
    lps_pages_blueprint,
    inspector_blueprint,
)


class ReadableJson(DefaultJSONProvider):
    """Keeps Danish letters and the order of the fields, because people read it."""

    ensure_ascii = False
    sort_keys = False


def create_simulator(settings: SimulatorSettings) -> Flask:
    """Build the simulator; `app.extensions["simulator"].stop()` ends its thread and closes its memory.

    Raises:
        SettingsError: the webhook secret is unusable.
    """
    app = Flask("delivery.simulator")
    app.json = ReadableJson(app)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    app.jinja_env.filters.update(
        {"danish_date": danish_date_words, "danish_time": danish_time_words, "danish_clock": danish_clock}
    )
    simulator = Simulator.build(settings)
    app.extensions["simulator"] = simulator
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint(simulator))
    return app


def danish_date_words(day: date) -> str:
    """Write a date as `20. november 2026`."""
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def danish_clock(moment: datetime) -> str:
    """Write the Danish time of day of an aware moment as `10.15`."""
    return f"{moment.astimezone(COPENHAGEN):%H.%M}"


def danish_time_words(moment: datetime) -> str:
    """Write an aware moment in Danish time as `20. november 2026 kl. 10.15`."""
    return f"{danish_date_words(danish_date(moment))} kl. {danish_clock(moment)}"

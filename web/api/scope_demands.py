"""What the routes of the JSON door demand of a token's scopes: that of the FHIR resource that they change or show."""

from collections.abc import Mapping
from types import MappingProxyType

from web.scopes import Demand

DEMANDS: Mapping[str, Demand] = MappingProxyType(
    {
        "enrolments.create": ("CarePlan", "c"),
        "enrolments.read": ("CarePlan", "r"),
        "enrolment-state.set_state": ("CarePlan", "u"),
        "enrolment-state.set_control_month": ("CarePlan", "u"),
        "decisions.create": ("ClinicalImpression", "c"),
        "decisions.confirm": ("ClinicalImpression", "c"),
        "actions.change": ("Task", "u"),
        "launches.prepare": ("Patient", "r"),
        "orders.ask": ("Task", "c"),
        "orders.before": ("Task", "c"),
        "orders.after": ("Task", "c"),
        "candidates.bring": ("List", "c"),
        "candidates.listed": ("List", "s"),
        "candidates.order_many": ("CarePlan", "c"),
        "candidates.order_one": ("CarePlan", "c"),
        "candidates.exclude": ("List", "u"),
        "patients.keep": ("Patient", "u"),
        "patients.report": ("Patient", "u"),
        "unmatched.listed": ("QuestionnaireResponse", "s"),
        "unmatched.assign": ("QuestionnaireResponse", "c"),
        "unmatched.discard": ("QuestionnaireResponse", "d"),
        "outbox.listed": ("Communication", "s"),
        "outbox.trace": ("Communication", "r"),
        "outbox.retry": ("Communication", "u"),
        "outbox.cancel": ("Communication", "u"),
    }
)
"""Endpoint -> demand; a route that is not here is opened by no scope, and a test asks for it."""

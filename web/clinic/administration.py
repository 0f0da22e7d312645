"""The clinic's administration: its first page, and the routes of all of them."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from flow.use_cases import UseCases
from security.policy import Action, allow
from web.clinic.administered_content import ContentViews
from web.clinic.administered_delivery import DeliveryViews
from web.clinic.administered_hours import HoursViews
from web.clinic.administered_outbox import OutboxViews
from web.clinic.administered_staff import StaffViews
from web.clinic.staff import Staff


@dataclass(frozen=True, slots=True)
class _Index:
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show what can be arranged."""
        actor = self.staff.current()
        allow(actor, Action.ADMINISTER)
        return render_template("clinic/administration.html", actor=actor)


def add_administration(pages: Blueprint, use_cases: UseCases, staff: Staff) -> None:
    """Add the pages on which a clinic's administrator arranges what the commands arrange too."""
    people = StaffViews(use_cases.delegate, use_cases.staff_sessions, staff)
    hours = HoursViews(use_cases.hours, staff)
    delivery = DeliveryViews(use_cases.agreements, use_cases.ladder, use_cases.escalation, staff)
    content = ContentViews(use_cases.simulate, use_cases.monitor.clock, staff)
    outbox = OutboxViews(use_cases.operate, staff)
    pages.add_url_rule("/administration", "administer", _Index(staff).show)
    pages.add_url_rule("/administration/staff", "show_staff", people.show)
    pages.add_url_rule("/administration/staff", "arrange_staff", people.change, methods=["POST"])
    pages.add_url_rule("/administration/hours", "show_hours", hours.show)
    pages.add_url_rule("/administration/hours", "arrange_hours", hours.change, methods=["POST"])
    pages.add_url_rule("/administration/delivery", "show_delivery", delivery.show)
    pages.add_url_rule("/administration/delivery", "arrange_delivery", delivery.change, methods=["POST"])
    pages.add_url_rule("/administration/content", "show_content", content.show)
    pages.add_url_rule("/administration/simulation", "show_simulation", content.simulation)
    pages.add_url_rule("/administration/outbox", "show_outbox", outbox.show)
    pages.add_url_rule("/administration/outbox", "arrange_outbox", outbox.change, methods=["POST"])

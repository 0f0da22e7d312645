"""The routes of the clinic's overviews: population, programmes, monitoring, administration."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from flow.use_cases import UseCases
from kernel.errors import UnauthenticatedError
from security.actor import Role
from web.clinic.administration import add_administration
from web.clinic.monitoring import MonitoringViews
from web.clinic.population import PopulationViews
from web.clinic.programme import ProgrammeViews
from web.clinic.staff import Staff


def add_overviews(pages: Blueprint, use_cases: UseCases, staff: Staff) -> None:
    """Add the pages that look at all patients or arrange something, for one of them or for the clinic."""
    pages.before_request(lambda: _lead_home(staff))
    pages.add_url_rule("/population", "show_population", PopulationViews(use_cases.population, staff).show)
    programme = ProgrammeViews(
        use_cases.programme,
        use_cases.change_enrolment_state,
        use_cases.control_month,
        use_cases.record_status,
        staff,
    )
    pages.add_url_rule("/enrolments/<enrolment_id>/programme", "show_programme", programme.show)
    pages.add_url_rule("/enrolments/<enrolment_id>/programme", "change_programme", programme.change, methods=["POST"])
    monitoring = MonitoringViews(use_cases.monitor, staff)
    pages.add_url_rule("/monitoring", "show_monitoring", monitoring.show)
    pages.add_url_rule("/monitoring.csv", "monitoring_as_csv", monitoring.as_csv)
    pages.add_url_rule("/monitoring.ndjson", "monitoring_as_ndjson", monitoring.as_ndjson)
    add_administration(pages, use_cases, staff)


def _lead_home(staff: Staff) -> ResponseReturnValue | None:
    """Lead an administrator, who has no worklist, to what there is to arrange."""
    if request.endpoint != "clinic.list_work":
        return None
    try:
        is_admin = staff.current().role is Role.CLINIC_ADMIN
    except UnauthenticatedError:
        return None
    return redirect(url_for("clinic.administer"), 303) if is_admin else None

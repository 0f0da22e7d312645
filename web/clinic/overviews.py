"""The routes of the clinic's overviews: population, programmes, monitoring."""

from flask import Blueprint

from flow.use_cases import UseCases
from web.clinic.monitoring import MonitoringViews
from web.clinic.population import PopulationViews
from web.clinic.programme import ProgrammeViews
from web.clinic.staff import Staff


def add_overviews(pages: Blueprint, use_cases: UseCases, staff: Staff) -> None:
    """Add the pages that look at all patients, or arrange one patient's programme."""
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

"""`svarbro audit`: is every audit row and score as it was sealed?"""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from app import anchor_file_of, open_services
from cli.choice import desk
from flow.minlog import minlog_line
from flow.rescore import Compared, RescoreResponses
from flow.verify_audit import Verified, VerifyAudit
from kernel.ids import ClinicId, PatientRef
from security.actor import Actor, Role
from web.fhir.audit_event import audit_event

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


@click.group()
def audit() -> None:
    """Look after the audit."""


@audit.command()
@click.option("--clinic", "clinics", multiple=True, help="Id of a clinic; all of them without it.")
@click.option("--json", "as_json", is_flag=True, help="Write what was found as JSON.")
def verify(clinics: tuple[str, ...], *, as_json: bool) -> None:
    """Follow every chain of audit rows and scores, and score every response again; name the first broken place.

    Exit codes: 0 all as it was sealed, 1 something is not, 2 misused.
    """
    services = open_services()
    try:
        check = VerifyAudit(services.store, anchor_file_of(services.settings))
        chosen = _chosen(services.store.clinics(), clinics)
        found = [check(Actor(Role.OPERATOR, "cli", clinic_id)) for clinic_id in chosen]
        again = RescoreResponses(services.store, services.content)
        scores = [again.compare(Actor(Role.OPERATOR, "cli", clinic_id)) for clinic_id in chosen]
    finally:
        services.store.close()
    broken = any(one.broken for one in found) or any(one.different for one in scores)
    _tell(found, scores, as_json=as_json)
    if broken:
        raise SystemExit(1)


@audit.command()
@click.option("--patient", "patient_ref", required=True, help="Pseudonym of the patient.")
@click.option("--format", "form", type=click.Choice(["minlog", "fhir"]), default="fhir", show_default=True)
@click.option("--clinic", help="Id of the clinic; needed where there are several.")
def export(patient_ref: str, form: str, clinic: str | None) -> None:
    """Write every audit row of one patient, a JSON object a line, oldest first; that it was done is a row too.

    Exit codes: 0 written, 1 no such patient, 2 misused.
    """
    with desk(clinic) as at:
        base = f"{at.services.settings.public_url}/fhir"
        for record in at.services.use_cases.audit.export(at.actor, PatientRef(patient_ref)):
            click.echo(json.dumps(minlog_line(record)) if form == "minlog" else audit_event(record, base))


@audit.command()
@click.option("--from", "since", required=True, type=click.DateTime(MOMENTS), help="First moment, UTC.")
@click.option("--to", "until", required=True, type=click.DateTime(MOMENTS), help="Moment after the last, UTC.")
@click.option("--clinic", "clinics", multiple=True, help="Id of a clinic; all of them without it.")
def incident(since: datetime, until: datetime, clinics: tuple[str, ...]) -> None:
    """Write every act of a time, clinic by clinic, a JSON object a line; how many there were goes to standard error.

    Who did what to whose data, when, where and why, by pseudonym: what a report of an incident is made of.

    Exit codes: 0 written, 1 failed, 2 misused.
    """
    services = open_services()
    people: set[str] = set()
    rows = 0
    for clinic_id in _chosen(services.store.clinics(), clinics):
        actor = Actor(Role.OPERATOR, "cli", clinic_id)
        for record in services.use_cases.audit.incident(actor, since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)):
            click.echo(json.dumps(minlog_line(record)))
            people.update(record.event.patients)
            rows += 1
    click.echo(f"{rows} acts, {len(people)} patients.", err=True)


def _chosen(known: tuple[ClinicId, ...], wanted: tuple[str, ...]) -> tuple[ClinicId, ...]:
    if set(wanted) - set(known):
        raise click.BadParameter("There is no such clinic.", param_hint="--clinic")
    return tuple(clinic_id for clinic_id in known if not wanted or clinic_id in wanted)


def _tell(found: list[Verified], scores: list[Compared], *, as_json: bool) -> None:
    if as_json:
        whole = not any(one.broken for one in found) and not any(one.different for one in scores)
        clinics = [{**asdict(one), "scores": asdict(again)} for one, again in zip(found, scores, strict=True)]
        click.echo(json.dumps({"whole": whole, "clinics": clinics}))
        return
    for one, again in zip(found, scores, strict=True):
        click.echo(
            f"{one.clinic_id}: {one.links} links whole, {one.waiting} rows wait, {one.anchors} anchors compared."
        )
        if one.broken is not None:
            place = f"link {one.broken.seq}" if one.broken.seq else "beside the chain"
            click.echo(
                f"  Broken at {place}: {one.broken.fault} ({one.broken.kind or '-'} {one.broken.row_id or '-'})."
            )
        click.echo(f"  {again.responses} responses scored again, {again.different or 'none'} different.")

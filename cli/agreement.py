"""`svarbro clinic add|agree|agreement|end-agreement|opt-in|opt-out|export`: a clinic joins, and leaves."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from app import open_services
from cli.choice import desk, patient_data, telling_faults
from delivery.parties import Clinic
from flow.agreements import Choice, Onboarded
from kernel.ids import ClinicId, new_id
from security.actor import Actor, Role

CLINIC = click.option("--clinic", "clinic_id", help="Id of the clinic; needed where there are several.")


@click.command()
@click.option("--sor", required=True, help="SOR id.")
@click.option("--provider-number", required=True, help="Ydernummer.")
@click.option("--name", required=True, help="Shown to patients.")
@click.option("--phone", required=True, help="Shown to patients.")
@click.option("--region", required=True, help="Such as midtjylland; decides the contact advice.")
def add(sor: str, provider_number: str, name: str, phone: str, region: str) -> None:
    """Add a clinic and print its id; nothing of it leaves before it has agreed and opted in.

    Exit codes: 0 added, 1 refused (another clinic has the SOR id, or there is no such region), 2 misused.
    """
    services = open_services()
    clinic = Clinic(ClinicId(new_id()), sor, provider_number, name, phone, region)
    with telling_faults(as_json=False):
        services.use_cases.agreements.add(Actor(Role.OPERATOR, "cli", clinic.id), clinic)
    click.echo(clinic.id)


@click.command()
@CLINIC
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def agreement(clinic_id: str | None, *, as_json: bool) -> None:
    """Show the agreement that stands, and which packages the clinic runs or has left."""
    with desk(clinic_id) as at:
        told = _told(at.services.use_cases.agreements.shown(at.actor))
    click.echo(json.dumps(told) if as_json else "\n".join(f"{name}: {value}" for name, value in told.items()))


@click.command()
@click.argument("reference")
@click.option("--signed-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Danish date.")
@click.option("--signed-by", required=True, help="Who signed for the clinic.")
@CLINIC
def agree(reference: str, signed_on: datetime, signed_by: str, clinic_id: str | None) -> None:
    """Record a signed processor agreement, in place of one that stood before.

    Exit codes: 0 recorded, 1 refused, 2 misused.
    """
    with desk(clinic_id) as at, telling_faults(as_json=False):
        at.services.use_cases.agreements.agree(at.actor, reference, signed_on.date(), signed_by)
    click.echo("The agreement stands.")


@click.command(name="end-agreement")
@CLINIC
def end_agreement(clinic_id: str | None) -> None:
    """End the agreement: nothing of the clinic leaves any more, and nothing is deleted."""
    with desk(clinic_id) as at:
        at.services.use_cases.agreements.end(at.actor)
    click.echo("No agreement stands any more; nothing leaves, nothing was deleted.")


@click.command(name="opt-in")
@click.argument("package")
@click.option("--programme", required=True, help="Id of a programme of this package.")
@click.option("--channel", required=True, help="First channel, such as webpatient.")
@click.option("--plan-target", required=True, help="Where reports go, such as flp or lps-note.")
@CLINIC
def opt_in(package: str, programme: str, channel: str, plan_target: str, clinic_id: str | None) -> None:
    """Let the clinic run a care package, for the first time or again.

    Exit codes: 0 done, 1 refused (no agreement, not known here, running already), 2 misused.
    """
    with desk(clinic_id) as at, telling_faults(as_json=False):
        choice = Choice(package, programme, channel, plan_target)
        at.services.use_cases.agreements.opt_in(at.actor, choice)
    click.echo(f"{package} runs.")


@click.command(name="opt-out")
@click.argument("package")
@CLINIC
def opt_out(package: str, clinic_id: str | None) -> None:
    """Stop everything of a package that would be planned or sent; what is stored stays until it is given out.

    Exit codes: 0 done, 1 the clinic does not run it, 2 misused.
    """
    with desk(clinic_id) as at:
        patients = at.services.use_cases.agreements.opt_out(at.actor, package)
    click.echo(f"{package} is stopped. Nothing was deleted: {len(patients)} patients have records here.")
    click.echo(f"Give them to the clinic: svarbro clinic export {package} DIRECTORY")


@click.command()
@click.argument("package")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@CLINIC
def export(package: str, directory: Path, clinic_id: str | None) -> None:
    """Write everything of each patient of a package as JSON, name and number included, a file for each pseudonym.

    Exit codes: 0 written, 1 failed, 2 misused.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with desk(clinic_id) as at:
        patients = at.services.use_cases.agreements.enrolled(at.actor, package)
        data = patient_data(at.services)
        for patient_ref in patients:
            found = json.dumps(data.export(at.actor, patient_ref), ensure_ascii=False, indent=2)
            (directory / f"{patient_ref}.json").write_text(found, encoding="utf-8")
    click.echo(f"{len(patients)} patients were written.")


def _told(shown: Onboarded) -> dict[str, Any]:
    stands = shown.agreement
    return {
        "agreement": stands and stands.reference,
        "signedOn": stands and stands.signed_on.isoformat(),
        "runs": [one.package for one in shown.packages if one.opted_out_at is None],
        "left": [one.package for one in shown.packages if one.opted_out_at is not None],
    }


COMMANDS = (add, agreement, agree, end_agreement, opt_in, opt_out, export)

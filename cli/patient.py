"""`svarbro patient`: everything of one patient given out, kept by a legal hold, or destroyed for good."""

import json

import click

from cli.choice import desk, patient_data
from kernel.ids import PatientRef

PATIENT = click.option("--patient", "patient_ref", required=True, help="Pseudonym of the patient.")
CLINIC = click.option("--clinic", help="Id of the clinic; needed where there are several.")


@click.group()
def patient() -> None:
    """Look after the data of one patient."""


@patient.command()
@PATIENT
@CLINIC
def export(patient_ref: str, clinic: str | None) -> None:
    """Write everything of a patient as JSON, name and number included: keep it away from logs and shared folders.

    Exit codes: 0 written, 1 no such patient, 2 misused.
    """
    with desk(clinic) as at:
        found = patient_data(at.services).export(at.actor, PatientRef(patient_ref))
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@patient.command()
@PATIENT
@CLINIC
@click.option("--reason", required=True, help="Why; kept sealed.")
def hold(patient_ref: str, clinic: str | None, reason: str) -> None:
    """Let nothing of a patient be destroyed until the hold is lifted."""
    with desk(clinic) as at:
        patient_data(at.services).hold(at.actor, PatientRef(patient_ref), reason)
    click.echo("The hold stands.")


@patient.command(name="lift-hold")
@PATIENT
@CLINIC
def lift_hold(patient_ref: str, clinic: str | None) -> None:
    """Lift every legal hold of a patient."""
    with desk(clinic) as at:
        patient_data(at.services).lift(at.actor, PatientRef(patient_ref))
    click.echo("No hold stands any more.")


@patient.command()
@PATIENT
@CLINIC
@click.option("--reason", default="", help="Why in spite of the duty to keep records.")
@click.confirmation_option("--yes", prompt="Nobody can undo this. Destroy everything of this patient?")
def shred(patient_ref: str, clinic: str | None, reason: str) -> None:
    """Destroy the key of a patient, so that nothing sealed can be read again, and stop everything planned.

    Exit codes: 0 destroyed, 1 refused (a legal hold, or the duty to keep records without a reason), 2 misused.
    """
    with desk(clinic) as at:
        patient_data(at.services).shred(at.actor, PatientRef(patient_ref), reason)
    click.echo("Destroyed.")

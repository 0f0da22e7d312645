"""What commands about one clinic's lists share: the service, the clinic, and how faults are told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from app import Services, open_services
from delivery.retention import RetentionClass
from flow.patient_data import PatientData
from kernel.errors import InvalidInputError, Issue, SettingsError
from kernel.ids import ClinicId
from security.actor import Actor, Role

REFUSED = 1


@dataclass(frozen=True, slots=True)
class Desk:
    """The service, and the operator at it for one clinic."""

    services: Services
    actor: Actor


@contextmanager
def desk(clinic: str | None) -> Iterator[Desk]:
    """Open the service for one clinic.

    Args:
        clinic: its id; None where the installation has only one.

    Raises:
        SettingsError: the clinic is not known, or must be named.
    """
    services = open_services()
    try:
        services.use_cases.refresh()
        chosen = _chosen(services.store.clinics(), clinic)
        yield Desk(services, Actor(Role.OPERATOR, "cli", chosen))
    finally:
        services.store.close()


def patient_data(services: Services) -> PatientData:
    """Build what gives out, keeps and destroys the data of one patient."""
    return PatientData(services.store, services.content.retention.lives[RetentionClass.RECORD])


@contextmanager
def telling_faults(*, as_json: bool) -> Iterator[None]:
    """Tell every fault of a file, line by line, and leave with exit code 1."""
    try:
        yield
    except InvalidInputError as error:
        if as_json:
            click.echo(json.dumps({"error": error.text, "faults": [_fault(issue) for issue in error.issues]}))
        else:
            for issue in error.issues:
                click.echo(f"{issue.expression or 'file'}: {issue.text}", err=True)
            click.echo(f"{error.text} Nothing was changed.", err=True)
        raise SystemExit(REFUSED) from error


def _fault(issue: Issue) -> dict[str, Any]:
    return {"place": issue.expression, "rule": issue.rule, "text": issue.text}


def _chosen(known: tuple[ClinicId, ...], wanted: str | None) -> ClinicId:
    if wanted is None and len(known) == 1:
        return known[0]
    for clinic_id in known:
        if clinic_id == wanted:
            return clinic_id
    raise SettingsError("Name the clinic by its id: --clinic ID.")

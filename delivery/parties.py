"""The parties of a delivery: the clinic that asks and the patient who is asked."""

from dataclasses import dataclass, field
from datetime import date, datetime

from kernel.ids import ClinicId, PatientRef

CPR = "urn:oid:1.2.208.176.1.2"
"""Identifier system of CPR numbers."""
SOR = "urn:oid:1.2.208.176.1.1"
"""Identifier system of SOR ids (organisations)."""
PROVIDER_NUMBER = "urn:oid:1.2.208.176.1.4"
"""Identifier system of provider numbers (ydernummer)."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a clinic's patients may be written to, in Danish wall time.

    Args:
        opens: minutes after midnight.
        closes: minutes after midnight, 1440 = midnight.
        weekdays: ISO weekdays, 1 = Monday.
        on_holidays: public holidays count as open.
        on_optional_days: days on which clinics commonly close (1 May, 5 June, 24 and 31 December) count as open.
        closed: Danish dates on which the clinic is closed, whatever else holds.
        quiet_before_closure: minutes before closing in which nobody is written to when the next day is closed.
    """

    opens: int = 9 * 60
    closes: int = 18 * 60
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    on_holidays: bool = False
    on_optional_days: bool = False
    closed: frozenset[date] = frozenset()
    quiet_before_closure: int = 120


@dataclass(frozen=True, slots=True)
class Clinic:
    """One clinic: a tenant, and controller of its patients' data.

    Args:
        id: ours.
        sor_id: SOR id, at least 11 digits.
        provider_number: ydernummer.
        name: shown to the patient.
        phone: shown to the patient.
        region: code of `contactAdvice`, such as `midtjylland`.
        window: when patients may be written to.
    """

    id: ClinicId
    sor_id: str
    provider_number: str
    name: str
    phone: str
    region: str
    window: Window = Window()


@dataclass(frozen=True, slots=True)
class PackageOptIn:
    """A clinic's choice to run one care package.

    Args:
        package: `KOL` or `LRS`.
        programme: id of the programme, such as `kol`.
        channel: name of the first channel, such as `webpatient`.
        plan_target: name of the plan target, such as `flp`.
        agreement: reference of the recorded processor agreement.
        opted_in_at: aware UTC.
        opted_out_at: when the clinic stopped to run it, aware UTC; nothing more of it is planned or sent then.
    """

    package: str
    programme: str
    channel: str
    plan_target: str
    agreement: str
    opted_in_at: datetime
    opted_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A processor agreement between a clinic and the operator.

    Args:
        reference: by which both find the signed paper.
        signed_on: Danish date.
        signed_by: who signed for the clinic.
        recorded_at: aware UTC.
    """

    reference: str
    signed_on: date
    signed_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """Who a pseudonym is; read only where a person or a receiver must know.

    Args:
        ref: the pseudonym.
        identifier: value of the current identifier; a CPR number unless `kind` says otherwise.
        kind: `cpr`, `x-ecpr` or `d-ecpr`.
        name: full name.
    """

    ref: PatientRef
    identifier: str = field(repr=False)
    kind: str
    name: str = field(repr=False)

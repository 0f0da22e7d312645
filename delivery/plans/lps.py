"""What the practice system takes from us: our proposed contract, idempotent by key."""

from typing import Any

from delivery.instants import instant
from delivery.plans.port import PlanReceipt, PlanReport
from delivery.transport import Transport
from kernel.errors import PlanError


class PracticeSystem:
    """Posts JSON to the clinic's practice system.

    No practice system's interface for this is public; this is the contract that we propose and that the simulator
    speaks: `POST {base}/lps/v1/...`, with `Authorization: Bearer` and `Idempotency-Key`, is answered 201 (or 200 when
    the key is known) with `{"reference": "...", "duplicate": false}`.
    Source: docs/adapters/lps.md; assumption register.
    """

    def __init__(self, base_url: str, token: str, *, timeout_s: float) -> None:
        """Bind to the system's address with our credentials; `timeout_s` bounds the whole exchange."""
        self._transport = Transport(
            base_url, token, timeout_s=timeout_s, error=PlanError, receiver="the practice system"
        )

    def post(self, path: str, key: str, body: dict[str, Any]) -> PlanReceipt:
        """Hand over; the same key twice is taken once.

        Raises:
            PlanError: sorted into permanent and try again.
        """
        taken = self._transport.hand_over(path, key, body)
        return PlanReceipt(taken.reference, "1", taken.duplicate)


def addressed(report: PlanReport) -> dict[str, Any]:
    """Build what every entry says of itself: whose it is, and whose clinic's."""
    patient, clinic = report.patient, report.clinic
    return {
        "key": report.key,
        "enrolmentId": report.enrolment_id,
        "package": report.package,
        "patient": {"identifier": {"kind": patient.kind, "value": patient.identifier}, "name": patient.name},
        "clinic": {"sor": clinic.sor_id, "providerNumber": clinic.provider_number, "name": clinic.name},
        "enrolledAt": instant(report.enrolled_at),
    }

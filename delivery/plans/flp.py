"""The plan target of the digital care plans (digitale forløbsplaner): a FHIR transaction under If-Match."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from delivery.capabilities import Capabilities, Idempotency
from delivery.plans.care_plan import sequence_of, transaction_bundle
from delivery.plans.port import PlanReceipt, PlanReport
from delivery.transport import Answer, Transport
from kernel.errors import PlanError

FHIR = "/plan/fhir"

_FHIR_JSON = "application/fhir+json"
_NOT_FOUND = 404
_CHANGED_MEANWHILE = 412


@dataclass(frozen=True, slots=True)
class _Held:
    """The plan as it was read: its ETag and the number of the report that it shows."""

    etag: str
    sequence: int


class FlpPlan:
    """Carries reports to the plan solution.

    Its interface is not public; this is the contract that we propose and that the simulator speaks: below
    `{base}/plan/fhir`, `CarePlan/<enrolment id>` is read with its ETag, then a transaction Bundle is posted that
    writes it with `If-Match` (`If-None-Match: *` when there is none yet), and the decision and its scores beside it.
    `Idempotency-Key` names the report.
    Source: docs/delivery.md; assumption register.
    """

    name = "flp"
    capabilities = Capabilities(Idempotency.NATURAL, max_payload=1024 * 1024)

    def __init__(self, base_url: str, token: str, *, timeout_s: float = 10) -> None:
        """Bind to the service's address with our credentials; `timeout_s` bounds each exchange."""
        self._transport = Transport(base_url, token, timeout_s=timeout_s, error=PlanError, receiver="the plan service")

    def report(self, report: PlanReport) -> PlanReceipt:
        """Write the report; the same or an older one again changes nothing.

        Raises:
            PlanError: sorted into permanent and try again; a second conflict in a row is tried again later.
        """
        receipt = self._attempt(report) or self._attempt(report)
        if receipt is None:
            raise PlanError("the plan was changed by somebody else twice in a row", http_status=_CHANGED_MEANWHILE)
        return receipt

    def _attempt(self, report: PlanReport) -> PlanReceipt | None:
        """Read the plan and write the report; None when somebody else changed the plan in between."""
        reference = f"CarePlan/{quote(report.enrolment_id, safe='')}"
        held = self._read(reference)
        if held and held.sequence >= report.sequence:
            return PlanReceipt(reference, _version(held.etag), duplicate=True)
        bundle = transaction_bundle(report, if_match=held.etag if held else None)
        answer = self._transport.exchange(
            "POST",
            FHIR,
            body=bundle.model_dump_json().encode(),
            headers={"Content-Type": _FHIR_JSON, "Accept": _FHIR_JSON, "Idempotency-Key": report.key},
            expected=frozenset({_CHANGED_MEANWHILE}),
        )
        if answer.status == _CHANGED_MEANWHILE:
            return None
        return PlanReceipt(reference, self._written_version(answer))

    def _read(self, reference: str) -> _Held | None:
        answer = self._transport.exchange(
            "GET", f"{FHIR}/{reference}", headers={"Accept": _FHIR_JSON}, expected=frozenset({_NOT_FOUND})
        )
        if answer.status == _NOT_FOUND:
            return None
        etag = answer.headers.get("etag")
        if etag is None:
            raise self._transport.broken("answered without an ETag", maybe_accepted=False)
        return _Held(etag, sequence_of(self._resource(answer, "CarePlan", maybe_accepted=False)))

    def _written_version(self, answer: Answer) -> str:
        """Return the version of the plan that the transaction's answer names for its first entry."""
        entries = self._resource(answer, "Bundle", maybe_accepted=True).get("entry") or [{}]
        etag = entries[0].get("response", {}).get("etag")
        if not isinstance(etag, str):
            raise self._transport.broken("answered without the new version", maybe_accepted=True)
        return _version(etag)

    def _resource(self, answer: Answer, kind: str, *, maybe_accepted: bool) -> dict[str, Any]:
        try:
            said = json.loads(answer.raw)
        except ValueError as error:
            raise self._transport.broken("answered with no JSON", maybe_accepted=maybe_accepted) from error
        if not isinstance(said, dict) or said.get("resourceType") != kind:
            raise self._transport.broken(f"answered with no {kind}", maybe_accepted=maybe_accepted)
        return said


def _version(etag: str) -> str:
    return etag.removeprefix("W/").strip('"')

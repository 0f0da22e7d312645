"""What may leave the clinic, and when: nothing with a colour, band or level before a clinician's decision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from delivery.plans.port import PlanReport

INBOX = "lps-inbox"
"""The clinic's own inbox in its practice system."""


class BeforeDecision(StrEnum):
    """What a target gets of an answer that no clinician has decided on."""

    NOTHING = "nothing"
    AWAITING = "awaiting"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """How one target is told.

    Args:
        before: what it gets before a decision.
        keeps_every: it keeps every report as it was, as a record does; else a newer report takes the older one's place.
    """

    before: BeforeDecision
    keeps_every: bool = False


STRICTEST = ReleasePolicy(BeforeDecision.NOTHING)
POLICIES: Mapping[str, ReleasePolicy] = MappingProxyType(
    {
        "flp": ReleasePolicy(BeforeDecision.AWAITING),
        "lps-note": ReleasePolicy(BeforeDecision.NOTHING, keeps_every=True),
        INBOX: ReleasePolicy(BeforeDecision.SUGGESTION),
    }
)
"""Target -> policy. A target that is not listed gets nothing before a decision."""


def policy_of(target: str) -> ReleasePolicy:
    """Return the policy of a target."""
    return POLICIES.get(target, STRICTEST)


def released(report: PlanReport, policy: ReleasePolicy) -> PlanReport | None:
    """Return what may leave of a report, or None where nothing may.

    The suggestion stays in the clinic for good: after a decision the decision speaks.

    Source: docs/architecture.md section 4 (release).
    """
    if policy.before is BeforeDecision.SUGGESTION:
        return report
    if report.decision is None and policy.before is BeforeDecision.NOTHING:
        return None
    return replace(
        report, suggestion=None, escalation=None, unsent_since=None, leave=None, contact_wished_at=None, alerts=()
    )

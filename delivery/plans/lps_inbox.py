"""The clinic's own inbox: what came, what it looks like, what was decided, and what did not come."""

from typing import Any

from delivery.capabilities import Capabilities, Idempotency
from delivery.instants import instant
from delivery.plans.lps import PracticeSystem, addressed
from delivery.plans.port import (
    PlanReceipt,
    PlanReport,
    ReportedDecision,
    ReportedEscalation,
    ReportedLeave,
    ReportedSuggestion,
)
from delivery.release import INBOX as TARGET

INBOX = "/lps/v1/inbox"


class LpsInbox:
    """Puts entries into the practice system's inbox; `POST {base}/lps/v1/inbox`, see docs/adapters/lps.md.

    It is the clinic's own system and the only target that gets a suggestion.
    """

    name = TARGET
    capabilities = Capabilities(Idempotency.KEY)

    def __init__(self, base_url: str, token: str, *, timeout_s: float = 10) -> None:
        """Bind to the practice system; `timeout_s` bounds each exchange."""
        self._system = PracticeSystem(base_url, token, timeout_s=timeout_s)

    def report(self, report: PlanReport) -> PlanReceipt:
        """Put one entry into the inbox.

        Raises:
            PlanError: sorted into permanent and try again.
        """
        body = addressed(report) | {
            "event": report.event,
            "link": report.link,
            "awaiting": report.awaiting,
            "answers": [{"title": one.title, "answeredAt": instant(one.answered_at)} for one in report.answers],
            "suggestion": _suggestion(report.suggestion),
            "decision": _decision(report.decision),
            "escalation": _escalation(report.escalation),
            "refusedBy": list(report.refused_by),
            "unsentSince": instant(report.unsent_since) if report.unsent_since else None,
            "leave": _leave(report.leave),
            "contactWishedAt": instant(report.contact_wished_at) if report.contact_wished_at else None,
            "alerts": [{"id": one.id, "kind": one.kind, "raisedAt": instant(one.raised_at)} for one in report.alerts],
        }
        return self._system.post(INBOX, report.key, body)


def _suggestion(suggestion: ReportedSuggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    return {
        "id": suggestion.id,
        "colour": suggestion.colour,
        "urgency": suggestion.urgency,
        "reasons": list(suggestion.reasons),
        "action": suggestion.action,
        "complete": suggestion.complete,
    }


def _escalation(escalation: ReportedEscalation | None) -> dict[str, Any] | None:
    if escalation is None:
        return None
    return {"since": instant(escalation.since), "why": escalation.why, "person": escalation.person or None}


def _leave(leave: ReportedLeave | None) -> dict[str, Any] | None:
    if leave is None:
        return None
    return {"kind": leave.kind, "until": leave.until.isoformat() if leave.until else None}


def _decision(decision: ReportedDecision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "id": decision.id,
        "colour": decision.colour,
        "level": decision.level,
        "author": decision.author,
        "decidedAt": instant(decision.decided_at),
    }

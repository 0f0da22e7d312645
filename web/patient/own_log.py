"""The patient's own access log: who looked at what of theirs, when and why, as a page and as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Blueprint, g, jsonify, render_template
from flask.typing import ResponseReturnValue

from flow.audit_log import REFUSED, AccessLog, AuditLog, act_of
from flow.relation import NO_RELATION
from kernel.errors import AccessError
from security.actor import Actor, Role
from store.repositories.audit import FiledEvent
from web.pages import protect
from web.visit import kept_visit

WHO: Mapping[Role, str] = MappingProxyType(
    {
        Role.PATIENT: "you",
        Role.RELATED_PERSON: "related",
        Role.CLINICIAN: "staff",
        Role.CLINIC_STAFF: "staff",
        Role.CLINIC_ADMIN: "staff",
        Role.SYSTEM: "system",
    }
)
"""Role -> whom the patient reads of; names of staff are not told, everything else is the service itself."""
SERVICE = "service"
NOT_LET_IN, STRANGER = "refused", "stranger"
SHOWN_NOTHING = "unrelated"
PURPOSES = (
    *("treatment", "delivery", "own-access", "research", "data-subject", "audit", "incident", "operation"),
    *("retention", "setup", "agreement", "security", "quality", NO_RELATION),
)
"""What acts are done for; each has words of its own."""
OTHER_PURPOSE = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """One row, in the codes that texts are found by."""

    event: FiledEvent

    @property
    def act(self) -> str:
        """What kind of act: C, R, U or E; that somebody else was refused; that staff were shown nothing."""
        if self.event.purpose == NO_RELATION:
            return SHOWN_NOTHING
        return NOT_LET_IN if self.event.action == REFUSED else act_of(self.event.action)

    @property
    def who(self) -> str:
        """Who, in kind."""
        return STRANGER if self.event.action == REFUSED else WHO.get(self.event.role, SERVICE)

    @property
    def purpose(self) -> str:
        """Why."""
        return self.event.purpose if self.event.purpose in PURPOSES else OTHER_PURPOSE


def blueprint(audit: AuditLog, staff: Callable[[], Actor]) -> Blueprint:
    """Make `/p/log` and `/p/log.json`; both need the session that a personal link gave."""
    pages = Blueprint("own_log", __name__, url_prefix="/p")
    pages.before_request(protect)

    def seen() -> AccessLog:
        visit = kept_visit(staff)
        if visit.staff is not None:
            raise AccessError("The log is the patient's own.")
        return audit.own(visit.actor)

    def page() -> ResponseReturnValue:
        log = seen()
        g.clinic = log.clinic
        lines = [Line(event) for event in log.events]
        return render_template("patient/log.html", clinic=log.clinic, lines=lines, more=log.more, way_back=None)

    def as_json() -> ResponseReturnValue:
        log = seen()
        organisation = {"name": log.clinic.name, "sorId": log.clinic.sor_id}
        return jsonify({"organisation": organisation, "entries": [_entry(one) for one in log.events], "more": log.more})

    pages.add_url_rule("/log", "page", page)
    pages.add_url_rule("/log.json", "as_json", as_json)
    return pages


def _entry(event: FiledEvent) -> dict[str, Any]:
    line = Line(event)
    return {"at": event.at.isoformat(), "act": event.action, "who": line.who, "purpose": event.purpose}

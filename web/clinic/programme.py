"""The page of one patient's programme: pause, go on, end, decline, moved, dead, control month and channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from delivery.patient_status import StatusKind
from delivery.schedule import EnrolmentState
from flow.enrolment_state import ChangeEnrolmentState, SetControlMonth
from flow.programme import RunProgramme
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId
from security.actor import Actor
from security.cpr import masked
from web.clinic.staff import Staff

SOURCE = "clinic"
"""Name under which the clinic itself tells of its patients."""
STATES: Mapping[str, EnrolmentState] = MappingProxyType(
    {"pause": EnrolmentState.PAUSED, "resume": EnrolmentState.ACTIVE, "end": EnrolmentState.ENDED}
)
TOLD: Mapping[str, tuple[StatusKind, bool]] = MappingProxyType(
    {
        "declined": (StatusKind.DECLINED, True),
        "asked-again": (StatusKind.DECLINED, False),
        "moved": (StatusKind.MOVED, True),
        "dead": (StatusKind.DEAD, True),
    }
)
FOR_GOOD = frozenset({"end", "moved", "dead"})
"""What nobody can take back: the page asks twice."""


@dataclass(frozen=True, slots=True)
class ProgrammeViews:
    """The views of the page."""

    programme: RunProgramme
    change_state: ChangeEnrolmentState
    control_month: SetControlMonth
    record_status: RecordStatus
    staff: Staff

    def show(self, enrolment_id: str) -> ResponseReturnValue:
        """Show the programme."""
        return self._page(self.staff.current(), EnrolmentId(enrolment_id))

    def change(self, enrolment_id: str) -> ResponseReturnValue:
        """Change one thing; where that cannot be, say why."""
        actor, wanted = self.staff.current(), request.form.get("do", "")
        if wanted in FOR_GOOD and not request.form.get("sure"):
            return self._page(actor, EnrolmentId(enrolment_id), "sure"), InvalidInputError.status
        try:
            self._change(actor, EnrolmentId(enrolment_id), wanted)
        except ConflictError as error:
            return self._page(actor, EnrolmentId(enrolment_id), "ended"), error.status
        except InvalidInputError as error:
            return self._page(actor, EnrolmentId(enrolment_id), "wrong"), error.status
        return redirect(url_for("clinic.show_programme", enrolment_id=enrolment_id, done="yes"), 303)

    def _change(self, actor: Actor, enrolment_id: EnrolmentId, wanted: str) -> None:
        if wanted in STATES:
            self.change_state(actor, enrolment_id, STATES[wanted])
        elif wanted in TOLD:
            self._tell(actor, enrolment_id, wanted)
        elif wanted == "month":
            month = request.form.get("month", "")
            self.control_month(actor, enrolment_id, int(month) if month.isdecimal() else None)
        elif wanted == "channel":
            self.programme.reach_by(actor, enrolment_id, request.form.get("channel", ""))
        else:
            text = "Nothing of this kind can be changed."
            raise InvalidInputError(text, issues=[Issue("value", text, "do", rule="unknown")])

    def _tell(self, actor: Actor, enrolment_id: EnrolmentId, wanted: str) -> None:
        kind, value = TOLD[wanted]
        patient = self.programme.shown(actor, enrolment_id).patient
        entry = StatusEntry(0, patient.identifier, kind.value, value)
        self.record_status(actor, StatusDelivery(SOURCE, (entry,)))

    def _page(self, actor: Actor, enrolment_id: EnrolmentId, fault: str = "") -> str:
        found = self.programme.shown(actor, enrolment_id)
        current = {one.kind: one for one in found.known if one.ended_at is None}
        return render_template(
            "clinic/programme.html",
            actor=actor,
            found=found,
            current=current,
            stops=[one for one in current.values() if one.value is one.kind.stops],
            identifier=masked(found.patient.identifier),
            errors=fault,
        )

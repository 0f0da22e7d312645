"""Who may answer for a patient: recorded and ended by the clinic, on a page of its own."""

from dataclasses import dataclass
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from flow.related_persons import RelatePersons, RelationOrder
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId, RelatedPersonId
from security.cpr import masked
from security.related import Relationship
from web.clinic.staff import Staff

FIELDS = ("identifier", "name", "relationship", "source", "valid_from", "valid_until")


@dataclass(frozen=True, slots=True)
class RelatedViews:
    """The page and its two forms."""

    relate: RelatePersons
    staff: Staff

    def show(self, enrolment_id: str) -> ResponseReturnValue:
        """Show who may answer for the patient."""
        return self._page(enrolment_id, {})

    def change(self, enrolment_id: str) -> ResponseReturnValue:
        """Record somebody, or end what stands; where that cannot be, say why."""
        actor, enrolment = self.staff.current(), EnrolmentId(enrolment_id)
        try:
            if ended := request.form.get("end"):
                self.relate.end(actor, enrolment, RelatedPersonId(ended))
            else:
                self.relate.add(actor, enrolment, _order())
        except InvalidInputError as error:
            return self._page(enrolment_id, {issue.expression or "identifier": "" for issue in error.issues}), 422
        except ConflictError as error:
            return self._page(enrolment_id, {"identifier": "known"}), error.status
        return redirect(url_for("clinic.show_related", enrolment_id=enrolment_id, done="yes"), 303)

    def _page(self, enrolment_id: str, faults: dict[str, str]) -> str:
        actor = self.staff.current()
        relations = self.relate.listed(actor, EnrolmentId(enrolment_id))
        return render_template(
            "clinic/related.html",
            actor=actor,
            enrolment_id=enrolment_id,
            relations=relations,
            identifier=masked(relations.patient.identifier),
            relationships=[one.value for one in Relationship],
            entered={name: request.form.get(name, "") for name in FIELDS} if faults else {},
            errors={name: f"{name}-{fault}" if fault else name for name, fault in faults.items()},
        )


def _order() -> RelationOrder:
    """Read the form.

    Raises:
        InvalidInputError: a day is no date.
    """
    days = {name: request.form.get(name, "").strip() for name in ("valid_from", "valid_until")}
    if wrong := [name for name, text in days.items() if text and not _is_date(text)]:
        text = "This is no date."
        raise InvalidInputError(text, issues=[Issue("value", text, name, rule="not-a-date") for name in wrong])
    begin, end = (date.fromisoformat(text) if text else None for text in days.values())
    texts = {name: request.form.get(name, "") for name in ("identifier", "name", "relationship", "source")}
    return RelationOrder(**texts, valid_from=begin, valid_until=end)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

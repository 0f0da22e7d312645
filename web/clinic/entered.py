"""What a clinician wrote into the decision form: read into an order, kept when it is refused, with its faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from flow.decide import ActionOrder, DecisionOrder
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import DecisionId, EnrolmentId, SuggestionId

DIMENSION = "dimension."
MEASUREMENT = "measurement."
LONGEST_NOTE = 500
LONGEST_REASON = 2_000
FIELDS = {
    "not-a-decision": ("colour", "colour"),
    "reason-missing": ("reason", "reason"),
    "amendment-without-reason": ("reason", "amendment"),
    "too-long": ("reason", "too-long"),
    "note-too-long": ("note", "too-long"),
    "not-in-future": ("next_due", "next-due"),
    "not-a-date": ("next_due", "date"),
    "in-the-past": ("action_due", "action-due"),
    "action-not-a-date": ("action_due", "date"),
    "changed": ("colour", "changed"),
    "goal-too-long": ("goal", "goal"),
}
"""Rule that was broken -> field of the form, and key of the text that says so."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The form's values, and what is wrong with them: field -> key of a text."""

    values: MultiDict[str, str] = field(default_factory=MultiDict, repr=False)
    faults: Mapping[str, str] = field(default_factory=dict)

    def refused(self, faults: Mapping[str, str]) -> "Entered":
        """Keep what was entered, with its faults."""
        return Entered(self.values, faults)

    @property
    def suggestion_id(self) -> SuggestionId:
        """The suggestion that the clinician saw."""
        return SuggestionId(self.values.get("suggestion", ""))

    def order(self, enrolment_id: EnrolmentId) -> DecisionOrder:
        """Read the order.

        Raises:
            InvalidInputError: a date is none, or a text is too long.
        """
        issues = tuple(self._unreadable())
        if issues:
            raise InvalidInputError(issues[0].text, issues=issues)
        level = self.values.get("level", "")
        return DecisionOrder(
            enrolment_id=enrolment_id,
            suggestion_id=self.suggestion_id,
            colour=self.values.get("colour", ""),
            level=int(level) if level.isascii() and level.isdigit() else None,
            reason=self.values.get("reason", ""),
            dimensions=self._dimensions(),
            actions=self._actions(),
            next_due=_date(self.values.get("next_due", "")),
            new_episode="new_episode" in self.values,
            amends=DecisionId(self.values.get("amends", "")) or None,
            goal=self.values.get("goal"),
            measurements=self._measurements(),
        )

    def _dimensions(self) -> dict[str, str]:
        names = (name for name in self.values if name.startswith(DIMENSION))
        return {name.removeprefix(DIMENSION): self.values[name] for name in names if self.values[name]}

    def _measurements(self) -> dict[str, str]:
        names = (name for name in self.values if name.startswith(MEASUREMENT))
        return {name.removeprefix(MEASUREMENT): self.values[name] for name in names if self.values[name].strip()}

    def _actions(self) -> tuple[ActionOrder, ...]:
        due, note = _date(self.values.get("action_due", "")), self.values.get("note", "")
        return tuple(ActionOrder(code, due, note) for code in self.values.getlist("action"))

    def _unreadable(self) -> Iterator[Issue]:
        for name, rule in (("next_due", "not-a-date"), ("action_due", "action-not-a-date")):
            if not _is_date(self.values.get(name, "")):
                yield Issue("value", "This is no date.", name, rule=rule)
        for name, longest, rule in (("reason", LONGEST_REASON, "too-long"), ("note", LONGEST_NOTE, "note-too-long")):
            if len(self.values.get(name, "")) > longest:
                yield Issue("too-long", "This is too long.", name, rule=rule)


def faults_of(error: InvalidInputError | ConflictError) -> dict[str, str]:
    """Say by field what is wrong: field -> key of a text."""
    if isinstance(error, ConflictError):
        newer_answer = error.issues[0].rule == "newer-answer"
        return {"colour": "conflict" if newer_answer else "decided-meanwhile"}
    found: dict[str, str] = {}
    for issue in error.issues:
        name, words = FIELDS.get(issue.rule or "", ("colour", "other"))
        if (issue.expression or "").startswith(DIMENSION.rstrip(".") + "s"):
            name, words = "dimensions", "other"
        if (issue.expression or "").startswith(MEASUREMENT.rstrip(".") + "s."):
            name, words = (issue.expression or "").replace("measurements.", MEASUREMENT, 1), "measurement"
        found.setdefault(name, words)
    return found


def _is_date(text: str) -> bool:
    try:
        _date(text)
    except ValueError:
        return False
    return True


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text.strip() else None

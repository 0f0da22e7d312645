"""What a clinician orders by a decision, and what is wrong with an order: every fault is named, not the first alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from kernel.errors import InvalidInputError, Issue
from kernel.ids import DecisionId, EnrolmentId, SuggestionId
from scoring.actions import ActionList
from scoring.decision import decided_colour, decided_dimensions
from scoring.levels import Colour, DifferentiationLevel
from scoring.measurements import Measurement, read_measurements
from scoring.suggestion import FiledSuggestion

LONGEST_GOAL = 300
"""Characters of a patient's goal, as the plans take it."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ActionOrder:
    """One action to agree.

    Args:
        code: of the list of actions.
        due: Danish date by which it should be done.
        note: free text.
    """

    code: str
    due: date | None = None
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DecisionOrder:
    """What a clinician decided, on screen or in the practice system.

    Args:
        suggestion_id: the suggestion that the clinician saw.
        colour: GREEN, YELLOW or RED.
        level: 1, 2 or 3; None leaves the level as it is.
        reason: needed when the colour differs from the suggested one, and to amend a decision.
        dimensions: dimension of need -> GREEN, YELLOW or RED; what is left out stays as it was decided before.
        actions: to agree now; those agreed before live on.
        next_due: Danish date of the next questionnaires; None = it follows from the level.
        new_episode: a new episode has begun (LRS).
        amends: the newest decision that the clinician saw; None = not looked at.
        goal: the patient's own, in the patient's words; None leaves it as it was.
        measurements: code -> what the clinician measured or found, as it was written.
    """

    enrolment_id: EnrolmentId
    suggestion_id: SuggestionId
    colour: str
    level: int | None = None
    reason: str = field(default="", repr=False)
    dimensions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    actions: tuple[ActionOrder, ...] = ()
    next_due: date | None = None
    new_episode: bool = False
    amends: DecisionId | None = None
    goal: str | None = field(default=None, repr=False)
    measurements: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """What an order is held against.

    Args:
        suggestion: that the clinician saw.
        actions: the list to choose from.
        package: of the enrolment.
        has_episodes: the programme asks anew when an episode begins.
        today: Danish date.
        measurements: that the package asks for, by code.
    """

    suggestion: FiledSuggestion
    actions: ActionList
    package: str
    has_episodes: bool
    today: date
    measurements: Mapping[str, Measurement] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """What of an order had to be read."""

    colour: Colour
    level: DifferentiationLevel | None
    dimensions: Mapping[str, Colour]
    measurements: Mapping[str, Decimal]


def checked(order: DecisionOrder, frame: Frame) -> CheckedOrder:
    """Hold an order against what can be decided here.

    Raises:
        InvalidInputError: with every fault.
    """
    issues: list[Issue] = []
    needs = frame.suggestion.needs
    assessed = [dimension.id for dimension in needs.dimensions] if needs else []
    suggested = frame.suggestion.alert.colour
    colour = _taken(issues, lambda: decided_colour(order.colour, suggested=suggested, reason=order.reason))
    level = _taken(issues, lambda: _level(order.level))
    dimensions = _taken(issues, lambda: decided_dimensions(order.dimensions, assessed=assessed))
    measurements, unread = read_measurements(order.measurements, frame.measurements)
    issues.extend((*_date_faults(order, frame), *_action_faults(order, frame), *_goal_faults(order), *unread))
    if issues or colour is None or dimensions is None:
        raise InvalidInputError(issues[0].text, issues=issues)
    return CheckedOrder(colour, level, dimensions, measurements)


def _taken(issues: list[Issue], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except InvalidInputError as error:
        issues.extend(error.issues)
        return None


def _level(level: int | None) -> DifferentiationLevel | None:
    if level is None:
        return None
    try:
        return DifferentiationLevel(level)
    except ValueError as error:
        issue = Issue("code-invalid", "A level is 1, 2 or 3.", "level", rule="not-a-level")
        raise InvalidInputError(issue.text, issues=[issue]) from error


def _date_faults(order: DecisionOrder, frame: Frame) -> Iterator[Issue]:
    if order.next_due is not None and order.next_due <= frame.today:
        yield Issue("value", "The next questionnaires lie in the future.", "nextDue", rule="not-in-future")
    if order.new_episode and not frame.has_episodes:
        yield Issue("value", "This programme knows no episodes.", "newEpisode", rule="no-episodes")


def _goal_faults(order: DecisionOrder) -> Iterator[Issue]:
    if order.goal is not None and len(order.goal.strip()) > LONGEST_GOAL:
        yield Issue("too-long", f"A goal has at most {LONGEST_GOAL} characters.", "goal", rule="goal-too-long")


def _action_faults(order: DecisionOrder, frame: Frame) -> Iterator[Issue]:
    offered = {kind.code for kind in frame.actions.of_package(frame.package)}
    for index, action in enumerate(order.actions):
        if action.code not in offered:
            yield Issue("code-invalid", "No such action.", f"actions.{index}.code", rule="not-an-action")
        if action.due is not None and action.due < frame.today:
            yield Issue("value", "An action is not due in the past.", f"actions.{index}.due", rule="in-the-past")

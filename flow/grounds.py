"""EXPLAIN: the inputs of a result with the words of the very table that was walked."""

from dataclasses import dataclass

from delivery.content import Content
from kernel.errors import ContentError
from questionnaires.model import Text
from scoring.needs import NeedsAssessment
from scoring.suggestion import Alert, UsedInput


@dataclass(frozen=True, slots=True)
class InputLine:
    """One input of a result.

    Args:
        label: as clinicians read it; a change says since when.
    """

    used: UsedInput
    label: Text


def alert_grounds(content: Content, alert: Alert) -> tuple[InputLine, ...]:
    """Name every input of an alert."""
    try:
        labels = {name: one.label for name, one in content.catalogue.table(*_walked(alert)).inputs.items()}
    except ContentError:
        labels = {}
    return tuple(_line(labels, used) for used in alert.inputs.values())


def needs_grounds(content: Content, needs: NeedsAssessment) -> tuple[InputLine, ...]:
    """Name every input of a needs assessment."""
    try:
        labels = {name: one.label for name, one in content.catalogue.needs(*_walked(needs)).inputs.items()}
    except ContentError:
        labels = {}
    return tuple(_line(labels, used) for used in needs.inputs.values())


def _walked(result: Alert | NeedsAssessment) -> tuple[str, str]:
    return result.table.id, result.table.version


def _line(labels: dict[str, Text], used: UsedInput) -> InputLine:
    # A table that is no longer installed has no words for its inputs: their names must do.
    return InputLine(used, labels.get(used.name) or Text(used.name, used.name))

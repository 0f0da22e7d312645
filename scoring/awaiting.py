"""What stands where a suggestion would be while its table awaits approval: unknown, with the reason, never green."""

from collections.abc import Mapping

from scoring.levels import Colour
from scoring.matched import MatchedRow, UsedInput
from scoring.needs import Dimension, NeedsAssessment
from scoring.needs_table import NeedsTable
from scoring.suggestion import Alert
from scoring.table import Table


def awaiting_alert(table: Table, phase: str, inputs: Mapping[str, UsedInput], waiting: MatchedRow) -> Alert:
    """Make the alert of a table that is not to be used yet; its inputs are kept, its rows are not walked."""
    return Alert(
        colour=waiting.colour,
        urgency=waiting.urgency,
        rows=(waiting,),
        action=waiting.action,
        incomplete=True,
        table=table.version,
        phase=phase,
        inputs=inputs,
    )


def awaiting_needs(
    table: NeedsTable, part: str, inputs: Mapping[str, UsedInput], waiting: MatchedRow
) -> NeedsAssessment:
    """Make the needs assessment of a table that is not to be used yet: what it must tell is unknown, and no level."""
    required = (one for one in table.parts[part] if one.required)
    dimensions = tuple(Dimension(one.id, one.title, Colour.UNKNOWN, one.required, (waiting,)) for one in required)
    return NeedsAssessment(part, dimensions, None, waiting.id, table.version, inputs)

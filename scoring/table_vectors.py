"""Evaluates the vectors that a table file brings, so that a table that changed its mind does not load."""

from kernel.errors import ContentError, InvalidInputError
from questionnaires.content_file import Fields
from scoring.condition import Value, read_value
from scoring.evaluate import advised, evaluate
from scoring.given import given_inputs
from scoring.suggestion import Alert
from scoring.table import Table


def check_table_vectors(table: Table, fields: Fields) -> None:
    """Evaluate the vectors of a table file, and compare exactly.

    Raises:
        ContentError: none is there, or one gives something else.
    """
    vectors = fields.parts("vectors")
    if not vectors:
        raise fields.fail("vectors", "at least one vector")
    for vector in vectors:
        vector.refuse_others(("phase", "inputs", "estimated", "result"))
        estimated = vector.texts("estimated") if vector.raw.get("estimated") else ()
        try:
            inputs = given_inputs(table, _values(vector.part("inputs")), estimated=estimated)
        except InvalidInputError as error:
            raise ContentError(f"{vector.where}: {error.text}") from error
        alert = evaluate(table, vector.one_of("phase", table.phases), inputs)
        if told(alert) != vector.part("result").raw:
            raise ContentError(f"{vector.where}: the table gives something else")


def _values(part: Fields) -> dict[str, Value | None]:
    return {name: read_value(part, name) for name in part.raw}


def told(alert: Alert) -> dict[str, object]:
    """Tell an alert in the short form of vectors and of the `suggest` command."""
    return {
        "alert": alert.colour.value,
        "urgency": alert.urgency.value,
        "reasons": [row.id for row in alert.rows],
        "action": advised(alert.rows).id,
        "incomplete": alert.incomplete,
    }

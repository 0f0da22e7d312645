"""Assesses the vectors that a needs table file brings, so that a table that changed its mind does not load."""

from kernel.errors import ContentError, InvalidInputError
from questionnaires.content_file import Fields
from scoring.condition import read_value
from scoring.evaluate_needs import assess
from scoring.given import given_needs
from scoring.levels import Colour
from scoring.needs import Dimension, NeedsAssessment
from scoring.needs_table import NeedsTable


def check_needs_vectors(table: NeedsTable, fields: Fields) -> None:
    """Assess the vectors of a needs table file, and compare exactly.

    Raises:
        ContentError: a part has none, or one gives something else.
    """
    for vector in fields.parts("vectors"):
        vector.refuse_others(("part", "inputs", "result"))
        given = vector.part("inputs")
        try:
            inputs = given_needs(table, {name: read_value(given, name) for name in given.raw})
        except InvalidInputError as error:
            raise ContentError(f"{vector.where}: {error.text}") from error
        result = assess(table, vector.one_of("part", list(table.parts)), inputs)
        if told_needs(result) != vector.part("result").raw:
            raise ContentError(f"{vector.where}: the table gives something else")
    if {vector.text("part") for vector in fields.parts("vectors")} != set(table.parts):
        raise fields.fail("vectors", "at least one vector for each part")


def told_needs(result: NeedsAssessment) -> dict[str, object]:
    """Tell an assessment in the short form of vectors and of the `suggest` command."""
    return {
        "dimensions": {one.id: _told_dimension(one) for one in result.dimensions},
        "level": None if result.level is None else int(result.level),
        "incomplete": any(_is_incomplete(one) for one in result.dimensions),
    }


def _told_dimension(one: Dimension) -> dict[str, object]:
    return {"colour": one.colour.value, "reasons": [row.id for row in one.rows], "incomplete": _is_incomplete(one)}


def _is_incomplete(one: Dimension) -> bool:
    return any(row.colour is Colour.UNKNOWN for row in one.rows)

"""Reads a table file and compiles it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from questionnaires.content_file import Fields
from scoring.condition import read_condition, read_value
from scoring.input_file import AUTOMATIC, read_inputs, read_unknown
from scoring.levels import Colour, Urgency
from scoring.rule_file import approval_of, version_of
from scoring.suggestion import MatchedRow
from scoring.table import Ceiling, Row, Table

ELEMENTS = (
    *("id", "version", "title", "status", "approval", "sheet", "sources", "licence", "result", "phases"),
    *("ceiling", "lookbackDays", "unknown", "inputs", "rows", "vectors"),
)
ROW_ELEMENTS = ("id", "when", "outcome", "reason", "action", "source", "status")


def read_table(fields: Fields, raw: bytes) -> Table:
    """Compile a table file.

    Args:
        fields: the file.
        raw: its bytes, for the hash.

    Raises:
        ContentError: names the field; T1 and T2 of the loader rules where they are about form.
    """
    fields.refuse_others(ELEMENTS)
    fields.one_of("result", ("alert",))
    phases = fields.texts("phases")
    inputs = read_inputs(fields, {part.text("name"): _required(part, phases) for part in fields.parts("inputs")})
    rows = tuple(_row(part) for part in fields.parts("rows"))
    if [row.when.otherwise for row in rows] != [False] * (len(rows) - 1) + [True]:
        raise fields.fail("rows", "exactly one otherwise row, the last,")
    return Table(
        version=version_of(fields, raw),
        title=fields.bilingual("title"),
        phases=phases,
        inputs=inputs,
        rows=rows[:-1],
        otherwise=rows[-1],
        unknown=read_unknown(fields, inputs),
        lookback_days=fields.integer("lookbackDays"),
        ceiling=_ceiling(fields.part("ceiling")),
        approval=approval_of(fields),
    )


def _required(part: Fields, phases: Sequence[str]) -> Mapping[str, bool]:
    required = part.part("required")
    required.refuse_others(phases)
    return MappingProxyType({phase: required.flag(phase) for phase in phases})


def _ceiling(part: Fields) -> Ceiling:
    part.refuse_others(("yellowOrRed", "red"))
    alerted, red = read_value(part, "yellowOrRed"), read_value(part, "red")
    if isinstance(alerted, str) or isinstance(red, str) or not 0 <= red <= alerted:
        raise part.fail("yellowOrRed", "alerts per 100, not below those that are red,")
    return Ceiling(Fraction(alerted), Fraction(red))


def _row(part: Fields) -> Row:
    part.refuse_others(ROW_ELEMENTS)
    part.text("status")
    outcome = part.part("outcome")
    outcome.refuse_others(("alert", "urgency"))
    if part.text("id").startswith(AUTOMATIC):
        raise part.fail("id", "a name that is not kept for automatic rows")
    return Row(
        when=read_condition(part.part("when")),
        outcome=MatchedRow(
            id=part.text("id"),
            colour=Colour(outcome.one_of("alert", list(Colour))),
            urgency=Urgency(outcome.one_of("urgency", list(Urgency))),
            reason=part.bilingual("reason"),
            action=part.bilingual("action"),
            source=part.text("source"),
        ),
    )

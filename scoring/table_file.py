"""Reads a table file and compiles it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.model import Text
from scoring.condition import read_condition
from scoring.levels import Colour, Urgency
from scoring.rule_file import approval_of, version_of
from scoring.suggestion import MatchedRow
from scoring.table import InputSource, Row, Table, TableInput
from scoring.timeline import EARLIER, SYSTEM, USES

ELEMENTS = (
    *("id", "version", "title", "status", "approval", "sheet", "sources", "licence", "result", "phases"),
    *("ceiling", "lookbackDays", "unknown", "inputs", "rows", "vectors"),
)
INPUT_ELEMENTS = (
    *("name", "label", "type", "domain", "worse", "required", "validFor", "source"),
    *("unknownUrgency", "onEstimated"),
)
ROW_ELEMENTS = ("id", "when", "outcome", "reason", "action", "source", "status")
AUTOMATIC = "unknown:"
STATES = ("missing", "stale", "estimated")
DEFAULT_URGENCY = Urgency.PLANNED_4_WEEKS


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
    parts = fields.parts("inputs")
    inputs = {part.text("name"): _input(part, phases) for part in parts}
    if len(inputs) != len(parts):
        raise fields.fail("inputs", "each name once")
    rows = tuple(_row(part) for part in fields.parts("rows"))
    if [row.when.otherwise for row in rows] != [False] * (len(rows) - 1) + [True]:
        raise fields.fail("rows", "exactly one otherwise row, the last,")
    return Table(
        version=version_of(fields, raw),
        title=fields.bilingual("title"),
        phases=phases,
        inputs=MappingProxyType(inputs),
        rows=rows[:-1],
        otherwise=rows[-1],
        unknown=_unknown(fields.part("unknown"), parts, inputs),
        lookback_days=fields.integer("lookbackDays"),
        approval=approval_of(fields),
    )


def _input(part: Fields, phases: Sequence[str]) -> TableInput:
    part.refuse_others(INPUT_ELEMENTS)
    kind = part.one_of("type", ("code", "integer", "number"))
    ends = () if kind == "code" else part.integers("domain")
    codes = part.texts("worse") if kind == "code" else ()
    if (kind == "code" and sorted(codes) != sorted(part.texts("domain"))) or (
        kind != "code" and len(ends) != len("ab")
    ):
        raise part.fail("domain", "the codes of `worse`, or lowest and highest,")
    required = part.part("required")
    required.refuse_others(phases)
    return TableInput(
        name=part.text("name"),
        label=part.bilingual("label"),
        kind=kind,
        codes=codes,
        ends=None if kind == "code" else (ends[0], ends[1]),
        higher_is_worse=kind == "code" or part.one_of("worse", ("higher", "lower")) == "higher",
        required=MappingProxyType({phase: required.flag(phase) for phase in phases}),
        valid_days=_valid_days(part),
        this_occasion=part.raw.get("validFor") == "occasion",
        source=_source(part.part("source")),
        unknown_if_estimated="onEstimated" in part and part.one_of("onEstimated", ("unknown-too",)) != "",
    )


def _valid_days(part: Fields) -> int | None:
    """Read `validFor`: `occasion`, `{"days": n}` or `{"episode": true}`."""
    if part.raw.get("validFor") == "occasion":
        return None
    valid_for = part.part("validFor")
    valid_for.refuse_others(("days", "episode"))
    if "days" in valid_for and "episode" not in valid_for and valid_for.integer("days") > 0:
        return valid_for.integer("days")
    if "days" in valid_for or not valid_for.flag("episode"):
        raise part.fail("validFor", "occasion, days or episode")
    return None


def _source(part: Fields) -> InputSource:
    if "system" in part:
        part.refuse_others(("system",))
        return InputSource("", part.one_of("system", list(SYSTEM)), "system")
    part.refuse_others(("questionnaire", "score", "use", "against", "windowDays"))
    use = part.one_of("use", list(USES))
    compares, windowed = use in ("delta", "rise"), use == "new-since-baseline"
    if compares is not ("against" in part) or windowed is not ("windowDays" in part):
        raise part.fail("use", "`against` for a change and `windowDays` for what is new, nowhere else,")
    return InputSource(
        questionnaire=part.text("questionnaire"),
        score=part.text("score"),
        use=use,
        against=part.one_of("against", list(EARLIER)) if compares else "",
        window_days=part.integer("windowDays") if windowed else 0,
    )


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


def _unknown(
    fields: Fields, parts: Sequence[Fields], inputs: Mapping[str, TableInput]
) -> Mapping[tuple[str, str], MatchedRow]:
    """Make the automatic row of each input and state (T3)."""
    fields.refuse_others((*STATES, "action"))
    action = fields.bilingual("action")
    reasons = {state: fields.bilingual(state) for state in STATES}
    made = {}
    for part, one in zip(parts, inputs.values(), strict=True):
        urgency = DEFAULT_URGENCY
        if "unknownUrgency" in part:
            urgency = Urgency(part.one_of("unknownUrgency", list(Urgency)))
        for state, reason in reasons.items():
            row = MatchedRow(AUTOMATIC + one.name, Colour.UNKNOWN, urgency, _filled(reason, one.label), action)
            made[one.name, state] = row
    return MappingProxyType(made)


def _filled(reason: Text, label: Text) -> Text:
    return Text(reason.da.replace("{input}", label.da), reason.en.replace("{input}", label.en))

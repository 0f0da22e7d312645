"""Reads the inputs of a table file, and the automatic rows that stand for them when they are missing."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.model import Text
from scoring.levels import Colour, Urgency
from scoring.suggestion import MatchedRow
from scoring.table_input import CodeMap, InputSource, TableInput
from scoring.timeline import SYSTEM
from scoring.uses import COMPARING, EARLIER, USES, VERDICTS

INPUT_ELEMENTS = (
    *("name", "label", "type", "domain", "worse", "required", "validFor", "source"),
    *("unknownUrgency", "onEstimated"),
)
SOURCE_ELEMENTS = ("questionnaire", "slot", "score", "use", "against", "windowDays", "map")
AUTOMATIC = "unknown:"
STATES = ("missing", "stale", "estimated")
DEFAULT_URGENCY = Urgency.PLANNED_4_WEEKS


def read_inputs(fields: Fields, required: Mapping[str, Mapping[str, bool]]) -> Mapping[str, TableInput]:
    """Read the inputs of a table.

    Args:
        required: name of an input -> phase -> whether it is required.

    Raises:
        ContentError: naming the field.
    """
    parts = fields.parts("inputs")
    inputs = {part.text("name"): _input(part, required[part.text("name")]) for part in parts}
    if len(inputs) != len(parts):
        raise fields.fail("inputs", "each name once")
    return MappingProxyType(inputs)


def read_unknown(fields: Fields, inputs: Mapping[str, TableInput]) -> Mapping[tuple[str, str], MatchedRow]:
    """Make the automatic row of each input and state (T3).

    Raises:
        ContentError: naming the field.
    """
    words = fields.part("unknown")
    words.refuse_others((*STATES, "action"))
    action = words.bilingual("action")
    reasons = {state: words.bilingual(state) for state in STATES}
    made = {}
    for part, one in zip(fields.parts("inputs"), inputs.values(), strict=True):
        urgency = DEFAULT_URGENCY
        if "unknownUrgency" in part:
            urgency = Urgency(part.one_of("unknownUrgency", list(Urgency)))
        for state, reason in reasons.items():
            row = MatchedRow(AUTOMATIC + one.name, Colour.UNKNOWN, urgency, _filled(reason, one.label), action)
            made[one.name, state] = row
    return MappingProxyType(made)


def _filled(reason: Text, label: Text) -> Text:
    return Text(reason.da.replace("{input}", label.da), reason.en.replace("{input}", label.en))


def _input(part: Fields, required: Mapping[str, bool]) -> TableInput:
    part.refuse_others(INPUT_ELEMENTS)
    kind = part.one_of("type", ("code", "integer", "number"))
    ends = () if kind == "code" else part.integers("domain")
    codes = part.texts("worse") if kind == "code" else ()
    if (kind == "code" and sorted(codes) != sorted(part.texts("domain"))) or (
        kind != "code" and len(ends) != len("ab")
    ):
        raise part.fail("domain", "the codes of `worse`, or lowest and highest,")
    return TableInput(
        name=part.text("name"),
        label=part.bilingual("label"),
        kind=kind,
        codes=codes,
        ends=None if kind == "code" else (ends[0], ends[1]),
        higher_is_worse=kind == "code" or part.one_of("worse", ("higher", "lower")) == "higher",
        required=required,
        valid_days=_valid_days(part),
        this_occasion=part.raw.get("validFor") == "occasion",
        source=_source(part.part("source"), codes),
        unknown_if_estimated="onEstimated" in part and part.one_of("onEstimated", ("unknown-too",)) != "",
        this_episode=part.raw.get("validFor") == {"episode": True},
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


def _source(part: Fields, codes: Sequence[str]) -> InputSource:
    if "system" in part:
        part.refuse_others(("system",))
        return InputSource("", part.one_of("system", list(SYSTEM)), "system")
    if "derived" in part:
        part.refuse_others(("derived", "score"))
        return InputSource("", part.text("score"), "derived", derived=part.text("derived"))
    part.refuse_others(SOURCE_ELEMENTS)
    use = part.one_of("use", list(USES))
    compares, windowed = use in COMPARING, use == "new-since-baseline"
    if compares is not ("against" in part) or windowed is not ("windowDays" in part):
        raise part.fail("use", "`against` for a change and `windowDays` for what is new, nowhere else,")
    if ("slot" in part) is ("questionnaire" in part):
        raise part.fail("slot", "a slot or a questionnaire")
    if ("score" in part) is (use in VERDICTS or "map" in part) or ("map" in part and use != "current"):
        raise part.fail("score", "a score, the change rule of the instrument or a map of a current score")
    return InputSource(
        questionnaire=part.text("questionnaire") if "questionnaire" in part else "",
        score=part.text("score") if "score" in part else "",
        use=use,
        against=part.one_of("against", list(EARLIER)) if compares else "",
        window_days=part.integer("windowDays") if windowed else 0,
        slot=part.text("slot") if "slot" in part else "",
        maps=_maps(part.part("map"), codes) if "map" in part else MappingProxyType({}),
    )


def _maps(fields: Fields, codes: Sequence[str]) -> Mapping[str, CodeMap]:
    """Read `{"questionnaire.score": {code: code}}`."""
    made = {}
    for name in fields.raw:
        questionnaire, _, score = name.partition(".")
        part = fields.part(name)
        made[questionnaire] = CodeMap(score, MappingProxyType({code: part.one_of(code, codes) for code in part.raw}))
    return MappingProxyType(made)

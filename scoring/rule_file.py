"""Reads a rule file, bound to its questionnaire version, and compiles it."""

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType

from kernel.errors import ContentError, UnknownQuestionnaireError
from questionnaires.content_file import Fields
from questionnaires.enablement import conditional_items
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry, version_key
from scoring.change import HIGHER_IS_WORSE, Change
from scoring.condition import read_condition, read_value
from scoring.missing import STRATEGIES, MissingRule, Setting
from scoring.operations import OPERATIONS
from scoring.result import RuleVersion
from scoring.rule import Band, BandLabel, ScoreDefinition, ScoredItem, ScoringRule

ELEMENTS = (
    *("id", "version", "questionnaire", "title", "status", "approval", "sheet", "sources", "licence", "polarity"),
    *("parameters", "scores", "change", "vectors"),
)
SCORE_ELEMENTS = (
    *("id", "type", "op", "offset", "items", "missing", "range", "decimals", "unit", "label", "code"),
    *("bands", "labels"),
)
CHANGE_ELEMENTS = (
    *("score", "on", "mic", "percentOfBaseline", "minPoints", "real", "sameItems", "direction", "status"),
)
POLARITIES = (HIGHER_IS_WORSE, "higher-is-better")
SAME = "same"
APPROVALS = ("draft", "approved")


def read_rule(fields: Fields, raw: bytes, registry: Registry) -> ScoringRule:
    """Compile a rule file.

    Args:
        fields: the file.
        raw: its bytes, for the hash.
        registry: where its questionnaire is found.

    Raises:
        ContentError: names the field.
    """
    fields.refuse_others(ELEMENTS)
    questionnaire = _questionnaire(fields, registry)
    allowed = {name: fields.part("parameters").part(name) for name in fields.raw.get("parameters", {})}
    scores = {one.id: one for one in _scores(fields, questionnaire)}
    items = {item.link_id for one in scores.values() for item in one.items}
    return ScoringRule(
        version=version_of(fields, raw),
        questionnaire=questionnaire.canonical,
        title=fields.bilingual("title"),
        polarity=fields.one_of("polarity", POLARITIES),
        scores=MappingProxyType(scores),
        allowed=MappingProxyType({name: part.integers("values") for name, part in allowed.items()}),
        params=MappingProxyType({name: _default(part) for name, part in allowed.items()}),
        change=_change(fields.part("change"), scores, fields, questionnaire) if "change" in fields else None,
        conditional=not items.isdisjoint(conditional_items(questionnaire.items)),
        approval=approval_of(fields),
    )


def version_of(fields: Fields, raw: bytes) -> RuleVersion:
    """Read id and version of a rule or table file, and hash its bytes."""
    version = fields.text("version")
    version_key(version)
    return RuleVersion(fields.text("id"), version, hashlib.sha256(raw).hexdigest())


def approval_of(fields: Fields) -> str:
    """Read the approval state, and refuse a file that does not tell status, sources, sheet and licence."""
    for name in ("status", "sheet", "licence"):
        fields.text(name)
    fields.texts("sources")
    return fields.part("approval").one_of("state", APPROVALS)


def _questionnaire(fields: Fields, registry: Registry) -> Questionnaire:
    try:
        return registry.get(fields.text("questionnaire"))
    except UnknownQuestionnaireError:
        raise fields.fail("questionnaire", "the canonical of a known questionnaire") from None


def _default(part: Fields) -> int:
    part.refuse_others(("values", "default", "status"))
    default = part.integer("default")
    if default not in part.integers("values"):
        raise part.fail("default", "one of the values")
    return default


def _change(
    part: Fields, scores: Mapping[str, ScoreDefinition], fields: Fields, questionnaire: Questionnaire
) -> Change:
    part.refuse_others(CHANGE_ELEMENTS)
    by_percent = "percentOfBaseline" in part
    mic = read_value(part, "minPoints" if by_percent else "mic")
    if isinstance(mic, str) or mic <= 0 or by_percent is ("mic" in part) or by_percent is not ("minPoints" in part):
        raise part.fail("mic", "points above 0: mic alone, or minPoints with percentOfBaseline")
    real = read_value(part, "real") if "real" in part else None
    if real is not None and (real != SAME if isinstance(real, str) else real < mic):
        raise part.fail("real", f"points from the smallest important change up, or {SAME},")
    same_items = part.texts("sameItems") if "sameItems" in part else ()
    if not questionnaire.by_link_id.keys() >= set(same_items):
        raise part.fail("sameItems", "items of the questionnaire")
    return Change(
        score=part.one_of("score", list(scores)),
        mic=Fraction(mic),
        percent=part.integer("percentOfBaseline") if by_percent else 0,
        real=None if real is None or isinstance(real, str) else Fraction(real),
        real_is_mic=real == SAME,
        on_display=part.one_of("on", ("value", "display")) == "display",
        same_items=same_items,
        higher_is_worse=fields.text("polarity") == HIGHER_IS_WORSE,
        direction=_direction(part, fields),
    )


def _direction(part: Fields, fields: Fields) -> str:
    """Read the parameter that tells the direction; its values are the words for it."""
    if "direction" not in part:
        return ""
    name = part.part("direction").one_of("param", list(fields.raw.get("parameters", {})))
    if sorted(fields.part("parameters").part(name).raw.get("values", [])) != sorted(POLARITIES):
        raise part.fail("direction", f"a parameter with the values {', '.join(POLARITIES)}")
    return name


def _scores(fields: Fields, questionnaire: Questionnaire) -> Iterable[ScoreDefinition]:
    parts = fields.parts("scores")
    ids = [part.text("id") for part in parts]
    if not ids or len(set(ids)) != len(ids):
        raise fields.fail("scores", "at least one score, each id once,")
    return [_score(part, questionnaire) for part in parts]


def _score(part: Fields, questionnaire: Questionnaire) -> ScoreDefinition:
    part.refuse_others(SCORE_ELEMENTS)
    op = part.one_of("op", list(OPERATIONS))
    is_number = part.one_of("type", (OPERATIONS[op].kind,)) == "number"
    missing = _missing(part.part("missing"), questionnaire)
    ends = part.integers("range") if is_number else ()
    if is_number and len(ends) != len(("lowest", "highest")):
        raise part.fail("range", "lowest and highest value")
    bands = part.parts("bands")
    words = bands if is_number else part.parts("labels")
    return ScoreDefinition(
        id=part.text("id"),
        op=op,
        offset=part.integer("offset") if "offset" in part else 0,
        items=tuple(_scored_item(part, link_id, questionnaire) for link_id in part.texts("items")),
        missing=missing,
        ends=(ends[0], ends[1]) if is_number else None,
        codes=() if is_number else part.texts("range"),
        decimals=part.integer("decimals") if is_number else 0,
        bands=tuple(Band(band.text("code"), read_condition(band.part("when"))) for band in bands),
        label=part.bilingual("label"),
        words=MappingProxyType({word.text("code"): _words(word) for word in words}),
        code=_code(part.part("code")) if "code" in part else None,
        unit=part.text("unit") if is_number else "",
    )


def _words(part: Fields) -> BandLabel:
    part.refuse_others(("code", "when", "clinician", "patient"))
    return BandLabel(part.bilingual("clinician"), part.bilingual("patient"))


def _code(part: Fields) -> tuple[str, str, str]:
    part.refuse_others(("system", "code", "display"))
    return part.text("system"), part.text("code"), part.text("display")


def _scored_item(part: Fields, link_id: str, questionnaire: Questionnaire) -> ScoredItem:
    item = questionnaire.by_link_id.get(link_id)
    if item is None:
        raise ContentError(f"{part.where}.items: the questionnaire has no item {link_id}")
    points = {(one.system, one.code): one.points for one in item.options if one.points is not None}
    return ScoredItem(link_id, MappingProxyType(points))


def _missing(part: Fields, questionnaire: Questionnaire) -> MissingRule:
    part.refuse_others(("strategy", "minAnswered", "threshold", "gate"))
    gate = part.text("gate") if "gate" in part else None
    if gate is not None and gate not in questionnaire.by_link_id:
        raise part.fail("gate", "an item of the questionnaire")
    return MissingRule(
        strategy=part.one_of("strategy", list(STRATEGIES)),
        min_answered=_setting(part, "minAnswered"),
        threshold=_setting(part, "threshold"),
        gate=gate,
    )


def _setting(part: Fields, name: str) -> Setting:
    if name not in part:
        return 0
    return part.part(name).text("param") if isinstance(part.raw[name], dict) else part.integer(name)

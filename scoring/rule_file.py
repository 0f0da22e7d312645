"""Reads a rule file, bound to its questionnaire version, and compiles it."""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType

from kernel.errors import UnknownQuestionnaireError
from questionnaires.content_file import Fields
from questionnaires.enablement import conditional_items
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry, version_key
from scoring.change import HIGHER_IS_WORSE, Change
from scoring.condition import Params, read_value
from scoring.points import read_points
from scoring.result import RuleVersion
from scoring.rule import ScoreDefinition, ScoringRule, Values
from scoring.score_file import read_score

ELEMENTS = (
    *("id", "version", "questionnaire", "title", "status", "approval", "sheet", "sources", "licence", "polarity"),
    *("parameters", "recode", "reverse", "scores", "change", "vectors", "sendable", "whyNotSendable"),
)
CHANGE_ELEMENTS = (
    *("score", "on", "mic", "percentOfBaseline", "minPoints", "real", "sameItems", "direction", "status"),
)
POLARITIES = (HIGHER_IS_WORSE, "higher-is-better")
SAME = "same"
NEVER_SENDABLE = re.compile(r"\bunverified\b|^recalled\b")
"""Words of a status that say that the scoring itself was not found in a source."""
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
    if fields.text("id") != questionnaire.id:
        raise fields.fail("id", f"{questionnaire.id}, the name of its questionnaire,")
    allowed, params = read_parameters(fields)
    scores = _scores(fields, questionnaire)
    items = {item.link_id for one in scores.values() for item in one.items}
    return ScoringRule(
        version=version_of(fields, raw),
        questionnaire=questionnaire.canonical,
        title=fields.bilingual("title"),
        polarity=fields.one_of("polarity", POLARITIES),
        scores=scores,
        allowed=allowed,
        params=params,
        change=_change(fields.part("change"), scores, fields, questionnaire) if "change" in fields else None,
        conditional=not items.isdisjoint(conditional_items(questionnaire.items)),
        approval=approval_of(fields),
        unsendable=_unsendable(fields),
    )


def _unsendable(fields: Fields) -> str:
    """Read why patients may not be asked; scoring that is not verified needs such a reason."""
    if fields.raw.get("sendable", True) is True:
        if NEVER_SENDABLE.search(fields.text("status")):
            raise fields.fail("sendable", "false, because the status says that the scoring is not verified,")
        fields.refuse_others([name for name in fields.raw if name != "whyNotSendable"])
        return ""
    fields.flag("sendable")
    return fields.text("whyNotSendable")


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


def read_parameters(fields: Fields) -> tuple[Mapping[str, Values], Params]:
    """Read the parameters of a rule: allowed values, all numbers or all words, and defaults."""
    parts = {name: fields.part("parameters").part(name) for name in fields.raw.get("parameters", {})}
    allowed = {name: _values(part) for name, part in parts.items()}
    defaults = {name: _default(part, allowed[name]) for name, part in parts.items()}
    return MappingProxyType(allowed), MappingProxyType(defaults)


def _values(part: Fields) -> Values:
    part.refuse_others(("values", "default", "status"))
    values = part.raw.get("values")
    are_words = isinstance(values, list) and all(isinstance(value, str) for value in values)
    return part.texts("values") if are_words else part.integers("values")


def _default(part: Fields, allowed: Values) -> str | int:
    default: str | int = part.text("default") if isinstance(allowed[0], str) else part.integer("default")
    if default not in allowed:
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
        mic=mic,
        percent=part.integer("percentOfBaseline") if by_percent else 0,
        real=None if real is None or isinstance(real, str) else real,
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


def _scores(fields: Fields, questionnaire: Questionnaire) -> Mapping[str, ScoreDefinition]:
    parts = fields.parts("scores")
    ids = [part.text("id") for part in parts]
    if not ids or len(set(ids)) != len(ids):
        raise fields.fail("scores", "at least one score, each id once,")
    points = read_points(fields, questionnaire)
    scores: dict[str, ScoreDefinition] = {}
    for part in parts:
        scores[part.text("id")] = read_score(part, questionnaire, points, scores)
    return MappingProxyType(scores)

"""Reads from a rule file what an unanswered item means for a score."""

from collections.abc import Collection
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.model import Questionnaire
from scoring.missing import STRATEGIES, MissingRule, Setting

MISSING_ELEMENTS = ("strategy", "minAnswered", "threshold", "gate", "needs", "requires")
COMBINED_STRATEGIES = ("inputs", "rows", "all-completions")


def read_missing(part: Fields, questionnaire: Questionnaire, earlier: Collection[str]) -> MissingRule:
    """Read how gaps are treated.

    Args:
        part: the element `missing` of a score.
        questionnaire: whose items it is about.
        earlier: ids of the scores before it, which alone it may require.

    Raises:
        ContentError: names the field.
    """
    if "byParam" not in part:
        return _missing(part, questionnaire, earlier)
    part.refuse_others(("byParam", "variants"))
    variants = part.part("variants")
    known = {name: _missing(variants.part(name), questionnaire, ()) for name in variants.raw}
    if any(rule.gate for rule in known.values()):
        raise part.fail("variants", "no gate, which holds for all of them or not at all,")
    return MissingRule("", by_param=part.text("byParam"), variants=MappingProxyType(known))


def _missing(part: Fields, questionnaire: Questionnaire, earlier: Collection[str]) -> MissingRule:
    part.refuse_others(MISSING_ELEMENTS)
    gate = part.text("gate") if "gate" in part else None
    if gate is not None and gate not in questionnaire.by_link_id:
        raise part.fail("gate", "an item of the questionnaire")
    requires = part.texts("requires") if "requires" in part else ()
    if not set(requires) <= set(earlier):
        raise part.fail("requires", "earlier scores of the rule")
    return MissingRule(
        strategy=part.one_of("strategy", [*STRATEGIES, *COMBINED_STRATEGIES]),
        min_answered=_setting(part, "minAnswered"),
        threshold=_setting(part, "threshold"),
        gate=gate,
        requires=requires,
    )


def _setting(part: Fields, name: str) -> Setting:
    if name not in part:
        return 0
    return part.part(name).text("param") if isinstance(part.raw[name], dict) else part.integer(name)

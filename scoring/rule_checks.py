"""What must hold in a rule before it may score: every value that can come up is walked, so a gap stops the start."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from types import MappingProxyType

from kernel.errors import ContentError, InvalidResponseError
from questionnaires.content_file import Fields
from questionnaires.enablement import conditional_items
from questionnaires.model import Item, ItemType, Questionnaire
from questionnaires.plain import read_plain
from questionnaires.plan import ResponsePlan
from scoring.condition import Params
from scoring.operations import OPERATIONS, Result, Tally
from scoring.result import Score
from scoring.rule import ScoreDefinition, ScoringRule
from scoring.scores import result_of, score

SETTING_OF = MappingProxyType({"impute-mean": "min_answered", "known-from": "threshold"})
ITEM_TYPES = MappingProxyType({ItemType.INTEGER: "integer", ItemType.CHOICE: "choice", ItemType.BOOLEAN: "boolean"})


def check_rule(rule: ScoringRule, questionnaire: Questionnaire) -> None:
    """Check a compiled rule.

    Raises:
        ContentError: an item cannot be scored so, the reachable values are not the declared ones, or a value lies in
            no band or in two.

    Source: docs/architecture.md section 3.
    """
    for definition in rule.scores.values():
        where = f"rule {rule.version.id}: {definition.id}"
        _check_items(definition, questionnaire, where)
        _check_settings(definition, rule, where)
        _check_words(definition, where)
        _check_reach(definition, rule, questionnaire, where)


def _check_items(definition: ScoreDefinition, questionnaire: Questionnaire, where: str) -> None:
    operation = OPERATIONS[definition.op]
    items = [questionnaire.by_link_id[item.link_id] for item in definition.items]
    if any(item.type not in operation.takes or item.repeats for item in items):
        raise ContentError(f"{where}: {definition.op} cannot use one of its items")
    if operation.single and len(items) != 1:
        raise ContentError(f"{where}: {definition.op} reads exactly one item")
    if definition.offset and not operation.single:
        raise ContentError(f"{where}: an offset belongs to a single item")
    if any(
        item.type is ItemType.CHOICE and not known.points for item, known in zip(items, definition.items, strict=True)
    ):
        raise ContentError(f"{where}: a choice without points cannot be scored")
    if any(item.type is ItemType.INTEGER and (item.min_value is None or item.max_value is None) for item in items):
        raise ContentError(f"{where}: a scored number needs minValue and maxValue")
    gate = definition.missing.gate
    if gate is not None and questionnaire.by_link_id[gate].type is not ItemType.BOOLEAN:
        raise ContentError(f"{where}: a gate is a yes/no item")


def _check_settings(definition: ScoreDefinition, rule: ScoringRule, where: str) -> None:
    missing = definition.missing
    for setting in (missing.min_answered, missing.threshold):
        if isinstance(setting, str) and setting not in rule.params:
            raise ContentError(f"{where}: no parameter {setting}")
    needed = SETTING_OF.get(missing.strategy)
    for name in SETTING_OF.values():
        if (getattr(missing, name) != 0) is not (name == needed):
            raise ContentError(f"{where}: {missing.strategy} and {name} do not go together")
    gives_code = OPERATIONS[definition.op].kind == "category"
    if gives_code is not (missing.strategy == "any"):
        raise ContentError(f"{where}: {definition.op} and {missing.strategy} do not go together")


def _check_words(definition: ScoreDefinition, where: str) -> None:
    codes = [band.code for band in definition.bands] or list(definition.codes)
    if sorted(definition.words) != sorted(codes):
        raise ContentError(f"{where}: each band or category has one code and one label")
    if definition.decimals < 0:
        raise ContentError(f"{where}: decimals cannot be negative")
    if any(band.when.otherwise or band.when.names() - {definition.id} for band in definition.bands):
        raise ContentError(f"{where}: a band looks at its own score only")


def _check_reach(definition: ScoreDefinition, rule: ScoringRule, questionnaire: Questionnaire, where: str) -> None:
    reached: set[Result] = set()
    for params in _all_params(rule):
        results = {result_of(definition, tally, params) for tally in reachable(definition, questionnaire)}
        known = {result for result in results if result is not None}
        _check_bands(definition, known, params, where)
        reached |= known
    if definition.ends is None:
        if reached != set(definition.codes):
            raise ContentError(f"{where}: it gives other codes than declared")
        return
    numbers = [value for value in reached if isinstance(value, Fraction)]
    lowest, highest = definition.ends
    if min(numbers) != lowest or max(numbers) != highest:
        raise ContentError(f"{where}: it gives {min(numbers)} to {max(numbers)}, another range than declared")


def _all_params(rule: ScoringRule) -> Iterator[Params]:
    for values in product(*rule.allowed.values()):
        yield dict(zip(rule.allowed, values, strict=True))


def _check_bands(definition: ScoreDefinition, values: set[Result], params: Params, where: str) -> None:
    if not definition.bands:
        return
    found: set[str] = set()
    for value in values:
        codes = [band.code for band in definition.bands if band.when.holds({definition.id: value}, params)]
        if len(codes) != 1:
            raise ContentError(f"{where}: {value} lies in {len(codes)} bands")
        found.update(codes)
    if len(found) != len(definition.bands):
        raise ContentError(f"{where}: a band holds no value that can come up")


def reachable(definition: ScoreDefinition, questionnaire: Questionnaire) -> set[Tally]:
    """List every tally that answers to the questionnaire can give, gaps and unasked items included."""
    conditional = conditional_items(questionnaire.items)
    states = {(0, 0, 0)}
    for scored in definition.items:
        item = questionnaire.by_link_id[scored.link_id]
        points = set(scored.points.values()) or _points(item)
        answered = {(total + more, given + 1, gaps) for total, given, gaps in states for more in points}
        gap = {(total, given, gaps + 1) for total, given, gaps in states}
        states = answered | gap | (states if scored.link_id in conditional else set())
    gates = (None,) if definition.missing.gate is None else (None, 0, 1)
    return {Tally(*state, gate) for state in states for gate in gates}


def _points(item: Item) -> set[int]:
    if item.min_value is None or item.max_value is None:
        return {0, 1}
    return set(range(item.min_value, item.max_value + 1))


def check_vectors(rule: ScoringRule, fields: Fields, plan: ResponsePlan) -> None:
    """Score the vectors that the file brings, and compare exactly.

    Raises:
        ContentError: none is there, or one gives something else.
    """
    vectors = fields.parts("vectors")
    if not vectors:
        raise fields.fail("vectors", "at least one vector")
    for vector in vectors:
        vector.refuse_others(("answers", "params", "scores"))
        params = vector.part("params").raw if "params" in vector else {}
        try:
            checked = read_plain(plan, vector.part("answers").raw)
        except InvalidResponseError as error:
            raise ContentError(f"{vector.where}: {error.text}") from error
        given = {one.id: _told(one) for one in score(rule, plan.questionnaire, checked, params=params).scores}
        if given != vector.part("scores").raw:
            raise ContentError(f"{vector.where}: the rule gives something else")


def _told(one: Score) -> Mapping[str, object]:
    return {
        "value": None if one.value is None else str(one.value),
        "display": one.display,
        "band": one.band,
        "estimated": one.estimated,
        "answered": one.answered,
        "missing": one.missing,
        "reason": one.reason,
    }

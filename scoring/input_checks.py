"""Checks that an input of a table has the domain of what it reads: loader rule T1 for inputs."""

from collections.abc import Mapping

from kernel.errors import ContentError
from scoring.decision import DECIDABLE
from scoring.number import Number
from scoring.rule import ScoreDefinition, ScoringRule
from scoring.table_input import CodeMap, TableInput
from scoring.uses import VERDICTS

YES_NO = frozenset({"no", "yes"})
SYSTEM_CODES: Mapping[str, frozenset[str]] = {"assessed": YES_NO, "clinician": frozenset(DECIDABLE)}


def check_input(one: TableInput, rules: Mapping[str, ScoringRule], where: str) -> None:
    """Check an input against what its source gives; what fills a slot is checked with each programme.

    Args:
        rules: newest rule of each questionnaire, by the questionnaire's short name.
        where: table and input, for the error.

    Raises:
        ContentError: T1.
    """
    source = one.source
    if source.use == "system":
        if set(one.codes) != SYSTEM_CODES[source.score]:
            raise ContentError(f"{where}: T1: its domain is {' and '.join(sorted(SYSTEM_CODES[source.score]))}")
        return
    for questionnaire, codes in source.maps.items():
        _check_map(one, codes, _definition(rules, questionnaire, codes.score, where), where)
    if source.questionnaire:
        check_produced(one, source.questionnaire, rules, where)


def check_produced(one: TableInput, questionnaire: str, rules: Mapping[str, ScoringRule], where: str) -> None:
    """Check that a questionnaire gives what an input reads.

    Args:
        questionnaire: short name.

    Raises:
        ContentError: T1.
    """
    source = one.source
    if source.maps:
        if questionnaire not in source.maps:
            raise ContentError(f"{where}: T1: no map for {questionnaire}")
        return
    if source.use in VERDICTS:
        _check_verdict(one, rules.get(questionnaire), where)
        return
    definition = _definition(rules, questionnaire, source.score, where)
    if source.use == "new-since-baseline" and set(definition.codes) != YES_NO:
        raise ContentError(f"{where}: T1: what is new must be a yes/no score")
    if (one.ends, frozenset(one.codes)) != (_ends(definition, source.use), frozenset(definition.codes)):
        raise ContentError(f"{where}: T1: its domain is not what its source can give")


def _check_verdict(one: TableInput, rule: ScoringRule | None, where: str) -> None:
    change = None if rule is None else rule.change
    if change is None or (one.source.use == "real-worse" and not change.knows_real):
        raise ContentError(f"{where}: T1: the instrument has no rule for this change")
    if set(one.codes) != YES_NO:
        raise ContentError(f"{where}: T1: its domain is no and yes")


def _check_map(one: TableInput, codes: CodeMap, definition: ScoreDefinition, where: str) -> None:
    given = definition.codes or tuple(band.code for band in definition.bands)
    if set(codes.codes) != set(given) or not set(codes.codes.values()) <= set(one.codes):
        raise ContentError(f"{where}: T1: its map must name every code of {definition.id}")


def _definition(rules: Mapping[str, ScoringRule], questionnaire: str, score: str, where: str) -> ScoreDefinition:
    rule = rules.get(questionnaire)
    definition = rule.scores.get(score) if rule else None
    if definition is None:
        raise ContentError(f"{where}: T1: no rule gives {questionnaire}.{score}")
    if definition.kind == "vector":
        raise ContentError(f"{where}: T1: {score} is a vector, which no condition can look at")
    return definition


def _ends(definition: ScoreDefinition, use: str) -> tuple[Number, Number] | None:
    if definition.ends is None or use == "current":
        return definition.ends
    width = definition.ends[1] - definition.ends[0]
    return (0 if use == "rise" else -width, width)

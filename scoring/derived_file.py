"""Reads the file of a derived score, binds it to the rules that it reads, and checks it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.combination import first_match
from scoring.condition import Value, read_value
from scoring.derived import DerivedInput, DerivedRule, derive
from scoring.missing import MissingRule
from scoring.reach_checks import all_params
from scoring.result import Score
from scoring.rule import ScoreDefinition, ScoringRule
from scoring.rule_checks import check_params, check_params_used, check_words, told
from scoring.rule_file import approval_of, read_parameters, version_of
from scoring.score_file import read_definition

ELEMENTS = (
    *("id", "version", "title", "status", "approval", "sheet", "sources", "licence", "inputs", "parameters"),
    *("score", "vectors"),
)
SCORE_ELEMENTS = ("id", "type", "op", "missing", "range", "label", "labels", "rows")


def read_derived(fields: Fields, raw: bytes, rules: Mapping[str, ScoringRule]) -> DerivedRule:
    """Compile a derived score.

    Args:
        fields: the file.
        raw: its bytes, for the hash.
        rules: questionnaire short name -> newest rule.

    Raises:
        ContentError: names the field, the score that no rule gives, the row that never matches first, or the vector
            that comes out otherwise.
    """
    fields.refuse_others(ELEMENTS)
    inputs = {part.text("name"): _input(part, rules) for part in fields.parts("inputs")}
    allowed, params = read_parameters(fields)
    rule = DerivedRule(
        version=version_of(fields, raw),
        title=fields.bilingual("title"),
        inputs=MappingProxyType(inputs),
        definition=_definition(fields.part("score"), inputs),
        allowed=allowed,
        params=params,
        approval=approval_of(fields),
    )
    where = f"rule {rule.version.id}"
    check_words(rule.definition, where)
    check_params(rule.definition, allowed, where)
    check_params_used((rule.definition,), allowed, where)
    _check_rows(rule, rules, where)
    _check_vectors(rule, fields)
    return rule


def _input(part: Fields, rules: Mapping[str, ScoringRule]) -> DerivedInput:
    part.refuse_others(("name", "questionnaire", "score"))
    known = rules.get(part.text("questionnaire"))
    if known is None or part.text("score") not in known.scores:
        raise part.fail("score", "a score of the newest rule of that questionnaire")
    return DerivedInput(part.text("name"), part.text("questionnaire"), part.text("score"))


def _definition(part: Fields, inputs: Mapping[str, DerivedInput]) -> ScoreDefinition:
    part.refuse_others(SCORE_ELEMENTS)
    part.one_of("op", ("decision",))
    part.part("missing").refuse_others(("strategy",))
    strategy = part.part("missing").one_of("strategy", ("rows",))
    return read_definition(part, (), MissingRule(strategy), dict.fromkeys(inputs, 0))


def _check_rows(rule: DerivedRule, rules: Mapping[str, ScoringRule], where: str) -> None:
    """Walk every edge of every input: each row matches first somewhere, and gives only codes that are declared."""
    rows = rule.definition.rows
    grid = [_edges(one.name, rules[one.questionnaire].scores[one.score], rule) for one in rule.inputs.values()]
    found = {
        id(first_match(rows, dict(zip(rule.inputs, values, strict=True)), params))
        for params in all_params(rule.allowed)
        for values in product(*grid)
    }
    if len(found) != len(rows):
        raise ContentError(f"{where}: a row never matches first")
    if {row.code for row in rows} - {None} != set(rule.definition.codes):
        raise ContentError(f"{where}: it gives other codes than declared")


def _edges(name: str, read: ScoreDefinition, rule: DerivedRule) -> Sequence[Value | None]:
    """List nothing, both ends, and each limit with its neighbours; of a category every code."""
    if read.ends is None:
        return None, *read.codes
    lowest, highest = read.ends
    atoms = [atom for row in rule.definition.rows for atoms in row.when.alternatives for atom in atoms]
    limits = [atom.value for atom in atoms if atom.name == name and isinstance(atom.value, int | Fraction)]
    near = {limit + step for limit in limits for step in (-1, 0, 1)} | {lowest, highest}
    return None, *(value for value in near if lowest <= value <= highest)


def _check_vectors(rule: DerivedRule, fields: Fields) -> None:
    vectors = fields.parts("vectors")
    if not vectors:
        raise fields.fail("vectors", "at least one vector")
    for vector in vectors:
        vector.refuse_others(("inputs", "params", "score"))
        given = vector.part("inputs")
        if not given.raw.keys() <= rule.inputs.keys():
            raise vector.fail("inputs", "inputs of this score")
        scores = {name: _score(name, read_value(given, name)) for name in given.raw}
        made = derive(rule, scores, params=vector.part("params").raw if "params" in vector else None)
        if told(made) != vector.part("score").raw:
            raise ContentError(f"{vector.where}: the rule gives something else")


def _score(name: str, value: Value) -> Score:
    """Write a given value as the score that it stands for."""
    if isinstance(value, str):
        return Score(name, None, None, value, estimated=False, answered=1, missing=0)
    return Score(name, value, str(value), None, estimated=False, answered=1, missing=0)

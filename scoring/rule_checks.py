"""What must hold in a rule before it may score: every value that can come up is walked, so a gap stops the start."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from kernel.errors import ContentError, InvalidResponseError
from questionnaires.content_file import Fields
from questionnaires.model import ItemType, Questionnaire
from questionnaires.plain import read_plain
from questionnaires.plan import ResponsePlan
from scoring.combination import COMBINATIONS
from scoring.missing import OF_GAPS, SETTING_OF, MissingRule
from scoring.operations import OPERATIONS, WHOLE
from scoring.reach import bases_of
from scoring.reach_checks import check_reach
from scoring.result import Score
from scoring.rule import ScoreDefinition, ScoringRule, Values
from scoring.scores import score
from scoring.walk import Walk

SETTINGS = ("min_answered", "threshold")


def check_rule(rule: ScoringRule, walk: Walk) -> None:
    """Check a rule.

    Args:
        rule: as it was read.
        walk: over what answers to its questionnaire can make of it.

    Raises:
        ContentError: an item cannot be scored so, the reachable values are not the declared ones, or a value lies in
            no band or in two.

    Source: docs/architecture.md section 3.
    """
    questionnaire = walk.questionnaire
    for definition in rule.scores.values():
        where = f"rule {rule.version.id}: {definition.id}"
        if definition.reads:
            _check_reads(definition, rule, where)
        else:
            _check_items(definition, questionnaire, where)
        check_params(definition, rule.allowed, where)
        for missing in definition.missing.all():
            _check_missing(definition, missing, questionnaire, where)
            _check_requires(definition, [rule.scores[name] for name in missing.requires], where)
        check_words(definition, where)
        check_reach(definition, rule, walk, where)
    direction = {rule.change.direction} if rule.change is not None else set()
    check_params_used(rule.scores.values(), rule.allowed.keys() - direction, f"rule {rule.version.id}")


def _check_items(definition: ScoreDefinition, questionnaire: Questionnaire, where: str) -> None:
    operation = OPERATIONS[definition.op]
    items = [questionnaire.by_link_id[item.link_id] for item in definition.items]
    if any(item.type not in operation.takes or item.repeats for item in items):
        raise ContentError(f"{where}: {definition.op} cannot use one of its items")
    if operation.single and len(items) != 1:
        raise ContentError(f"{where}: {definition.op} reads exactly one item")
    if any(
        item.type is ItemType.CHOICE and not known.points for item, known in zip(items, definition.items, strict=True)
    ):
        raise ContentError(f"{where}: a choice without points cannot be scored")
    if any(len({code for _, code in known.points}) != len(known.points) for known in definition.items):
        raise ContentError(f"{where}: options of a scored choice need codes that differ")
    if any(not item.possible for item in definition.items):
        raise ContentError(f"{where}: a scored number needs minValue and maxValue")
    if operation.by_place and any(min(item.possible) < 1 for item in definition.items):
        raise ContentError(f"{where}: {definition.op} writes points from 0 up")


def _check_reads(definition: ScoreDefinition, rule: ScoringRule, where: str) -> None:
    """Check that a score of scores stands on scores of items, and counts exactly their items."""
    read = [rule.scores[name] for name in definition.reads]
    deep = [rule.scores[name] for one in read for name in one.reads]
    if definition.is_bounds:
        if not read[0].rows or any(one.missing.strategy != "strict" or one.missing.requires for one in deep):
            raise ContentError(f"{where}: {definition.op} completes a decision on strict scores")
    elif deep:
        raise ContentError(f"{where}: {definition.op} reads scores of items only")
    elif definition.is_lookup:
        _check_table(definition, read[0], where)
    elif not definition.rows and not definition.constants.highest:
        raise ContentError(f"{where}: {definition.op} reads a number above 0")
    bases = bases_of(definition, rule.scores)
    if {item.link_id for item in definition.items} != {item.link_id for base in bases for item in base.items}:
        raise ContentError(f"{where}: its items are those of the scores that it reads")


def _check_missing(definition: ScoreDefinition, missing: MissingRule, questionnaire: Questionnaire, where: str) -> None:
    gate = missing.gate
    if gate is not None and questionnaire.by_link_id[gate].type is not ItemType.BOOLEAN:
        raise ContentError(f"{where}: a gate is a yes/no item")
    needed = SETTING_OF.get(missing.strategy)
    for name in SETTINGS:
        if (getattr(missing, name) != 0) is not (name == needed):
            raise ContentError(f"{where}: {missing.strategy} and {name} do not go together")
    known = COMBINATIONS[definition.op] if definition.reads else OPERATIONS[definition.op]
    if missing.strategy not in known.strategies:
        raise ContentError(f"{where}: {definition.op} and {missing.strategy} do not go together")


def _check_table(definition: ScoreDefinition, read: ScoreDefinition, where: str) -> None:
    """Check that a table has every value of the score that it looks up, which are whole numbers."""
    if definition.table is None:
        return
    is_whole = read.op in WHOLE and read.missing.strategy == "strict" and read.ends is not None
    lowest, highest = read.ends or (0, 0)
    if not is_whole or definition.table.keys() != set(range(int(lowest), int(highest) + 1)):
        raise ContentError(f"{where}: its table has one value for each value of {read.id}")


def _check_requires(definition: ScoreDefinition, required: Sequence[ScoreDefinition], where: str) -> None:
    """Check that gaps alone, in the score's own items, decide about the scores that it requires."""
    own = {item.link_id for item in definition.items}
    for one in required:
        counts_gaps = all(rule.strategy in OF_GAPS and not rule.requires for rule in one.missing.all())
        if not counts_gaps or not {item.link_id for item in one.items} <= own:
            raise ContentError(f"{where}: it requires a score of some of its items whose gaps alone decide")


def check_params(definition: ScoreDefinition, allowed: Mapping[str, Values], where: str) -> None:
    """Check that every parameter that a score names is there, with the values that it expects.

    Raises:
        ContentError: it is not.
    """
    for missing in definition.missing.all():
        for setting in (missing.min_answered, missing.threshold):
            if isinstance(setting, str) and not all(isinstance(one, int) for one in allowed.get(setting, ("",))):
                raise ContentError(f"{where}: no parameter {setting} of numbers")
    chooser = definition.missing.by_param
    if chooser and sorted(definition.missing.variants) != sorted(map(str, allowed.get(chooser, ()))):
        raise ContentError(f"{where}: one variant for each value of {chooser} is expected")
    conditions = [*(band.when for band in definition.bands), *(row.when for row in definition.rows)]
    for atom in (atom for when in conditions for atoms in when.alternatives for atom in atoms if atom.is_param):
        if atom.value not in allowed.get(atom.name, ()):
            raise ContentError(f"{where}: the parameter {atom.name} is never {atom.value}")


def check_params_used(definitions: Iterable[ScoreDefinition], params: Collection[str], where: str) -> None:
    """Check that each parameter makes a difference: one that nothing reads would be chosen and stored in vain.

    Raises:
        ContentError: one does not.
    """
    unused = sorted(set(params).difference(*(_params_of(definition) for definition in definitions)))
    if unused:
        raise ContentError(f"{where}: nothing reads the parameter {', '.join(unused)}")


def _params_of(definition: ScoreDefinition) -> set[str]:
    rules = definition.missing.all()
    settings = {one for rule in rules for one in (rule.min_answered, rule.threshold) if isinstance(one, str)}
    conditions = [*(band.when for band in definition.bands), *(row.when for row in definition.rows)]
    atoms = (atom for when in conditions for atoms in when.alternatives for atom in atoms)
    return {definition.missing.by_param, *settings, *(atom.name for atom in atoms if atom.is_param)}


def check_words(definition: ScoreDefinition, where: str) -> None:
    """Check that each band and category has its words, and that conditions look where they may.

    Raises:
        ContentError: they do not.
    """
    codes = [band.code for band in definition.bands] or list(definition.codes)
    if sorted(definition.words) != sorted(codes) and not definition.pattern:
        raise ContentError(f"{where}: each band or category has one code and one label")
    if definition.decimals < 0:
        raise ContentError(f"{where}: decimals cannot be negative")
    if any(band.when.otherwise or band.when.names() - {definition.id} for band in definition.bands):
        raise ContentError(f"{where}: a band looks at its own score only")
    if definition.rows and [row.when.otherwise for row in definition.rows] != [False] * (len(definition.rows) - 1) + [
        True
    ]:
        raise ContentError(f"{where}: exactly one otherwise row, the last, is expected")


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
        given = {one.id: told(one) for one in score(rule, plan.questionnaire, checked, params=params).scores}
        if given != vector.part("scores").raw:
            raise ContentError(f"{vector.where}: the rule gives something else")


def told(one: Score) -> Mapping[str, object]:
    """Tell a score in the form of vectors."""
    return {
        "value": one.exact,
        "display": one.display,
        "band": one.band,
        "estimated": one.estimated,
        "answered": one.answered,
        "missing": one.missing,
        "reason": one.reason,
    }

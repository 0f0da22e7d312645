"""Reads one score of a rule file and compiles it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Item, ItemType, Questionnaire
from scoring.combination import COMBINATIONS, Choice
from scoring.condition import read_condition
from scoring.missing import STRATEGIES, MissingRule, Setting
from scoring.operations import OPERATIONS, Constants
from scoring.rule import Band, BandLabel, ScoreDefinition, ScoredItem

SCORE_ELEMENTS = (
    *("id", "type", "op", "offset", "cut", "multiply", "of", "items", "missing", "range", "decimals", "unit"),
    *("label", "code", "bands", "bandsOn", "rows", "inputsOn", "labels", "use"),
)
MISSING_ELEMENTS = ("strategy", "minAnswered", "threshold", "gate", "needs")
COMBINED_STRATEGIES = ("inputs", "rows", "all-completions")
USES = ("internal", "variant")


@dataclass(frozen=True, slots=True)
class Points:
    """What becomes of points before any score is computed.

    Args:
        recode: linkId -> points of an option -> points that count.
        reverse: linkId -> number that the points are taken from.
    """

    recode: Mapping[str, Mapping[int, int]]
    reverse: Mapping[str, int]

    def counted(self, link_id: str, points: int) -> int:
        """Give the points that count."""
        if link_id in self.reverse:
            return self.reverse[link_id] - points
        return self.recode[link_id][points] if link_id in self.recode else points


def read_points(fields: Fields, questionnaire: Questionnaire) -> Points:
    """Read `recode` and `reverse` of a rule.

    Raises:
        ContentError: an item that is no choice, or a recoding that forgets an option.
    """
    recode = {name: _recoding(fields.part("recode"), name, questionnaire) for name in fields.raw.get("recode", {})}
    reverse = {name: fields.part("reverse").integer(name) for name in fields.raw.get("reverse", {})}
    for name in reverse:
        _choice(fields.part("reverse"), name, questionnaire)
    if not recode.keys().isdisjoint(reverse):
        raise fields.fail("recode", "an item that is not reversed too")
    return Points(MappingProxyType(recode), MappingProxyType(reverse))


def _choice(part: Fields, link_id: str, questionnaire: Questionnaire) -> Item:
    item = questionnaire.by_link_id.get(link_id)
    if item is None or item.type is not ItemType.CHOICE:
        raise part.fail(link_id, "a choice of the questionnaire")
    return item


def _recoding(part: Fields, link_id: str, questionnaire: Questionnaire) -> Mapping[int, int]:
    item, told = _choice(part, link_id, questionnaire), part.part(link_id)
    points = [option.points for option in item.options if option.points is not None]
    if sorted(told.raw) != sorted(map(str, points)):
        raise part.fail(link_id, "points for each option")
    return MappingProxyType({one: told.integer(str(one)) for one in points})


def read_score(
    part: Fields, questionnaire: Questionnaire, points: Points, earlier: Mapping[str, ScoreDefinition]
) -> ScoreDefinition:
    """Compile one score.

    Args:
        part: the score.
        questionnaire: whose items it reads.
        points: what becomes of points first.
        earlier: the scores before it, which alone it may read.

    Raises:
        ContentError: names the field.
    """
    part.refuse_others(SCORE_ELEMENTS)
    items = tuple(_scored_item(part, link_id, questionnaire, points) for link_id in part.texts("items"))
    missing = read_missing(part.part("missing"), questionnaire)
    highest = {name: 0 if one.ends is None else one.ends[1] for name, one in earlier.items()}
    return read_definition(part, items, missing, highest)


def read_definition(
    part: Fields, items: tuple[ScoredItem, ...], missing: MissingRule, earlier: Mapping[str, int]
) -> ScoreDefinition:
    """Compile what scores of items, scores of scores and derived scores have in common.

    Args:
        part: the score.
        items: scored items.
        missing: how gaps are treated.
        earlier: ids that it may read -> highest value, 0 for a category.
    """
    op = part.one_of("op", [*OPERATIONS, *COMBINATIONS])
    kind = OPERATIONS[op].kind if op in OPERATIONS else COMBINATIONS[op].kind
    is_number = part.one_of("type", (kind,)) == "number"
    ends = part.integers("range") if is_number else ()
    if is_number and len(ends) != len(("lowest", "highest")):
        raise part.fail("range", "lowest and highest value")
    bands = part.parts("bands")
    words = bands if is_number else part.parts("labels")
    rows = tuple(_row(row) for row in part.parts("rows"))
    definition = ScoreDefinition(
        id=part.text("id"),
        op=op,
        constants=Constants(),
        items=items,
        missing=missing,
        ends=(ends[0], ends[1]) if is_number else None,
        codes=() if is_number else part.texts("range"),
        decimals=part.integer("decimals") if is_number else 0,
        bands=tuple(Band(band.text("code"), read_condition(band.part("when"))) for band in bands),
        label=part.bilingual("label"),
        words=MappingProxyType({word.text("code"): _words(word) for word in words}),
        code=_code(part.part("code")) if "code" in part else None,
        unit=part.text("unit") if is_number else "",
        use=part.one_of("use", USES) if "use" in part else "",
        rows=rows,
        on_display=_on_display(part),
    )
    return _of_items(part, definition) if op in OPERATIONS else _of_scores(part, definition, earlier)


def _on_display(part: Fields) -> bool:
    told = [part.one_of(name, ("value", "display")) for name in ("bandsOn", "inputsOn") if name in part]
    return "display" in told


def _of_items(part: Fields, definition: ScoreDefinition) -> ScoreDefinition:
    """Read the numbers that an operation takes, and count instead of summing where it says so."""
    operation = OPERATIONS[definition.op]
    if "needs" in part.part("missing"):
        raise ContentError(f"{part.where}: {definition.op} takes no needs")
    for name in ("offset", "cut", "multiply", "of", "rows", "inputsOn"):
        if name in part and name not in operation.constants:
            raise ContentError(f"{part.where}: {definition.op} takes no {name}")
    items = definition.items
    if operation.counts is not None:
        cut, counts = part.integer("cut"), operation.counts
        items = tuple(_remade(item, {key: int(counts(one, cut)) for key, one in item.points.items()}) for item in items)
    constants = Constants(
        offset=part.integer("offset") if "offset" in part else 0,
        multiply=part.integer("multiply") if "multiply" in operation.constants else 1,
        highest=max((one for item in items for one in item.possible), default=0),
    )
    return replace(definition, items=items, constants=constants)


def _remade(item: ScoredItem, points: Mapping[tuple[str, str], int]) -> ScoredItem:
    return ScoredItem(item.link_id, MappingProxyType(points), frozenset(points.values()))


def _of_scores(part: Fields, definition: ScoreDefinition, earlier: Mapping[str, int]) -> ScoreDefinition:
    """Read which scores it is made of."""
    reads_rows = COMBINATIONS[definition.op].reads_rows
    for name in ("offset", "cut", "multiply", "bandsOn", *(("of",) if reads_rows else ("rows", "inputsOn"))):
        if name in part:
            raise ContentError(f"{part.where}: {definition.op} takes no {name}")
    if reads_rows and not definition.rows:
        raise part.fail("rows", "at least one row")
    needs = part.part("missing").texts("needs") if "needs" in part.part("missing") else None
    if not reads_rows:
        read = part.one_of("of", list(earlier))
        if needs not in (None, (read,)):
            raise part.fail("missing.needs", "the score in `of`")
        return replace(definition, reads=(read,), constants=Constants(highest=earlier[read]))
    named = sorted(set().union(*(row.when.names() for row in definition.rows)))
    reads = needs or tuple(one for one in earlier if one in named)
    if not set(named) <= set(reads) or not set(reads) <= set(earlier):
        raise part.fail("rows", "conditions on earlier scores of the rule, all of them in `needs`,")
    return replace(definition, reads=reads)


def _row(part: Fields) -> Choice:
    part.refuse_others(("code", "when"))
    code = part.text("code") if part.raw.get("code", "") is not None else None
    return Choice(code, read_condition(part.part("when")))


def _words(part: Fields) -> BandLabel:
    part.refuse_others(("code", "when", "clinician", "patient"))
    return BandLabel(part.bilingual("clinician"), part.bilingual("patient"))


def _code(part: Fields) -> tuple[str, str, str]:
    part.refuse_others(("system", "code", "display"))
    return part.text("system"), part.text("code"), part.text("display")


def _scored_item(part: Fields, link_id: str, questionnaire: Questionnaire, points: Points) -> ScoredItem:
    item = questionnaire.by_link_id.get(link_id)
    if item is None:
        raise ContentError(f"{part.where}.items: the questionnaire has no item {link_id}")
    known = {
        (one.system, one.code): points.counted(link_id, one.points) for one in item.options if one.points is not None
    }
    return ScoredItem(link_id, MappingProxyType(known), _possible(item) if not known else frozenset(known.values()))


def _possible(item: Item) -> frozenset[int]:
    """List the points that an item without options can give; none where no limit is known."""
    if item.type is ItemType.BOOLEAN:
        return frozenset({0, 1})
    if item.min_value is None or item.max_value is None:
        return frozenset()
    return frozenset(range(item.min_value, item.max_value + 1))


def read_missing(part: Fields, questionnaire: Questionnaire) -> MissingRule:
    """Read how gaps are treated."""
    if "byParam" not in part:
        return _missing(part, questionnaire)
    part.refuse_others(("byParam", "variants"))
    variants = part.part("variants")
    known = {name: _missing(variants.part(name), questionnaire) for name in variants.raw}
    if any(rule.gate for rule in known.values()):
        raise part.fail("variants", "no gate, which holds for all of them or not at all,")
    return MissingRule("", by_param=part.text("byParam"), variants=MappingProxyType(known))


def _missing(part: Fields, questionnaire: Questionnaire) -> MissingRule:
    part.refuse_others(MISSING_ELEMENTS)
    gate = part.text("gate") if "gate" in part else None
    if gate is not None and gate not in questionnaire.by_link_id:
        raise part.fail("gate", "an item of the questionnaire")
    return MissingRule(
        strategy=part.one_of("strategy", [*STRATEGIES, *COMBINED_STRATEGIES]),
        min_answered=_setting(part, "minAnswered"),
        threshold=_setting(part, "threshold"),
        gate=gate,
    )


def _setting(part: Fields, name: str) -> Setting:
    if name not in part:
        return 0
    return part.part(name).text("param") if isinstance(part.raw[name], dict) else part.integer(name)

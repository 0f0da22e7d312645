"""Reads one score of a rule file and compiles it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Questionnaire
from scoring.combination import COMBINATIONS, Choice
from scoring.condition import FRACTION, read_condition
from scoring.missing import MissingRule
from scoring.missing_file import read_missing
from scoring.number import Number
from scoring.operations import OPERATIONS, Constants
from scoring.points import Points, for_operation, scored_item
from scoring.rule import Band, BandLabel, ScoreDefinition, ScoredItem

OF_SOME = ("offset", "cut", "multiply", "of", "bandsOn", "rows", "inputsOn", "decrements", "per", "table")
"""Elements that only some ways to compute take."""
SCORE_ELEMENTS = (
    *("id", "type", "op", "items", "missing", "range", "decimals", "unit", "label", "code", "bands", "labels", "use"),
    *OF_SOME,
)
USES = ("internal", "variant")


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
    items = tuple(scored_item(part, link_id, questionnaire, points) for link_id in part.texts("items"))
    missing = read_missing(part.part("missing"), questionnaire, earlier)
    # A vector is for people to read; no condition looks into it.
    readable = {name: one for name, one in earlier.items() if one.kind != "vector"}
    highest = {name: 0 if one.ends is None else one.ends[1] for name, one in readable.items()}
    return read_definition(part, items, missing, highest)


def read_definition(
    part: Fields, items: tuple[ScoredItem, ...], missing: MissingRule, earlier: Mapping[str, Number]
) -> ScoreDefinition:
    """Compile what scores of items, scores of scores and derived scores have in common.

    Args:
        part: the score.
        items: scored items.
        missing: how gaps are treated.
        earlier: ids that it may read -> highest value, 0 for a category.
    """
    op = part.one_of("op", [*OPERATIONS, *COMBINATIONS])
    kind = part.one_of("type", ((OPERATIONS if op in OPERATIONS else COMBINATIONS)[op].kind,))
    _refuse_foreign(part, op)
    bands = part.parts("bands")
    codes, pattern = _codes(part, op) if kind == "category" else ((), "")
    words = part.parts("labels") if kind == "category" else bands
    definition = ScoreDefinition(
        id=part.text("id"),
        op=op,
        kind=kind,
        constants=Constants(),
        items=items,
        missing=missing,
        ends=None if kind == "category" else _ends(part),
        codes=codes,
        pattern=pattern,
        decimals=part.integer("decimals") if kind == "number" else 0,
        bands=tuple(Band(band.text("code"), read_condition(band.part("when"))) for band in bands),
        label=part.bilingual("label"),
        words=MappingProxyType({word.text("code"): _words(word) for word in words}),
        code=_code(part.part("code")) if "code" in part else None,
        unit=part.text("unit") if kind == "number" else "",
        use=part.one_of("use", USES) if "use" in part else "",
        rows=tuple(_row(row) for row in part.parts("rows")),
        on_display=_on_display(part),
    )
    return for_operation(part, definition) if op in OPERATIONS else _of_scores(part, definition, earlier)


def _refuse_foreign(part: Fields, op: str) -> None:
    takes = (*OPERATIONS[op].constants, "bandsOn") if op in OPERATIONS else COMBINATIONS[op].takes
    for name in OF_SOME:
        if name in part and name not in takes:
            raise ContentError(f"{part.where}: {op} takes no {name}")
    if op in OPERATIONS and "needs" in part.part("missing"):
        raise ContentError(f"{part.where}: {op} takes no needs")
    if op in COMBINATIONS and "requires" in part.part("missing"):
        raise ContentError(f"{part.where}: {op} takes no requires")


def _ends(part: Fields) -> tuple[Number, Number]:
    told = part.raw.get("range")
    if not isinstance(told, list) or len(told) != len(("lowest", "highest")):
        raise part.fail("range", "lowest and highest value")
    return _number(part, told[0]), _number(part, told[1])


def _number(part: Fields, told: object) -> Number:
    if isinstance(told, str) and FRACTION.fullmatch(told):
        return Fraction(told)
    if type(told) is not int:
        raise part.fail("range", "lowest and highest value, whole or a fraction,")
    return told


def _codes(part: Fields, op: str) -> tuple[tuple[str, ...], str]:
    """Read the codes of a category; of a profile, whose codes are too many to list, their pattern."""
    if not (op in OPERATIONS and OPERATIONS[op].by_place):
        return part.texts("range"), ""
    part.part("range").refuse_others(("pattern",))
    return (), part.part("range").text("pattern")


def _on_display(part: Fields) -> bool:
    told = [part.one_of(name, ("value", "display")) for name in ("bandsOn", "inputsOn") if name in part]
    return "display" in told


def _of_scores(part: Fields, definition: ScoreDefinition, earlier: Mapping[str, Number]) -> ScoreDefinition:
    """Read which scores it is made of."""
    reads_rows = "rows" in COMBINATIONS[definition.op].takes
    if reads_rows and not definition.rows:
        raise part.fail("rows", "at least one row")
    needs = part.part("missing").texts("needs") if "needs" in part.part("missing") else None
    if not reads_rows:
        read = part.one_of("of", list(earlier))
        if needs not in (None, (read,)):
            raise part.fail("missing.needs", "the score in `of`")
        table = _table(part) if definition.is_lookup else None
        return replace(definition, reads=(read,), constants=Constants(highest=earlier[read]), table=table)
    named = sorted(set().union(*(row.when.names() for row in definition.rows)))
    reads = needs or tuple(one for one in earlier if one in named)
    if not set(named) <= set(reads) or not set(reads) <= set(earlier):
        raise part.fail("rows", "conditions on earlier scores of the rule, all of them in `needs`,")
    return replace(definition, reads=reads)


def _table(part: Fields) -> Mapping[int, Fraction] | None:
    """Read a table of whole numbers -> exact values; null says that the owner's table is not here."""
    if part.raw.get("table", "") is None:
        return None
    told = part.part("table")
    if not all(key.isdecimal() and _is_exact(one) for key, one in told.raw.items()):
        raise part.fail("table", "null, or a number without exponent for each whole number,")
    return MappingProxyType({int(key): Fraction(one) for key, one in told.raw.items()})


def _is_exact(told: object) -> bool:
    return isinstance(told, Decimal) or type(told) is int


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

"""What becomes of the points of answers before any score is computed: recoded, reversed, counted, or put in places."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Item, ItemType, Questionnaire
from scoring.operations import OPERATIONS, Constants, placed
from scoring.rule import ScoreDefinition, ScoredItem


@dataclass(frozen=True, slots=True)
class Points:
    """What becomes of points in every score of a rule.

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
    return _each_told(part, told, link_id, points)


def _each_told(part: Fields, told: Fields, link_id: str, points: list[int]) -> Mapping[int, int]:
    if sorted(told.raw) != sorted(map(str, points)):
        raise part.fail(link_id, "points for each option")
    return MappingProxyType({one: told.integer(str(one)) for one in points})


def scored_item(part: Fields, link_id: str, questionnaire: Questionnaire, points: Points) -> ScoredItem:
    """Make an item of a score, with the points of its answers.

    Raises:
        ContentError: the questionnaire has no such item.
    """
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


def for_operation(part: Fields, definition: ScoreDefinition) -> ScoreDefinition:
    """Read the numbers that an operation takes, and make of the points what it adds up.

    Args:
        part: the score.
        definition: with the points as the rule counts them.

    Raises:
        ContentError: a number is missing, or another one is there.
    """
    operation = OPERATIONS[definition.op]
    items = definition.items
    if operation.counts is not None:
        cut, counts = part.integer("cut"), operation.counts
        items = tuple(_remade(item, {one: int(counts(one, cut)) for one in item.possible}) for item in items)
    if "decrements" in operation.constants:
        told = part.part("decrements")
        told.refuse_others([item.link_id for item in items])
        items = tuple(
            _remade(item, _each_told(told, told.part(item.link_id), item.link_id, sorted(item.possible)))
            for item in items
        )
    highest = max((one for item in items for one in item.possible), default=0)
    base = highest + len(("unanswered", "0 points")) if operation.by_place else 0
    if operation.by_place:
        items = tuple(
            _remade(item, {one: placed(one, place, base) for one in item.possible}) for place, item in enumerate(items)
        )
    constants = Constants(
        offset=part.integer("offset") if "offset" in part else 0,
        multiply=part.integer("multiply") if "multiply" in operation.constants else 1,
        highest=highest,
        per=part.integer("per") if "per" in operation.constants else 1,
        places=len(items) if operation.by_place else 0,
        base=base,
    )
    return replace(definition, items=items, constants=constants)


def _remade(item: ScoredItem, made: Mapping[int, int]) -> ScoredItem:
    points = {key: made[one] for key, one in item.points.items()}
    return ScoredItem(item.link_id, MappingProxyType(points), frozenset(points.values()))

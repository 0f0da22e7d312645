"""Checks that a programme can produce what its tables read, however its slots are filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from delivery.occasion_kind import PHASES, OccasionKind
from kernel.errors import ContentError, UnknownQuestionnaireError
from questionnaires.model import ItemType, Questionnaire
from questionnaires.registry import Registry
from scoring.input_checks import check_produced
from scoring.needs_table import NeedsTable
from scoring.rule import ScoringRule
from scoring.table import Table
from scoring.table_input import TableInput

UNCOUNTED = (ItemType.GROUP, ItemType.DISPLAY)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a programme asks, with its slots filled in one way.

    Args:
        occasions: with the slots filled.
        slots: slot -> id of the questionnaire that fills it.
        derived: ids of the scores of several questionnaires that the programme names.
        rules: newest rule of each questionnaire, by its short name.
        where: the programme's file, for the error.
    """

    occasions: Sequence[OccasionKind]
    slots: Mapping[str, str]
    derived: Sequence[str]
    rules: Mapping[str, ScoringRule]
    where: str

    def refuse(self, one: TableInput, table: str) -> ContentError:
        """Make the error for an input that the programme cannot produce."""
        return ContentError(f"{self.where} cannot produce the input {one.name} of {table} where it is required")

    def questionnaire_of(self, one: TableInput, table: str) -> str:
        """Name the questionnaire that an input reads; empty for a system input and a derived score.

        Raises:
            ContentError: the programme lacks the slot or the derived score, or what fills the slot gives no such score.
        """
        source = one.source
        if source.derived and source.derived not in self.derived:
            raise self.refuse(one, table)
        if not source.slot:
            return source.questionnaire
        if source.slot not in self.slots:
            raise self.refuse(one, table)
        check_produced(one, self.slots[source.slot], self.rules, f"{self.where}: input {one.name}")
        return self.slots[source.slot]


def filled(occasions: Sequence[OccasionKind], slots: Mapping[str, str]) -> tuple[OccasionKind, ...]:
    """Put the chosen questionnaires where occasions name slots."""
    return tuple(replace(occasion, ask=occasion.asks(slots)) for occasion in occasions)


def refuse_unproducible(promise: Promise, table: Table, registry: Registry) -> None:
    """Refuse a programme that asks what does not exist, or never asks what its table reads.

    Args:
        table: its alert table.
        registry: questionnaires that can be asked.

    Raises:
        ContentError: naming the questionnaire or the input.

    Source: reference of the alert tables, loader rule T6: an input that is not a system input is produced by every
        programme that names the table, in each phase in which it is required.
    """
    screens = {one.id for one in asked(promise, registry).values() if one.safety_screen}
    evaluated = [occasion for occasion in promise.occasions if screens & set(occasion.ask)]
    for one in table.inputs.values():
        questionnaire = promise.questionnaire_of(one, table.version.id)
        if questionnaire and not _is_produced(one, questionnaire, promise.occasions, evaluated):
            raise promise.refuse(one, table.version.id)


def refuse_unproducible_needs(promise: Promise, table: NeedsTable, part: str) -> None:
    """Refuse a programme that never asks what its part of the needs table reads.

    Raises:
        ContentError: naming the part or the input.
    """
    if part not in table.parts:
        raise ContentError(f"{promise.where}: {table.version.id} has no part {part}")
    asks = {name for occasion in promise.occasions for name in occasion.ask}
    for one in table.inputs_of(part).values():
        questionnaire = promise.questionnaire_of(one, table.version.id)
        if questionnaire and questionnaire not in asks:
            raise promise.refuse(one, table.version.id)


def refuse_too_long(promise: Promise, registry: Registry, items_per_occasion: int) -> None:
    """Refuse a questionnaire that no occasion could ever hold within the cap.

    Raises:
        ContentError: naming the questionnaire.
    """
    for one in asked(promise, registry).values():
        items = counted_items(one)
        if items > items_per_occasion and not one.safety_screen:
            raise ContentError(f"{promise.where}: {one.id} has {items} items, more than an occasion may hold")


def refuse_unsendable(promise: Promise) -> None:
    """Refuse a programme that asks what no patient may be asked yet.

    Raises:
        ContentError: naming the questionnaire and the reason of its rule.

    Source: docs/architecture.md section 3: scoring that is not verified cannot be sent.
    """
    for name in sorted({name for occasion in promise.occasions for name in occasion.ask}):
        rule = promise.rules.get(name)
        if rule is not None and not rule.sendable:
            raise ContentError(f"{promise.where} asks {name}, which may not be sent: {rule.unsendable}")


def counted_items(questionnaire: Questionnaire) -> int:
    """Count the items that a patient may answer, conditional ones included."""
    return sum(item.type not in UNCOUNTED for item in questionnaire.by_link_id.values())


def asked(promise: Promise, registry: Registry) -> Mapping[str, Questionnaire]:
    """Find every questionnaire that is asked.

    Raises:
        ContentError: one does not exist.
    """
    names = sorted({name for occasion in promise.occasions for name in occasion.ask})
    try:
        return {name: registry.newest(name) for name in names}
    except UnknownQuestionnaireError as error:
        raise ContentError(f"{promise.where} asks for a questionnaire that does not exist") from error


def _is_produced(
    one: TableInput, questionnaire: str, occasions: Sequence[OccasionKind], evaluated: Sequence[OccasionKind]
) -> bool:
    """Tell whether an input can have a value in each phase that requires it, and at all if none does."""
    needed = [phase for phase in PHASES if one.required.get(phase)]
    if not needed:
        return any(questionnaire in occasion.ask for occasion in occasions)
    return all(
        _is_produced_in(
            questionnaire,
            [occasion for occasion in (evaluated if one.this_occasion else occasions) if occasion.phase == phase],
            each_time=one.this_occasion,
        )
        for phase in needed
    )


def _is_produced_in(questionnaire: str, occasions: Sequence[OccasionKind], *, each_time: bool) -> bool:
    """An input of the occasion itself must be asked each time, another one some time in the phase."""
    asks = [questionnaire in occasion.ask for occasion in occasions]
    return bool(asks) and all(asks) if each_time else any(asks)

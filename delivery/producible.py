"""Checks that a programme can produce what its alert table reads."""

from collections.abc import Sequence

from delivery.occasion_kind import PHASES, OccasionKind
from kernel.errors import ContentError, UnknownQuestionnaireError
from questionnaires.registry import Registry
from scoring.table import Table, TableInput


def refuse_unproducible(occasions: Sequence[OccasionKind], table: Table, registry: Registry, *, where: str) -> None:
    """Refuse a programme that asks what does not exist, or never asks what its table reads.

    Args:
        occasions: of the programme.
        table: its alert table.
        registry: questionnaires that can be asked.
        where: the programme's file, for the error.

    Raises:
        ContentError: naming the questionnaire or the input.

    Source: reference of the alert tables, loader rule T6: an input that is not a system input is produced by every
        programme that names the table, in each phase in which it is required.
    """
    screens = _safety_screens(occasions, registry, where)
    evaluated = [occasion for occasion in occasions if screens & set(occasion.ask)]
    for name, one in table.inputs.items():
        if one.source.questionnaire and not _is_produced(one, occasions, evaluated):
            raise ContentError(f"{where} cannot produce the input {name} of {table.version.id} where it is required")


def _safety_screens(occasions: Sequence[OccasionKind], registry: Registry, where: str) -> set[str]:
    """Find the safety screens among what is asked; an alert table is evaluated only with one of them."""
    asked = {name for occasion in occasions for name in occasion.ask}
    try:
        return {name for name in asked if registry.newest(name).safety_screen}
    except UnknownQuestionnaireError as error:
        raise ContentError(f"{where} asks for a questionnaire that does not exist") from error


def _is_produced(one: TableInput, occasions: Sequence[OccasionKind], evaluated: Sequence[OccasionKind]) -> bool:
    """Tell whether an input can have a value in each phase that requires it, and at all if none does."""
    needed = [phase for phase in PHASES if one.required.get(phase)]
    if not needed:
        return any(one.source.questionnaire in occasion.ask for occasion in occasions)
    return all(_is_produced_in(phase, one, occasions, evaluated) for phase in needed)


def _is_produced_in(
    phase: str, one: TableInput, occasions: Sequence[OccasionKind], evaluated: Sequence[OccasionKind]
) -> bool:
    """An input of the occasion itself must be asked each time, another one some time in the phase."""
    asks = [one.source.questionnaire in occasion.ask for occasion in evaluated if occasion.phase == phase]
    if one.this_occasion:
        return bool(asks) and all(asks)
    return any(one.source.questionnaire in occasion.ask for occasion in occasions if occasion.phase == phase)

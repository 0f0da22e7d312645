"""Who asks at a slot, and what: the enrolment's own programme, or its variant while a licence is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from delivery.content import Content
from delivery.licence_free import variant_of
from delivery.programme import Programme
from delivery.schedule import Enrolment, Series


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked at a slot.

    Args:
        programme: that asks, and whose tables read the answers.
        slots: what fills its slots.
        ask: ids of the questionnaires, in order.
        by: `<id>|<version>` of a variant that stands in; None where the enrolment's own programme asks.
    """

    programme: Programme
    slots: Mapping[str, str]
    ask: tuple[str, ...] = ()
    by: str | None = field(default=None)


def asking_of(content: Content, enrolment: Enrolment, series: Series, on: date) -> Asking | None:
    """Tell who asks what at a slot that is opened on a Danish date.

    Returns:
        The enrolment's own programme where it may be used and all that it asks can be sent; else its licence-free
        variant, if that can ask at this kind of occasion; else None: the slot waits.
    """
    own = content.programmes.get(enrolment.programme, series.programme_version)
    wanted = own.asks(series.occasion_kind, enrolment.slots)
    if not content.programme_awaits(own) and content.are_sendable(series.ask or wanted, on):
        return Asking(own, enrolment.slots, wanted)
    # What an occasion had no room for is asked by the programme that wanted it, or waits.
    variant = None if series.ask else variant_of(content.licences, content.programmes, own)
    if variant is None or content.programme_awaits(variant) or not _knows(variant, series.occasion_kind):
        return None
    # That a variant needs no licence itself was checked when the content was loaded.
    asked = variant.asks(series.occasion_kind, {})
    return Asking(variant, variant.slot_choice(), asked, f"{variant.id}|{variant.version}")


def asker_of(content: Content, enrolment: Enrolment, by: str | None, version: str | None = None) -> Asking:
    """Tell who asked at a slot that was opened.

    Args:
        by: as the slot keeps it; see `Asking`.
        version: of the enrolment's own programme, where a series says another one than the enrolment.
    """
    if by is None:
        own = content.programmes.get(enrolment.programme, version or enrolment.programme_version)
        return Asking(own, enrolment.slots)
    programme_id, _, variant_version = by.partition("|")
    variant = content.programmes.get(programme_id, variant_version)
    return Asking(variant, MappingProxyType(dict(variant.slot_choice())), by=by)


def _knows(programme: Programme, kind: str) -> bool:
    return any(occasion.id == kind for occasion in programme.occasions)

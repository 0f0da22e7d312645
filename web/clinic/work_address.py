"""What somebody wants to see of the worklist, as it stands in the address, so that it can be kept and sent on."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from delivery.work_query import Order, Tab, Wanted, Whose
from kernel.ids import PersonId
from scoring.levels import Colour, DifferentiationLevel
from security.actor import Actor

T = TypeVar("T")
BETWEEN = "~"
"""Between the parts of a place in the list; none of them holds it."""
FILTERS = ("package", "colour", "level", "whose", "first", "last", "order")
KEPT = ("tab", *FILTERS)
"""What of an address stays when somebody goes on to the next page, or acts."""


def wanted_of(args: Mapping[str, str], actor: Actor) -> Wanted:
    """Read an address; what cannot be read is as if it were not there."""
    whose = args.get("whose", "")
    is_word = whose in (Whose.NOBODYS, Whose.MINE, "")
    return Wanted(
        tab=_one(Tab, args.get("tab")) or Tab.ASSESS,
        order=_one(Order, args.get("order")) or Order.DUE,
        package=args.get("package") or None,
        colour=_one(Colour, args.get("colour")),
        level=_read(args.get("level"), lambda text: DifferentiationLevel(int(text))),
        whose=(PersonId(actor.id),) if whose == Whose.MINE else () if is_word else (PersonId(whose),),
        is_nobodys=whose == Whose.NOBODYS,
        first_day=_read(args.get("first"), date.fromisoformat),
        last_day=_read(args.get("last"), date.fromisoformat),
        seen=_read(args.get("seen"), _moment),
        after=tuple(args["after"].split(BETWEEN)) if args.get("after") else (),
    )


def kept(args: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address says what is wanted, without where in it somebody is."""
    return {name: args[name] for name in KEPT if args.get(name)}


def narrowed(args: Mapping[str, str]) -> bool:
    """Tell whether filters leave something out."""
    return any(args.get(name) for name in FILTERS if name != "order")


def of_place(after: tuple[str, ...]) -> str:
    """Write a place in the list."""
    return BETWEEN.join(after)


def readable(wanted: Wanted, read: Callable[[Wanted], T]) -> T:
    """Look up what is wanted; where its place cannot be read, from the beginning."""
    try:
        return read(wanted)
    except ValueError:
        return read(replace(wanted, after=()))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _one(kind: type[Any], text: str | None) -> Any:
    return _read(text, kind) if issubclass(kind, StrEnum) else None


def _read(text: str | None, read: Callable[[str], T]) -> T | None:
    if not text:
        return None
    with suppress(ValueError):
        return read(text)
    return None

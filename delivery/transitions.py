"""Every change of a message's state, in one table: its name, where it starts, where it ends; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from delivery.outbox import MessageState

DUE, LEASED, DOUBT = MessageState.DUE, MessageState.LEASED, MessageState.IN_DOUBT
ACCEPTED, DEAD, CANCELLED = MessageState.ACCEPTED, MessageState.DEAD, MessageState.CANCELLED
OPEN_STATES = (DUE, LEASED, DOUBT)
"""Something is still to happen to the message, so it holds its lane."""


class Change(StrEnum):
    """What happens to a message; `retry`, `give-up` and `handle` are what people do."""

    CLAIM = "claim"
    SETTLE = "settle"
    GIVE_BACK = "give-back"
    LOSE_LEASE = "lose-lease"
    SUPERSEDE = "supersede"
    CANCEL = "cancel"
    EXPIRE = "expire"
    RECEIPT = "receipt"
    RETRY = "retry"
    GIVE_UP = "give-up"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a change may start, and where it may end."""

    starts: frozenset[MessageState]
    ends: frozenset[MessageState]


CHANGES: Mapping[Change, Transition] = MappingProxyType(
    {
        Change.CLAIM: Transition(frozenset({DUE}), frozenset({LEASED})),
        Change.SETTLE: Transition(frozenset({LEASED}), frozenset({ACCEPTED, DUE, DOUBT, CANCELLED, DEAD})),
        Change.GIVE_BACK: Transition(frozenset({LEASED}), frozenset({DUE})),
        Change.LOSE_LEASE: Transition(frozenset({LEASED}), frozenset({DUE})),
        Change.SUPERSEDE: Transition(frozenset({DUE}), frozenset({MessageState.SUPERSEDED})),
        Change.CANCEL: Transition(frozenset({DUE, LEASED, DOUBT}), frozenset({CANCELLED})),
        Change.EXPIRE: Transition(frozenset({DUE}), frozenset({MessageState.EXPIRED})),
        Change.RECEIPT: Transition(frozenset({DOUBT}), frozenset({ACCEPTED, DEAD})),
        Change.RETRY: Transition(frozenset({DEAD, DOUBT}), frozenset({DUE})),
        Change.GIVE_UP: Transition(frozenset({DUE, DOUBT, DEAD}), frozenset({CANCELLED})),
        Change.HANDLE: Transition(frozenset({DEAD}), frozenset({CANCELLED})),
    }
)
"""The only changes that there are. The store builds the condition and the values of its UPDATEs from this table."""

TRANSITIONS: Mapping[MessageState, frozenset[MessageState]] = MappingProxyType(
    {
        state: frozenset(end for change in CHANGES.values() if state in change.starts for end in change.ends)
        for state in MessageState
    }
)
"""Where each state may go on to, by whatever change; nothing follows an empty one."""

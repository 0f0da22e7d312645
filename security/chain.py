"""The chain: rows sealed one after another, so that nobody changes, moves or removes one without it being seen."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

START = "0" * 64
"""What the first link of a chain follows."""


LEAST_KEPT = timedelta(days=731)
"""No audit row may go sooner, whatever the times of retention say: lookups are kept for two years as Min Log does."""


class Kind(StrEnum):
    """What is sealed; the values are the names of the tables."""

    AUDIT = "audit_event"
    SCORE = "score"
    EARLIER_SCORE = "score_history"


class Fault(StrEnum):
    """What is wrong at one place of a chain."""

    GAP = "gap"
    CHANGED_LINK = "changed-link"
    CHANGED_ROW = "changed-row"
    MISSING_ROW = "missing-row"
    UNSEALED_ROW = "unsealed-row"
    UNLIKE_ANCHOR = "unlike-anchor"
    GUARD_MISSING = "guard-missing"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a clinic's chain.

    Args:
        seq: 1, 2, 3 … without a gap.
        row_id: id of the sealed row.
        row_sha256: its fingerprint when it was sealed.
        sealed_at: as it is stored, in UTC.
        hash: over all of the above, the clinic, and the hash of the link before.
    """

    seq: int
    kind: Kind
    row_id: str
    row_sha256: str
    sealed_at: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place that is not as it was sealed."""

    fault: Fault
    seq: int | None
    kind: Kind | None
    row_id: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain reaches: number and hash of its last link."""

    seq: int = 0
    hash: str = START


@dataclass(frozen=True, slots=True)
class Cut:
    """Where audit rows whose time was over were removed; their links stay.

    Args:
        seq: number of the last link whose row may be gone.
        hash: of that link.
        before: rows from before this moment may be gone, aware UTC.
        cut_at: aware UTC.
    """

    seq: int
    hash: str
    before: datetime
    cut_at: datetime

    def explains(self, link: Link) -> bool:
        """Tell whether the row of a link is lawfully gone."""
        was_old = link.sealed_at < self.before.strftime("%Y-%m-%d %H:%M:%S.%f")
        is_lawful = self.before <= self.cut_at - LEAST_KEPT
        return is_lawful and was_old and link.seq <= self.seq and link.kind == Kind.AUDIT


def fingerprint(kind: Kind, cells: Sequence[str | None]) -> str:
    """Make the fingerprint of a row.

    Args:
        cells: every column in the order of its name, as text; None is NULL.

    Returns:
        64 hex digits. JSON tells a NULL from an empty text, and where a cell ends.
    """
    return hashlib.sha256(json.dumps([kind.value, *cells]).encode()).hexdigest()


def linked(clinic: str, before: Head, row: tuple[Kind, str, str], sealed_at: str) -> Link:
    """Make the link that follows another.

    Args:
        row: kind, id and fingerprint.
    """
    seq = before.seq + 1
    return Link(seq, *row, sealed_at, _hash(clinic, before.hash, seq, (*row, sealed_at)))


def walk(
    clinic: str, before: Head, links: Iterable[Link], found: Mapping[int, Collection[str]]
) -> tuple[Head, Broken | None]:
    """Follow a part of a chain.

    Args:
        before: where the part begins.
        links: in the order of their numbers.
        found: number of a link -> fingerprints of the rows that may be the sealed one; none where no row is left.

    Returns:
        How far the chain is whole, and the first place where it is not.
    """
    head = before
    for link in links:
        fault = _fault(clinic, head, link, found.get(link.seq, ()))
        if fault is not None:
            return head, Broken(fault, link.seq, link.kind, link.row_id)
        head = Head(link.seq, link.hash)
    return head, None


def _fault(clinic: str, before: Head, link: Link, found: Collection[str]) -> Fault | None:
    if link.seq != before.seq + 1:
        return Fault.GAP
    body = (link.kind, link.row_id, link.row_sha256, link.sealed_at)
    if link.hash != _hash(clinic, before.hash, link.seq, body):
        return Fault.CHANGED_LINK
    if link.row_sha256 in found:
        return None
    return Fault.CHANGED_ROW if found else Fault.MISSING_ROW


def _hash(clinic: str, before: str, seq: int, body: tuple[str, str, str, str]) -> str:
    return hashlib.sha256(json.dumps([clinic, before, seq, *body]).encode()).hexdigest()

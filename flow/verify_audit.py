"""VERIFY: every chain is followed from its first link; the first place that is not as it was sealed is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.ids import ClinicId
from security.actor import Actor
from security.chain import Broken, Cut, Fault, Head, Link, walk
from security.policy import Action, allow
from store.anchors import AnchorFile
from store.database import Store
from store.transaction import Tx

PART = 5_000
"""Links that are looked at together; memory stays the same however long a chain is."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of one clinic's chain.

    Args:
        links: how far it is whole.
        waiting: rows that are committed and not sealed yet; they are sealed within seconds while a worker runs.
        anchors: ends of days that were compared.
        broken: the first place that is not as it was sealed; None if all is well.
    """

    clinic_id: ClinicId
    links: int
    waiting: int
    anchors: int
    broken: Broken | None


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """The use case."""

    store: Store
    anchors: AnchorFile

    def __call__(self, actor: Actor) -> Verified:
        """Follow the chain of the actor's clinic; nothing is changed."""
        allow(actor, Action.OPERATE)
        anchors = self.anchors.of(actor.clinic_id)
        with self.store.read(actor.clinic_id, actor) as tx:
            head, broken = followed(tx, {anchor.seq: anchor.hash for anchor in anchors}, tx.cuts.newest())
            broken = broken or _beside(tx)
            return Verified(actor.clinic_id, head.seq, tx.chain.waiting(), len(anchors), broken)


def followed(tx: Tx, anchors: Mapping[int, str], cut: Cut | None = None) -> tuple[Head, Broken | None]:
    """Follow a clinic's chain from its first link.

    Args:
        anchors: number of a link -> hash that it had.
        cut: up to where rows may be gone because their time was over; the links stay.

    Returns:
        How far it is whole, and the first place where it is not.
    """
    head = Head()
    anchors = {**({cut.seq: cut.hash} if cut else {}), **anchors}
    while links := tx.chain.links(head.seq, PART):
        head, broken = _part(tx, head, links, cut)
        broken = broken or _unlike(anchors, links)
        if broken is not None:
            return head, broken
    beyond = min((seq for seq in anchors if seq > head.seq), default=None)
    return head, None if beyond is None else Broken(Fault.UNLIKE_ANCHOR, beyond, None, None)


def _part(tx: Tx, before: Head, links: tuple[Link, ...], cut: Cut | None) -> tuple[Head, Broken | None]:
    head, broken = walk(tx.clinic_id, before, links, _found(tx, links, cut))
    if broken is not None:
        # A score may have moved to the history between two looks: the second look finds it there.
        head, broken = walk(tx.clinic_id, before, links, _found(tx, links, cut))
    return head, broken


def _found(tx: Tx, links: tuple[Link, ...], cut: Cut | None) -> Mapping[int, Sequence[str]]:
    """Read what is stored of the links' rows; one that is lawfully gone counts as it was sealed."""
    found = tx.chain.rows_of(links[0].seq, links[-1].seq)
    gone = {one.seq: (one.row_sha256,) for one in links if not found.get(one.seq) and cut and cut.explains(one)}
    return {**found, **gone}


def _unlike(anchors: Mapping[int, str], links: tuple[Link, ...]) -> Broken | None:
    for link in links:
        if anchors.get(link.seq, link.hash) != link.hash:
            return Broken(Fault.UNLIKE_ANCHOR, link.seq, link.kind, link.row_id)
    return None


def _beside(tx: Tx) -> Broken | None:
    """Look for what no chain shows: rows that were added past the guards, and guards that were taken away."""
    for kind, row_id in tx.chain.unsealed().items():
        return Broken(Fault.UNSEALED_ROW, None, kind, row_id)
    for guard in tx.chain.missing_guards():
        return Broken(Fault.GUARD_MISSING, None, None, guard)
    return None

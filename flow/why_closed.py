"""ANSWER: why an occasion takes no answers any more, so that its page can say so."""

from delivery.leave import LeaveKind
from delivery.patient_status import StatusKind
from delivery.schedule import Occasion, OccasionState
from store.transaction import Tx

LEFT = {LeaveKind.ONCE: "declined", LeaveKind.PAUSE: "paused", LeaveKind.STOP: "stopped"}


def why_closed(tx: Tx, occasion: Occasion) -> str:
    """Tell why an occasion was cancelled: `declined`, `paused`, `stopped`, `moved` or `withdrawn`; else empty."""
    if occasion.state is not OccasionState.CANCELLED:
        return ""
    left = tx.leaves.of_occasion(occasion.id)
    if left:
        return LEFT[left[0].kind]
    known = tx.statuses.stopping(occasion.patient_ref)
    if StatusKind.MOVED in known:
        return "moved"
    return "stopped" if StatusKind.DECLINED in known else "withdrawn"

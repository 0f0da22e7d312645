"""The ladder: through which channel a patient is asked next, where the last one did not reach anybody; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a clinic's ladder.

    Args:
        channel: name of the channel.
        wait_days: so long after the channel took the invitation the next step comes, where nothing shows that the
            patient saw it; None = only a refusal leads on.
    """

    channel: str
    wait_days: int | None = None


def following(steps: Sequence[Step], channel: str, tried: Collection[str]) -> tuple[str, ...]:
    """Return the channels that may come after one, in order: never back, and none twice.

    Args:
        channel: the one that did not reach the patient; where it is no step, the whole ladder is before us.
        tried: channels that were handed the occasion already.
    """
    names = [step.channel for step in steps]
    after = names[names.index(channel) + 1 :] if channel in names else names
    return tuple(name for name in after if name not in tried)


def faults_of(steps: Sequence[Step], channels: Collection[str]) -> tuple[str, ...]:
    """Name what makes a ladder unusable.

    Args:
        channels: those that the installation has.
    """
    names = [step.channel for step in steps]
    faults = [f"{name} is no channel of this installation" for name in names if name not in channels]
    faults += [f"{name} stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    faults += [
        f"the wait after {step.channel} is below one day"
        for step in steps
        if step.wait_days is not None and step.wait_days < 1
    ]
    return tuple(faults)

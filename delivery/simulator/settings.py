"""What the simulator must be told."""

from dataclasses import dataclass, field
from pathlib import Path

from kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Settings of one simulator.

    Args:
        svarbro_url: where its webhooks go, without a slash at the end.
        webhook_secret: `whsec_<base64>`, shared with Svarbro.
        webpatient_token: bearer token that orders must carry.
        flp_token: bearer token that calls of the plan service must carry.
        state_file: keeps messages and plans over a restart; None keeps them in memory.
        clock: the one that Svarbro uses, demo's time travel included.
    """

    svarbro_url: str
    webhook_secret: str = field(repr=False)
    webpatient_token: str = field(repr=False)
    flp_token: str = field(repr=False)
    state_file: Path | None
    clock: Clock

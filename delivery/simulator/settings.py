"""What the simulator must be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe

from delivery.simulator.scenario import WELL_BEHAVED, Scenario
from kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class AppAccess:
    """How Svarbro and one app for patients trust each other.

    Args:
        token: bearer token that orders must carry.
        webhook_secret: `whsec_<base64>`, shared with Svarbro.
    """

    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """Settings of one simulator.

    Args:
        svarbro_url: where its webhooks go, without a slash at the end.
        apps: the apps on the phone, by the channel's name.
        flp_token: bearer token that calls of the plan service must carry.
        lps_token: bearer token that calls of the practice system must carry.
        print_token: bearer token that calls of the print service must carry; without one, nobody's is known.
        state_file: keeps messages, plans and records over a restart; None keeps them in memory.
        clock: the one that Svarbro uses, demo's time travel included.
        scenario: how the receivers behave; without one, well.
    """

    svarbro_url: str
    apps: Mapping[str, AppAccess]
    flp_token: str = field(repr=False)
    lps_token: str = field(repr=False)
    state_file: Path | None
    clock: Clock
    scenario: Scenario = WELL_BEHAVED
    print_token: str = field(default_factory=token_urlsafe, repr=False)

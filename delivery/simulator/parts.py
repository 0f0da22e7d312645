"""The parts of one running simulator, as its pages and endpoints share them."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from delivery.simulator.arrivals import Arrivals
from delivery.simulator.faults import Faults
from delivery.simulator.letters import Letters
from delivery.simulator.lps_records import LpsRecords
from delivery.simulator.messages import Messages
from delivery.simulator.notebook import Notebook
from delivery.simulator.plans import PlanShelf
from delivery.simulator.settings import SimulatorSettings
from delivery.simulator.telling import Telling
from delivery.simulator.webhook import Webhooks


@dataclass(frozen=True, slots=True)
class Simulator:
    """One running simulator."""

    settings: SimulatorSettings
    notebook: Notebook
    arrivals: Arrivals
    messages: Messages
    plans: PlanShelf
    lps: LpsRecords
    letters: Letters
    faults: Faults
    webhooks: Mapping[str, Webhooks]
    telling: Telling

    @classmethod
    def build(cls, settings: SimulatorSettings) -> "Simulator":
        """Open the memory and start the threads of the receipts.

        Raises:
            SettingsError: the webhook secret is unusable.
        """
        webhooks = {
            channel: Webhooks(settings.svarbro_url, channel, access.webhook_secret, clock=settings.clock)
            for channel, access in settings.apps.items()
        }
        notebook = Notebook(settings.state_file)
        arrivals = Arrivals(notebook)
        telling = Telling(notebook, webhooks, settings.clock)
        return cls(
            settings=settings,
            notebook=notebook,
            arrivals=arrivals,
            messages=Messages(notebook),
            plans=PlanShelf(notebook),
            lps=LpsRecords(notebook),
            letters=Letters(notebook),
            faults=Faults(arrivals, settings.scenario),
            webhooks=webhooks,
            telling=telling,
        )

    def tell(self, channel: str, key: str, reference: str, event: str) -> None:
        """Tell of an event, if the app is one that tells of it."""
        self.telling.tell(channel, key, reference, (event,))

    def stop(self) -> None:
        """End the threads, wake whoever waits, close the memory."""
        self.faults.stop()
        for webhooks in self.webhooks.values():
            webhooks.stop()
        self.notebook.close()


def bears(token: str) -> bool:
    """Tell whether the request carries this bearer token."""
    given = request.headers.get("Authorization", "").encode()
    return hmac.compare_digest(given, f"Bearer {token}".encode())

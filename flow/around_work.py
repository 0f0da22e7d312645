"""What is around the worklist, as one whole: confirming several, assigning, putting off, standing in, appointments."""

from dataclasses import dataclass

from delivery.content import Content
from flow.appointments import KeepAppointments
from flow.confirm_greens import ConfirmGreens
from flow.decide import Decide
from flow.stand_in import HandOverPatients
from flow.work_acts import WorkActs
from kernel.clock import Clock
from store.database import Store


@dataclass(frozen=True, slots=True)
class AroundWork:
    """The use cases around the worklist."""

    acts: WorkActs
    confirm: ConfirmGreens
    cover: HandOverPatients
    appointments: KeepAppointments


def around_work(store: Store, content: Content, clock: Clock) -> AroundWork:
    """Make them."""
    return AroundWork(
        acts=WorkActs(store, content),
        confirm=ConfirmGreens(Decide(store, content, clock)),
        cover=HandOverPatients(store),
        appointments=KeepAppointments(store),
    )

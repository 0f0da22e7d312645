"""The way with both packages: every occasion of the schedule, answered by skipping each question on purpose."""

from collections.abc import Iterable
from typing import Any

from delivery.schedule import Request, Slot, SlotState
from flow.enrol import Enrolled, EnrolmentOrder
from flow.enrolment_state import ChangeEnrolmentState, SetControlMonth
from flow.order import OrderOccasion
from flow.order_event import PlanAppointment, RecordDischarge
from flow.schedule_open import Opening
from questionnaires.build import ResponseAbout, build_response
from questionnaires.enablement import asked as asked_items
from security.actor import Role
from tests.builders import CLINIC_ID, a_clinic, an_actor, an_agreement, an_opt_in
from tests.way import CONTENT as BOTH
from tests.way import NANCY, Way


class Season(Way):
    """One clinic that runs both packages."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.order = OrderOccasion(self.store, BOTH, Opening(BOTH, self.keyring), "https://svarbro.example")
        self.appointment = PlanAppointment(self.store, BOTH)
        self.discharge = RecordDischarge(self.store, BOTH)
        self.change = ChangeEnrolmentState(self.store, BOTH)
        self.control_month = SetControlMonth(self.store, BOTH)

    def add_clinic(self, **clinic: Any) -> None:
        with self.store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
            tx.clinics.add(a_clinic(**clinic))
            tx.agreements.agree(an_agreement())
            for package in ("KOL", "LRS"):
                tx.clinics.add_opt_in(an_opt_in(package, programme=package.lower()))

    def a_month_after_the_start(self) -> Enrolled:
        """Enrol a patient who then answered the start occasion, 30 days ago."""
        enrolled = self.enrolled()
        self.open_due()
        self.skip_all(enrolled)
        self.clock.move(days=30)
        return enrolled

    def both(self) -> tuple[Enrolled, Enrolled]:
        """Enrol one patient in both packages."""
        kol, lrs = (self.enrol(self.system, EnrolmentOrder(*NANCY, package)) for package in ("KOL", "LRS"))
        return kol, lrs

    def forms(self, enrolled: Enrolled) -> list[str]:
        """Name what the newest occasion asks, in order."""
        return list(self.asked(enrolled))

    def skip(self, request: Request) -> None:
        """Answer a request by leaving every question out on purpose."""
        questionnaire = BOTH.questionnaires.get(request.questionnaire)
        skipped = {item.link_id for item in asked_items(questionnaire, {})}
        about = ResponseAbout("completed", self.clock.now(), request=request.id)
        self.receive(self.system, build_response(questionnaire, {}, skipped=skipped, about=about), via="form")

    def skip_all(self, enrolled: Enrolled, names: Iterable[str] | None = None) -> None:
        """Answer the newest occasion, or some of it."""
        for name, request in self.asked(enrolled).items():
            if names is None or name in names:
                self.skip(request)

    def slots(self, enrolled: Enrolled, kind: str | None = None) -> list[Slot]:
        """List the slots of an enrolment by date; of one kind of occasion, or of all."""
        with self.look() as tx:
            found = [
                slot
                for slot in tx.schedule.slots_of(enrolled.enrolment_id)
                if kind in (None, tx.schedule.series(slot.series_id).occasion_kind)
            ]
        return sorted(found, key=lambda slot: (slot.nominal_date, slot.k, slot.id))

    def states(self, enrolled: Enrolled, kind: str | None = None) -> list[SlotState]:
        """List the states of those slots."""
        return [slot.state for slot in self.slots(enrolled, kind)]


def a_season(store: Any, clock: Any, keyring: Any, **clinic: Any) -> Season:
    """Make the one clinic that runs both packages, on this database."""
    season = Season(store, clock, keyring)
    season.add_clinic(**clinic)
    return season

"""SCHEDULE: what is due for a patient over all packages becomes one occasion, and what is answered already does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from delivery.asking import Asking, asking_of
from delivery.content import Content
from delivery.grouping import Grouped, Past, Sizes, group, tightest
from delivery.outbox import MessageKind, NewMessage
from delivery.parties import Window
from delivery.programme import Programme
from delivery.recurrence import danish_date, due_at, next_open
from delivery.reminder import chain_of
from delivery.schedule import (
    Enrolment,
    EnrolmentState,
    Occasion,
    OccasionState,
    Request,
    RequestState,
    Series,
    Slot,
)
from delivery.validity import Validity, slot_time, validity_of
from flow.schedule_planned import Planned, is_over, wanted_of
from flow.schedule_series import Timing, catch_up, plan_next, plan_rest
from kernel.errors import ConflictError
from kernel.ids import EnrolmentId, OccasionId, PatientRef, RequestId, SlotId, new_id
from questionnaires.model import ItemType, Questionnaire
from security.audit import AuditEvent
from security.links import link_token, token_hash
from store.repositories.requests import Answered
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Opening:
    """A part of the use cases that ask; it runs inside their transaction."""

    content: Content
    link_key: bytes = field(repr=False)

    def __call__(self, tx: Tx, patient_ref: PatientRef, *, invite: bool = True) -> Occasion | None:
        """Open the occasion of a patient who has none open.

        Args:
            invite: send the link; False where it is filled in on a screen of the clinic.

        Returns:
            The occasion; None if nothing is asked now: it waits, or was answered already.
        """
        running = {
            one.id: one
            for one in tx.enrolments.running_of(patient_ref)
            if one.state is EnrolmentState.ACTIVE
            # What is filled in on the clinic's own screen is no writing to the patient.
            and (not invite or tx.statuses.may_be_written_to(patient_ref, one.channel))
        }
        if not running or tx.occasions.open_of(patient_ref):
            return None
        window = tx.window
        answered = self._answered(tx, patient_ref, running.values())
        planned = self._live(tx, self._planned(tx, patient_ref, running, answered), answered, window)
        grouped = self._grouped(tx, planned, running.values())
        for slot_id, day in grouped.wait.items():
            tx.schedule.put_off(slot_id, due_at(day, window, seed=planned[slot_id].enrolment.id))
        if not grouped.ask:
            return None
        occasion = self._open(tx, grouped, [planned[one] for one in grouped.taken], window)
        if invite:
            first = planned[grouped.taken[0]].enrolment
            tx.outbox.add(invitation(occasion, first, at=next_open(tx.now, window)))
        return occasion

    def programme(self, enrolment: Enrolment, version: str | None = None) -> Programme:
        """Return the programme of an enrolment, in its own version unless another one planned a series."""
        return self.content.programmes.get(enrolment.programme, version or enrolment.programme_version)

    def _answered(self, tx: Tx, patient_ref: PatientRef, enrolments: Iterable[Enrolment]) -> Mapping[str, Answered]:
        """Find the newest answers, by the questionnaires' short names."""
        since = min(one.enrolled_at for one in enrolments)
        newest = tx.requests.newest_answers(patient_ref, since)
        return {url.rsplit("/", 1)[-1]: answer for url, answer in newest.items()}

    def _planned(
        self,
        tx: Tx,
        patient_ref: PatientRef,
        running: Mapping[EnrolmentId, Enrolment],
        answered: Mapping[str, Answered],
    ) -> dict[SlotId, Planned]:
        slots = tx.schedule.due_slots(patient_ref, tx.now + self._horizon(running.values()))
        series = tx.schedule.series_by_id({slot.series_id for slot in slots})
        moments = {name: answer.at for name, answer in answered.items()}
        validities = {one.id: validity_of(self.content, self.programme(one), one.slots) for one in running.values()}
        found: dict[SlotId, Planned] = {}
        for planned in slots:
            one = running.get(planned.enrolment_id)
            slot = catch_up(tx, one, series[planned.series_id], planned) if one else planned
            asking = asking_of(self.content, one, series[slot.series_id], danish_date(tx.now)) if one else None
            if one and asking:
                validity = (
                    validity_of(self.content, asking.programme, asking.slots) if asking.by else validities[one.id]
                )
                found[slot.id] = self._one(tx, slot, (series[slot.series_id], one, asking), (validity, moments))
            elif one and slot.due_at <= tx.now:
                self._wait(tx, slot)
        return found

    def _one(
        self,
        tx: Tx,
        slot: Slot,
        of: tuple[Series, Enrolment, Asking],
        known: tuple[Validity, Mapping[str, datetime]],
    ) -> Planned:
        (series, enrolment, asking), (validity, moments) = of, known
        kind = self.programme(enrolment, series.programme_version).occasion(series.occasion_kind)
        ask = asking.ask
        if series.ask:
            ask = (*(name for name in ask if name in validity.safety), *series.ask)
        remaining = validity.remaining(ask, moments, slot_time(kind, series, slot), now=tx.now)
        return Planned(slot, series, enrolment, kind, asking, remaining)

    def _wait(self, tx: Tx, slot: Slot) -> None:
        """Look again tomorrow: what cannot be asked without a licence or an approval is not lost."""
        tomorrow = danish_date(tx.now) + timedelta(days=1)
        tx.schedule.put_off(slot.id, due_at(tomorrow, tx.window, seed=slot.enrolment_id))

    def _horizon(self, enrolments: Iterable[Enrolment]) -> timedelta:
        """Tell how far ahead a slot may be that has a say in what is asked now."""
        days = [
            days
            for one in enrolments
            for programme in [self.programme(one)]
            for days in (
                programme.grouping.join_days,
                programme.grouping.replace_days,
                *(kind.joins_days or 0 for kind in programme.occasions),
            )
        ]
        return timedelta(days=max(days) + 1)

    def _live(
        self, tx: Tx, planned: Mapping[SlotId, Planned], answered: Mapping[str, Answered], window: Window
    ) -> dict[SlotId, Planned]:
        """Leave out what need not be asked: due slots that were answered otherwise, and appointments that are over."""
        live: dict[SlotId, Planned] = {}
        for slot_id, one in planned.items():
            is_due = one.slot.due_at <= tx.now
            if one.is_answered and is_due:
                names = one.series.ask or one.asking.ask
                newest = max((answered[name] for name in names), key=lambda answer: answer.at)
                tx.schedule.answer_slot(slot_id, newest.occasion_id)
                plan_next(tx, one.enrolment, one.series, one.slot.k, window)
            elif is_due and is_over(one, danish_date(tx.now)):
                tx.schedule.cancel_slot(slot_id)
            elif not one.is_answered:
                live[slot_id] = one
        return live

    def _grouped(self, tx: Tx, planned: Mapping[SlotId, Planned], enrolments: Iterable[Enrolment]) -> Grouped:
        wanted = [wanted_of(one, tx.now) for one in planned.values()]
        if not any(one.is_due for one in wanted):
            return Grouped((), (), {}, {}, counted=False)
        asked = {name for one in wanted for name in one.ask}
        forms = {name: self.content.questionnaires.newest(name) for name in asked}
        sizes = Sizes(
            {name: _items(form) for name, form in forms.items() if not form.safety_screen},
            frozenset(name for name, form in forms.items() if form.safety_screen),
        )
        programmes = [self.programme(one) for one in enrolments]
        limits = tightest((programme.caps, programme.grouping) for programme in programmes)
        patient_ref = next(iter(planned.values())).slot.patient_ref
        return group(wanted, sizes, limits, _past(tx, patient_ref), today=danish_date(tx.now))

    def _open(self, tx: Tx, grouped: Grouped, taken: list[Planned], window: Window) -> Occasion:
        days = max(self.programme(one.enrolment).expires_after_days for one in taken)
        patient_ref = taken[0].slot.patient_ref
        occasion = Occasion(
            id=OccasionId(new_id()),
            patient_ref=patient_ref,
            state=OccasionState.OPEN,
            opened_at=tx.now,
            expires_at=tx.now + timedelta(days=days),
            counted=grouped.counted,
            reminder_days=chain_of(self.programme(one.enrolment).reminder_days for one in taken),
        )
        tx.occasions.add(occasion, token_hash(link_token(self.link_key, occasion.id)))
        for one in taken:
            self._take(tx, occasion, one, grouped.left.get(one.slot.id, ()), window)
        self.request(tx, occasion, grouped.ask)
        tx.audit.record(AuditEvent("open", f"Occasion/{occasion.id}", (patient_ref,), "delivery"))
        return occasion

    def _take(self, tx: Tx, occasion: Occasion, one: Planned, left: tuple[str, ...], window: Window) -> None:
        """Tie a slot to the occasion, and plan what comes after it."""
        if not tx.schedule.open_slot(one.slot.id, occasion.id, asked_by=one.asking.by):
            raise ConflictError("The slot was taken by somebody else.")
        if left:
            days = self.programme(one.enrolment).caps.min_days_between
            anchor = danish_date(tx.now) + timedelta(days=days)
            plan_rest(tx, one.enrolment, one.series, one.slot, Timing(anchor, "", ask=left))
        plan_next(tx, one.enrolment, one.series, one.slot.k, window)

    def request(self, tx: Tx, occasion: Occasion, asked: Iterable[str], *, position: int = 0) -> None:
        """Ask questionnaires in an occasion.

        Args:
            asked: their ids, in order.
            position: of the first of them.
        """
        requests = [
            Request(
                id=RequestId(new_id()),
                occasion_id=occasion.id,
                patient_ref=occasion.patient_ref,
                questionnaire=self.content.questionnaires.newest(name).canonical,
                position=place,
                state=RequestState.REQUESTED,
                requested_at=tx.now,
                expires_at=occasion.expires_at,
            )
            for place, name in enumerate(asked, start=position)
        ]
        tx.requests.add_all(requests)


def invitation(occasion: Occasion, enrolment: Enrolment, *, at: datetime) -> NewMessage:
    """Make the outbox row of an occasion's invitation.

    Args:
        at: inside the clinic's window, aware UTC.
    """
    return NewMessage(
        kind=MessageKind.INVITATION,
        lane=f"{enrolment.channel}:{occasion.id}",
        target=enrolment.channel,
        due_at=at,
        patient_ref=occasion.patient_ref,
        expires_at=occasion.expires_at,
        occasion_id=occasion.id,
    )


def _past(tx: Tx, patient_ref: PatientRef) -> Past:
    today = danish_date(tx.now)
    sent = tx.occasions.sent_since(patient_ref, tx.now - timedelta(days=367))
    opened = [(danish_date(one.opened_at), one.counted) for one in sent]
    counted = tuple(day for day, is_counted in opened if is_counted and day + relativedelta(years=1) > today)
    return Past(counted, max((day for day, _ in opened), default=None))


def _items(questionnaire: Questionnaire) -> int:
    """Count the questions, conditional ones included."""
    silent = (ItemType.GROUP, ItemType.DISPLAY)
    return sum(item.type not in silent for item in questionnaire.by_link_id.values())

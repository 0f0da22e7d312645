"""SCHEDULE: what one patient is asked now, planned in memory: from what is known into what is to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from delivery.asking import Asking
from delivery.grouping import Grouped, group
from delivery.reminder import chain_of
from delivery.schedule import Enrolment, Occasion, OccasionState, Series, Slot, SlotState
from delivery.validity import slot_time
from flow.schedule_changes import Changes
from flow.schedule_invite import invitation, requests_of
from flow.schedule_known import Known
from flow.schedule_planned import Planned, is_over, wanted_of
from flow.schedule_series import Timing, rest_of
from flow.schedule_slots import CaughtUp, caught_up, slot_of
from flow.schedule_terms import Terms
from kernel.ids import OccasionId, SlotId, new_id
from security.audit import AuditEvent
from security.links import link_token, token_hash

NOTHING = Grouped((), (), {}, {}, counted=False)


@dataclass(frozen=True, slots=True)
class Planning:
    """Plans for one patient.

    Args:
        terms: of the batch.
        known: of the patient.
        changes: of the batch; what is planned is added to them.
    """

    terms: Terms
    known: Known
    changes: Changes
    link_key: bytes = field(repr=False)

    def open(self, *, invite: bool) -> None:
        """Open the patient's occasion, unless everything that is due waits or was answered already.

        Args:
            invite: send the link.
        """
        planned = self._live(self._planned())
        grouped = self._grouped(planned)
        for slot_id, day in grouped.wait.items():
            self._put_off(planned[slot_id].slot, day)
        if not grouped.ask:
            return
        taken = [planned[slot_id] for slot_id in grouped.taken]
        occasion = self._ask(grouped, taken)
        if invite:
            self.changes.messages.append(invitation(occasion, taken[0].enrolment, at=self.terms.next_open()))

    def _planned(self) -> dict[SlotId, Planned]:
        found: dict[SlotId, Planned] = {}
        for planned in self.known.slots:
            enrolment = self.known.enrolments.get(planned.enrolment_id)
            if enrolment is None:
                continue
            series = self.known.series[planned.series_id]
            at = caught_up(enrolment, series, planned, self.terms.window, now=self.terms.now)
            if at.passed:
                self.changes.change(at.passed[0])
                self.changes.add((*at.passed[1:], at.asked))
            asking = self.terms.asking(enrolment, series)
            if asking:
                found[at.asked.id] = self._one(at, series, enrolment, asking)
            elif at.asked.due_at <= self.terms.now:
                # What cannot be asked without a licence or an approval is not lost: look again tomorrow.
                self._put_off(at.asked, self.terms.today + timedelta(days=1))
        return found

    def _one(self, at: CaughtUp, series: Series, enrolment: Enrolment, asking: Asking) -> Planned:
        kind = self.terms.programme(enrolment, series.programme_version).occasion(series.occasion_kind)
        validity = self.terms.validity(enrolment, asking)
        ask = asking.ask
        if series.ask:
            ask = (*(name for name in ask if name in validity.safety), *series.ask)
        moments = {name: answer.at for name, answer in self.known.answered.items()}
        remaining = validity.remaining(ask, moments, slot_time(kind, series, at.asked), now=self.terms.now)
        return Planned(at.asked, series, enrolment, kind, asking, remaining, at.following)

    def _live(self, planned: Mapping[SlotId, Planned]) -> dict[SlotId, Planned]:
        """Leave out what need not be asked: due slots that were answered otherwise, and appointments that are over."""
        live: dict[SlotId, Planned] = {}
        for slot_id, one in planned.items():
            is_due = one.slot.due_at <= self.terms.now
            if one.is_answered and is_due:
                self._count_as_answered(one)
            elif is_due and is_over(one, self.terms.today):
                self.changes.change(replace(one.slot, state=SlotState.CANCELLED))
            elif not one.is_answered:
                live[slot_id] = one
        return live

    def _count_as_answered(self, one: Planned) -> None:
        """Let the occasion that had the newest of its answers stand for a slot."""
        answers = (self.known.answered[name] for name in one.series.ask or one.asking.ask)
        newest = max(answers, key=lambda answer: answer.at)
        self.changes.change(replace(one.slot, state=SlotState.ANSWERED, occasion_id=newest.occasion_id))
        self.changes.add(one.following)

    def _grouped(self, planned: Mapping[SlotId, Planned]) -> Grouped:
        wanted = [wanted_of(one, self.terms.today) for one in planned.values()]
        if not any(one.is_due for one in wanted):
            return NOTHING
        sizes = self.terms.sizes(frozenset(name for one in wanted for name in one.ask))
        limits = self.terms.limits(self.known.enrolments.values())
        return group(wanted, sizes, limits, self.known.past, today=self.terms.today)

    def _ask(self, grouped: Grouped, taken: Sequence[Planned]) -> Occasion:
        programmes = [self.terms.programme(one.enrolment) for one in taken]
        occasion = Occasion(
            id=OccasionId(new_id()),
            patient_ref=self.known.patient_ref,
            state=OccasionState.OPEN,
            opened_at=self.terms.now,
            expires_at=self.terms.now + timedelta(days=max(one.expires_after_days for one in programmes)),
            counted=grouped.counted,
            reminder_days=chain_of(one.reminder_days for one in programmes),
        )
        self.changes.occasions.append((occasion, token_hash(link_token(self.link_key, occasion.id))))
        for one in taken:
            self._take(occasion, one, grouped.left.get(one.slot.id, ()))
        asked = requests_of(self.terms.content, occasion, grouped.ask, at=self.terms.now)
        self.changes.requests.extend(asked)
        told = AuditEvent("open", f"Occasion/{occasion.id}", (occasion.patient_ref,), "delivery")
        self.changes.events.append(told)
        return occasion

    def _take(self, occasion: Occasion, one: Planned, left: tuple[str, ...]) -> None:
        """Tie a slot to the occasion, and plan what comes after it."""
        opened = replace(one.slot, state=SlotState.OPEN, occasion_id=occasion.id, asked_by=one.asking.by)
        self.changes.change(opened)
        if left:
            days = self.terms.programme(one.enrolment).caps.min_days_between
            anchor = self.terms.today + timedelta(days=days)
            rest = rest_of(one.enrolment, one.series, one.slot, Timing(anchor, "", ask=left))
            self.changes.series.append(rest)
            self.changes.add([slot_of(one.enrolment, rest, 0, self.terms.window)])
        self.changes.add(one.following)

    def _put_off(self, slot: Slot, day: date) -> None:
        self.changes.change(replace(slot, due_at=self.terms.put_off(slot, day)))

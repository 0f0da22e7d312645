"""SCHEDULE: what is known of patients who may be asked, read for many of them by one statement for each table."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from dateutil.relativedelta import relativedelta

from delivery.grouping import Past
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, Occasion, OccasionState, Series, Slot
from flow.schedule_terms import Terms
from kernel.ids import EnrolmentId, PatientRef, SeriesId
from store.repositories.requests import Answered
from store.transaction import Tx

OfPatient = TypeVar("OfPatient", Enrolment, Occasion, Slot)
A_YEAR_BACK = timedelta(days=367)


@dataclass(frozen=True, slots=True)
class Known:
    """What planning needs to know of one patient who has no open occasion.

    Args:
        enrolments: active ones, at least one, through which the patient may be asked.
        slots: planned and due, or near enough to have a say; soonest first.
        series: of all these slots, perhaps of others too.
        answered: short name of a questionnaire -> its newest answer.
        past: what the patient was asked before.
    """

    patient_ref: PatientRef
    enrolments: Mapping[EnrolmentId, Enrolment]
    slots: tuple[Slot, ...]
    series: Mapping[SeriesId, Series]
    answered: Mapping[str, Answered]
    past: Past


def known_of(tx: Tx, terms: Terms, patient_refs: Collection[PatientRef], *, reachable: bool) -> Iterator[Known]:
    """Read what is known of patients, in the order of their pseudonyms; whoever cannot be asked is left out.

    Args:
        reachable: only through channels by which the patient may be written to at this moment.
    """
    enrolments = _by_patient(tx.enrolments.active_of(patient_refs, reachable=reachable))
    asked = _by_patient(tx.occasions.sent_since(enrolments, tx.now - A_YEAR_BACK))
    refs = sorted(ref for ref in enrolments if not any(one.state is OccasionState.OPEN for one in asked[ref]))
    if not refs:
        return
    horizon = terms.horizon(one for ref in refs for one in enrolments[ref])
    slots = _by_patient(tx.schedule.due_slots(refs, horizon))
    series = tx.schedule.series_by_id({slot.series_id for ref in refs for slot in slots[ref]})
    answered = tx.requests.newest_answers({ref: min(one.enrolled_at for one in enrolments[ref]) for ref in refs})
    for ref in refs:
        yield Known(
            patient_ref=ref,
            enrolments={one.id: one for one in enrolments[ref]},
            slots=tuple(slots[ref]),
            series=series,
            answered={url.rsplit("/", 1)[-1]: answer for url, answer in answered.get(ref, {}).items()},
            past=_past(asked[ref], terms.today),
        )


def _past(occasions: Iterable[Occasion], today: date) -> Past:
    opened = [(danish_date(one.opened_at), one.counted) for one in occasions]
    counted = tuple(day for day, is_counted in opened if is_counted and day + relativedelta(years=1) > today)
    return Past(counted, max((day for day, _ in opened), default=None))


def _by_patient(rows: Iterable[OfPatient]) -> defaultdict[PatientRef, list[OfPatient]]:
    found: defaultdict[PatientRef, list[OfPatient]] = defaultdict(list)
    for row in rows:
        found[row.patient_ref].append(row)
    return found

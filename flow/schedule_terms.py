"""SCHEDULE: on what terms patients are asked now; what the content says is looked up once for a batch of patients."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from delivery.asking import Asking, asking_of
from delivery.content import Content
from delivery.grouping import Limits, Sizes, tightest
from delivery.parties import Window
from delivery.programme import Programme
from delivery.recurrence import danish_date, due_at, next_open
from delivery.schedule import Enrolment, Series, Slot
from delivery.validity import Validity, validity_of
from questionnaires.model import ItemType, Questionnaire

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Terms:
    """The same for all patients of a batch.

    Args:
        now: the moment of the transaction, aware UTC.
        today: its Danish date.
        window: of the clinic.
        known: what was looked up so far.
    """

    content: Content
    now: datetime
    today: date
    window: Window
    known: dict[Hashable, object] = field(default_factory=dict)

    def programme(self, enrolment: Enrolment, version: str | None = None) -> Programme:
        """Return the programme of an enrolment, in its own version unless another one planned a series."""
        return self.content.programmes.get(enrolment.programme, version or enrolment.programme_version)

    def asking(self, enrolment: Enrolment, series: Series) -> Asking | None:
        """Tell who asks what at a slot of a series today; see `delivery.asking`."""
        place = (enrolment.programme, series.programme_version, series.occasion_kind, _chosen(enrolment.slots))
        return self._once(
            ("asking", *place, series.ask), lambda: asking_of(self.content, enrolment, series, self.today)
        )

    def validity(self, enrolment: Enrolment, asking: Asking) -> Validity:
        """Tell how long answers are valid: as the variant says that asks, else as the enrolment's own programme."""
        programme, slots = (
            (asking.programme, asking.slots) if asking.by else (self.programme(enrolment), enrolment.slots)
        )
        return self._once(
            ("validity", programme.id, programme.version, _chosen(slots)),
            lambda: validity_of(self.content, programme, slots),
        )

    def horizon(self, enrolments: Iterable[Enrolment]) -> datetime:
        """Tell until when a slot may be due that has a say in what is asked now."""
        programmes = {(one.programme, one.programme_version): self.programme(one) for one in enrolments}
        return self.now + timedelta(days=max(_reach(one) for one in programmes.values()) + 1)

    def limits(self, enrolments: Iterable[Enrolment]) -> Limits:
        """Join the caps and spans of a patient's programmes, at least one."""
        keys = tuple((one.programme, one.programme_version) for one in enrolments)
        programmes = (self.content.programmes.get(*key) for key in keys)
        return self._once(("limits", keys), lambda: tightest((one.caps, one.grouping) for one in programmes))

    def sizes(self, names: frozenset[str]) -> Sizes:
        """Tell how long questionnaires are, and which are safety screens."""
        return self._once(("sizes", names), lambda: self._sizes(names))

    def next_open(self) -> datetime:
        """Tell when patients may be written to next."""
        return self._once("next open", lambda: next_open(self.now, self.window))

    def put_off(self, slot: Slot, day: date) -> datetime:
        """Tell when a slot is due that is not asked before a Danish date."""
        return due_at(day, self.window, seed=slot.enrolment_id)

    def _sizes(self, names: frozenset[str]) -> Sizes:
        forms = {name: self.content.questionnaires.newest(name) for name in names}
        return Sizes(
            {name: _items(form) for name, form in forms.items() if not form.safety_screen},
            frozenset(name for name, form in forms.items() if form.safety_screen),
        )

    def _once(self, key: Hashable, look: Callable[[], V]) -> V:
        if key not in self.known:
            self.known[key] = look()
        return cast(V, self.known[key])


def terms_of(content: Content, now: datetime, window: Window) -> Terms:
    """Make the terms of a moment."""
    return Terms(content, now, danish_date(now), window)


def _chosen(slots: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(slots.items()))


def _reach(programme: Programme) -> int:
    """Tell for how many days a programme looks ahead."""
    joins = (kind.joins_days or 0 for kind in programme.occasions)
    return max(programme.grouping.join_days, programme.grouping.replace_days, *joins)


def _items(questionnaire: Questionnaire) -> int:
    """Count the questions, conditional ones included."""
    silent = (ItemType.GROUP, ItemType.DISPLAY)
    return sum(item.type not in silent for item in questionnaire.by_link_id.values())

"""Programmes: what a care package asks when, read from `programmes/*.json`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from pathlib import Path
from types import MappingProxyType

from delivery.occasion_kind import OccasionKind, TriggerType, at_least_one, read_occasion_kind
from delivery.producible import (
    Promise,
    filled,
    refuse_too_long,
    refuse_unproducible,
    refuse_unproducible_needs,
    refuse_unsendable,
)
from delivery.programme_parts import Caps, Grouping, Slot, read_caps, read_grouping, read_slots
from kernel.errors import ContentError, InvalidInputError, Issue
from questionnaires.content_file import Fields
from questionnaires.model import Text
from questionnaires.registry import Registry, version_key
from scoring.catalogue import Catalogue

PROGRAMMES = Path(__file__).parent / "programmes"

_FIELDS = (
    *("id", "version", "package", "title", "alert", "planTarget", "occasions", "reminders", "decision"),
    *("caps", "vectors", "source", "licence", "approval", "notes", "needs", "derived", "slots", "grouping"),
)


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of a programme.

    Args:
        id: such as `kol`.
        version: as in the file.
        sha256: of the file's bytes.
        package: `KOL` or `LRS`.
        status: `draft` or `active`.
        title: shown to people.
        alert: id of the alert table, such as `alert/kol`.
        plan_target: where results of this package usually go, such as `flp`.
        occasions: kinds of occasion, in order.
        reminder_days: days after the invitation was taken on which it is repeated.
        expires_after_days: days after which an occasion is no longer answered.
        decision_valid_months: months for which a decision counts as an assessment.
        caps: how much may be asked.
        grouping: what is asked together.
        slots: questionnaires that an enrolment chooses, by name.
        needs: part of the needs table, such as `kol`; None = no needs assessment.
        derived: ids of the scores that are computed from several questionnaires.
    """

    id: str
    version: str
    sha256: str
    package: str
    status: str
    title: Text
    alert: str
    plan_target: str
    occasions: tuple[OccasionKind, ...]
    reminder_days: tuple[int, ...]
    expires_after_days: int
    decision_valid_months: int
    caps: Caps
    grouping: Grouping
    slots: Mapping[str, Slot] = field(default_factory=lambda: MappingProxyType({}))
    needs: str | None = None
    derived: tuple[str, ...] = ()

    def slot_choice(self, overrides: Mapping[str, str] = MappingProxyType({})) -> Mapping[str, str]:
        """Choose what fills each slot: the programme's default, or what a clinic chose instead.

        Args:
            overrides: slot -> id of a questionnaire.

        Raises:
            InvalidInputError: the programme has no such slot, or the slot does not take this questionnaire.
        """
        issues = [
            Issue("value", "The programme does not offer this.", f"slots.{name}", rule="not-a-choice")
            for name, chosen in overrides.items()
            if name not in self.slots or chosen not in self.slots[name].choices
        ]
        if issues:
            raise InvalidInputError(issues[0].text, issues=issues)
        return MappingProxyType({name: overrides.get(name, slot.default) for name, slot in self.slots.items()})

    def slot_choices(self) -> Iterator[Mapping[str, str]]:
        """List every way to fill the slots."""
        for chosen in product(*(slot.choices for slot in self.slots.values())):
            yield MappingProxyType(dict(zip(self.slots, chosen, strict=True)))

    def asks(self, occasion_id: str, slots: Mapping[str, str]) -> tuple[str, ...]:
        """List the ids of the questionnaires that one kind of occasion asks, in order.

        Args:
            slots: of the enrolment; a slot that it does not name has the programme's default.

        Raises:
            ContentError: the programme has no such occasion.
        """
        return self.occasion(occasion_id).asks({**self.slot_choice(), **slots})

    def of_trigger(self, kind: TriggerType) -> tuple[OccasionKind, ...]:
        """List the occasions that one kind of event makes due."""
        return tuple(occasion for occasion in self.occasions if occasion.trigger.type is kind)

    @property
    def fixed(self) -> tuple[OccasionKind, ...]:
        """The occasions that come back whatever level is decided."""
        return tuple(one for one in self.of_trigger(TriggerType.EVERY) if one.trigger.months is not None)

    def occasion(self, occasion_id: str) -> OccasionKind:
        """Return the kind of occasion with this id.

        Raises:
            ContentError: the programme has none.
        """
        for occasion in self.occasions:
            if occasion.id == occasion_id:
                return occasion
        raise ContentError(f"programme {self.id} {self.version} has no occasion {occasion_id}")

    @property
    def start(self) -> OccasionKind:
        """The occasion that opens the programme."""
        return self.of_trigger(TriggerType.START)[0]

    @property
    def periodic(self) -> OccasionKind:
        """The occasion that comes back by level."""
        return next(one for one in self.of_trigger(TriggerType.EVERY) if one.trigger.months is None)

    def period_months(self, level: int | None) -> int:
        """Return the months between two periodic occasions.

        Args:
            level: the decided differentiation level; None = none decided.
        """
        trigger = self.periodic.trigger
        if level is None:
            return trigger.undecided
        return trigger.months_by_level[level]


class Programmes:
    """Every programme version that was loaded.

    Args:
        prefers: versions that come before all others where none is named; by default no version does.
    """

    def __init__(
        self, programmes: tuple[Programme, ...], prefers: Callable[[Programme], bool] = lambda _: False
    ) -> None:
        self._by_key = {(programme.id, programme.version): programme for programme in programmes}
        self._prefers = prefers

    def preferring(self, prefers: Callable[[Programme], bool]) -> "Programmes":
        """Return the same programmes, of which some count as newer than all others."""
        return Programmes(tuple(self._by_key.values()), prefers)

    @classmethod
    def load(cls, directory: Path | None = None, *, registry: Registry, catalogue: Catalogue) -> "Programmes":
        """Read and check every programme file.

        Args:
            directory: with `*.json`; the service's own programmes by default.
            registry: the questionnaires that may be asked.
            catalogue: the tables that may be named.

        Raises:
            ContentError: a file is not a programme, or asks or promises what does not exist.
        """
        paths = sorted((directory or PROGRAMMES).glob("*.json"))
        return cls(tuple(_checked(path, registry, catalogue) for path in paths))

    def get(self, programme_id: str, version: str | None = None) -> Programme:
        """Return one version, or the newest.

        Raises:
            ContentError: it is not loaded.
        """
        if version is None:
            return self.newest(programme_id)
        try:
            return self._by_key[programme_id, version]
        except KeyError:
            raise ContentError(f"programme {programme_id} {version} is not loaded") from None

    def newest(self, programme_id: str) -> Programme:
        """Return the newest version, preferred ones before others.

        Raises:
            ContentError: no version is loaded.
        """
        versions = [programme for programme in self.all() if programme.id == programme_id]
        if not versions:
            raise ContentError(f"programme {programme_id} is not loaded")
        return max(versions, key=lambda programme: (self._prefers(programme), version_key(programme.version)))

    def all(self) -> tuple[Programme, ...]:
        """Return every version of every programme, by id and version."""
        return tuple(sorted(self._by_key.values(), key=lambda one: (one.id, version_key(one.version))))


def parse_programme(raw: bytes, name: str) -> Programme:
    """Read one programme file.

    Args:
        raw: the file's bytes.
        name: the file's name, which must be `<id>-<version>.json`.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    programme = _programme(fields, sha256(raw).hexdigest())
    if name != f"{programme.id}-{programme.version}.json":
        raise ContentError(f"{name} holds {programme.id} {programme.version}")
    _check_shape(programme, name)
    _check_vectors(programme, fields)
    return programme


def _programme(fields: Fields, digest: str) -> Programme:
    for name in ("source", "licence"):
        fields.text(name)
    version_key(fields.text("version"))
    reminders = fields.part("reminders")
    return Programme(
        id=fields.text("id"),
        version=fields.text("version"),
        sha256=digest,
        package=fields.text("package"),
        status=fields.part("approval").text("status"),
        title=fields.bilingual("title"),
        alert=fields.text("alert"),
        plan_target=fields.text("planTarget"),
        occasions=tuple(read_occasion_kind(part) for part in fields.parts("occasions")),
        # An empty list is a choice; a list that was left out is a fault.
        reminder_days=() if reminders.raw.get("afterDays") == [] else reminders.integers("afterDays"),
        expires_after_days=at_least_one(reminders, "expiresAfterDays"),
        decision_valid_months=at_least_one(fields.part("decision"), "validMonths"),
        caps=read_caps(fields.part("caps")),
        grouping=read_grouping(fields.part("grouping")) if "grouping" in fields else Grouping(),
        slots=read_slots(fields),
        needs=fields.text("needs") if "needs" in fields else None,
        derived=fields.texts("derived") if fields.raw.get("derived") else (),
    )


def _check_shape(programme: Programme, name: str) -> None:
    """Refuse a programme without exactly one start and one periodic occasion, or with two of one id."""
    ids = [occasion.id for occasion in programme.occasions]
    if len(set(ids)) != len(ids):
        raise ContentError(f"{name} has two occasions of one id")
    by_level = len(programme.of_trigger(TriggerType.EVERY)) - len(programme.fixed)
    for kind, found in (("start", len(programme.of_trigger(TriggerType.START))), ("every by level", by_level)):
        if found != 1:
            raise ContentError(f"{name} needs exactly one occasion with trigger {kind}")
    days = (0, *programme.reminder_days, programme.expires_after_days)
    if sorted(set(days)) != list(days):
        raise ContentError(f"{name}: reminders come one after another, before the occasion expires")


def _check_vectors(programme: Programme, fields: Fields) -> None:
    """Refuse a programme whose intervals are not those that its own examples state."""
    stated: dict[int | None, int] = {}
    for vector in fields.parts("vectors"):
        vector.refuse_others(("level", "months"))
        level = None if vector.raw.get("level") is None else at_least_one(vector, "level")
        stated[level] = at_least_one(vector, "months")
    given = {level: programme.period_months(level) for level in (None, *programme.periodic.trigger.months_by_level)}
    if stated != given:
        raise fields.fail("vectors", "the interval of every level, as the occasions give it,")


def _checked(path: Path, registry: Registry, catalogue: Catalogue) -> Programme:
    programme = parse_programme(path.read_bytes(), path.name)
    table = catalogue.table(programme.alert)
    for slots in programme.slot_choices():
        occasions = filled(programme.occasions, slots)
        promise = Promise(occasions, slots, programme.derived, catalogue.newest_rules(), path.name)
        refuse_unproducible(promise, table, registry)
        refuse_unsendable(promise)
        refuse_too_long(promise, registry, programme.caps.items_per_occasion)
        if programme.needs is not None:
            refuse_unproducible_needs(promise, catalogue.needs(), programme.needs)
    for derived in programme.derived:
        catalogue.derived(derived)
    return programme

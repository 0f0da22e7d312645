"""What waits in each enrolment, kept in one row by the transactions that change it, so that a list need not look."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, literal, null, select, true
from sqlalchemy.sql.dml import ReturningInsert

from delivery.schedule import Enrolment, EnrolmentState
from delivery.worklist import OTHERS, Worsening, known_after, place_of
from kernel.ids import EnrolmentId, OccasionId, PatientRef, PersonId, PostponementId
from questionnaires.model import Text
from scoring.decision import Decision
from scoring.levels import Colour
from scoring.suggestion import FiledSuggestion
from store.base import table_of
from store.dialect import insert_for, insert_named
from store.repositories.alert_json import text_to_json
from store.scope import OF_CLINIC, Scope
from store.tables.enrolment import EnrolmentRow
from store.tables.slot import SlotRow
from store.tables.suggestion import SuggestionRow
from store.tables.work import WorkRow

ENROLMENT, SLOT, SUGGESTION = table_of(EnrolmentRow), table_of(SlotRow), table_of(SuggestionRow)
WORK = table_of(WorkRow)
BEST, SAME = place_of(Colour.GREEN), 1
"""Place and step of a row in which nothing was answered yet."""
WORSE = 0
"""Step of a row that got worse: in its colour since it was decided on, or in a score since the answer before."""
KEY = ("clinic_id", "id")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a suggestion stands on the list.

    Args:
        tier: 0 = above every day.
        due_day: Danish day by which it is to be looked at.
        may_alert: it is news, unless as much was known before.
        worse: the score that got clearly worse.
    """

    tier: int
    due_day: date
    may_alert: bool
    worse: Worsening | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """What an answer did to its row.

    Args:
        is_news: it is worse than what the clinic knew or expected.
        broken: the postponement that it ended.
    """

    is_news: bool
    broken: PostponementId | None


@dataclass(frozen=True, slots=True)
class Work:
    """Keeps the rows of one clinic."""

    scope: Scope

    def answered(self, enrolment: Enrolment, suggestion: FiledSuggestion, standing: Standing) -> Noted:
        """Let a new suggestion wait for somebody; by answering again nobody moves back on the list."""
        place = place_of(suggestion.alert.colour)
        needs = suggestion.needs
        (row,) = self.scope.rows_of(
            _answered(self.scope.connection.dialect.name),
            new_id=enrolment.id,
            new_patient_ref=enrolment.patient_ref,
            new_package=enrolment.package,
            new_suggestion_id=suggestion.id,
            new_occasion_id=suggestion.occasion_id,
            new_tier=standing.tier,
            new_due_day=standing.due_day,
            new_place=place,
            new_answered_at=suggestion.made_at,
            new_level=int(needs.level) if needs and needs.level else None,
            new_news=place if standing.may_alert else BEST,
            new_step=WORSE if standing.worse else SAME,
            new_worse=_worse_columns(standing.worse),
        )
        broken = row.postponement_id if row.postponed_until is None else None
        return Noted(row.alerted_by == suggestion.id, PostponementId(broken) if broken else None)

    def decided(self, decision: Decision) -> None:
        """Let nothing wait any more in an enrolment; what its patient wished was heard."""
        values = {
            "waits": False,
            "tier": OTHERS,
            "due_day": None,
            "place": place_of(decision.colour),
            "step": SAME,
            "worse": None,
            "level": None if decision.level is None else int(decision.level),
            "decided_place": place_of(decision.colour),
            "known_place": place_of(known_after(decision.colour)),
            "wished_at": None,
        }
        self.scope.update(WORK, (WORK.c.id == decision.enrolment_id,), values)

    def unanswered(self, occasion_id: OccasionId, at: datetime) -> None:
        """Say that the time of an occasion is over, for the enrolments of which it asked and got nothing."""
        asked = (SUGGESTION.c.clinic_id == ENROLMENT.c.clinic_id, SUGGESTION.c.enrolment_id == ENROLMENT.c.id)
        answered = exists().where(*asked, SUGGESTION.c.occasion_id == occasion_id)
        self._mark(occasion_id, "unanswered_at", at, ~answered)

    def undelivered(self, occasion_id: OccasionId, at: datetime) -> None:
        """Say that nobody could be reached about an occasion."""
        self._mark(occasion_id, "undelivered_at", at)

    def wished(self, occasion_id: OccasionId, at: datetime) -> tuple[tuple[EnrolmentId, PostponementId | None], ...]:
        """Say that the patient wishes to be contacted; who was put off is not any more.

        Returns:
            The enrolments that the occasion asks for, each with the postponement that the wish ended.
        """
        self._mark(occasion_id, "wished_at", at)
        mine = WORK.c.id.in_(_asking(self.scope.clinic_id, occasion_id))
        rows = self.scope.update_returning(WORK, (mine,), {"postponed_until": None})
        return tuple((EnrolmentId(row.id), row.postponement_id) for row in rows)

    def wishes_no_more(self, occasion_id: OccasionId) -> None:
        """Say that the patient took the wish back."""
        mine = WORK.c.id.in_(_asking(self.scope.clinic_id, occasion_id))
        self.scope.update(WORK, (mine,), {"wished_at": None})

    def contacted(self, patient_ref: PatientRef) -> tuple[EnrolmentId, ...]:
        """Say that somebody has contacted a patient who wished it; empty if there was no wish any more."""
        wish = (WORK.c.patient_ref == patient_ref, WORK.c.wished_at.is_not(None))
        return tuple(EnrolmentId(row.id) for row in self.scope.update_returning(WORK, wish, {"wished_at": None}))

    def wished_at(self, enrolment_id: EnrolmentId) -> datetime | None:
        """Return since when the patient of an enrolment wishes to be contacted."""
        row = self.scope.first(self.scope.select(WORK, WORK.c.id == enrolment_id))
        return row.wished_at if row else None

    def postpone(self, enrolment_id: EnrolmentId, postponement_id: PostponementId, until: date, known: Colour) -> bool:
        """Put an enrolment off; False where it has no row, so that there is nothing to put off.

        Args:
            known: the colour that is expected: nothing that is not worse is news until then.
        """
        expected = place_of(known_after(known))
        values = {
            "postponed_until": until,
            "postponement_id": postponement_id,
            "expected_place": expected,
            "known_place": case((WORK.c.known_place < expected, WORK.c.known_place), else_=expected),
        }
        return self.scope.update(WORK, (WORK.c.id == enrolment_id,), values) == 1

    def resume(self, enrolment_id: EnrolmentId) -> PostponementId | None:
        """Put an enrolment off no longer; None if it was not put off."""
        here = (WORK.c.id == enrolment_id, WORK.c.postponement_id.is_not(None))
        row = self.scope.first(self.scope.select(WORK, *here))
        cleared = {"postponed_until": None, "postponement_id": None, "expected_place": None}
        return PostponementId(row.postponement_id) if row and self.scope.update(WORK, here, cleared) else None

    def assign(self, patient_refs: Collection[PatientRef], person_id: PersonId | None) -> int:
        """Say who looks after patients; None = nobody in particular."""
        return self.scope.update(WORK, (WORK.c.patient_ref.in_(sorted(patient_refs)),), {"assigned_to": person_id})

    def pass_all(self, person_id: PersonId, to: PersonId | None) -> int:
        """Give all patients of a person to another; tell how many rows there were."""
        return self.scope.update(WORK, (WORK.c.assigned_to == person_id,), {"assigned_to": to})

    def _mark(self, occasion_id: OccasionId, column: str, at: datetime, *where: Any) -> None:
        mine = (
            ENROLMENT.c.clinic_id == self.scope.clinic_id,
            ENROLMENT.c.state != EnrolmentState.ENDED,
            ENROLMENT.c.id.in_(_asking(self.scope.clinic_id, occasion_id)),
        )
        columns = ("clinic_id", "id", "patient_ref", "package")
        fresh = {"tier": OTHERS, "place": BEST, "step": SAME, "known_place": BEST}
        values: list[Any] = [literal(value) for value in fresh.values()]
        moment = literal(at, WORK.c[column].type)
        query = select(*(ENROLMENT.c[name] for name in columns), *values, moment).where(*mine, *where)
        statement = insert_for(self.scope.connection, WORK).from_select([*columns, *fresh, column], query)
        self.scope.run(statement.on_conflict_do_update(index_elements=list(KEY), set_={column: moment}))


def _asking(clinic_id: str, occasion_id: OccasionId) -> Any:
    return select(SLOT.c.enrolment_id).where(SLOT.c.clinic_id == clinic_id, SLOT.c.occasion_id == occasion_id)


def worsening_from(columns: dict[str, Any] | None) -> Worsening | None:
    """Make the value of what a row keeps of it."""
    return Worsening(**{**columns, "title": Text(**columns["title"])}) if columns else None


def _worse_columns(worse: Worsening | None) -> dict[str, Any] | None:
    return {**asdict(worse), "title": text_to_json(worse.title)} if worse else None


@cache
def _answered(dialect: str) -> ReturningInsert[Any]:
    """Write the statement by which an answer changes its row, or makes it."""
    fields = ("id", "patient_ref", "package", "suggestion_id", "occasion_id", "tier", "due_day", "place", "worse")
    given: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=WORK.c[name].type) for name in (*fields, "step", "level")
    }
    news = bindparam("new_news", type_=WORK.c.known_place.type)
    given["answered_at"] = bindparam("new_answered_at", type_=WORK.c.answered_at.type)
    known = {"known_place": news, "alerted_by": case((news < BEST, given["suggestion_id"]), else_=null())}
    fresh = {"clinic_id": bindparam(OF_CLINIC), "waits": true(), "assigned_to": _whose(given)}
    statement = insert_named(dialect, WORK).values({**given, **known, **fresh})
    changed = {**_kept_place(given), **_kept_news(given, news), "waits": true()}
    statement = statement.on_conflict_do_update(index_elements=list(KEY), set_=changed)
    return statement.returning(WORK.c.alerted_by, WORK.c.postponement_id, WORK.c.postponed_until)


def _whose(given: dict[str, Any]) -> Any:
    """Find who looks after the patient already, in another package."""
    other = WORK.alias("other")
    mine = (other.c.clinic_id == bindparam(OF_CLINIC), other.c.patient_ref == given["patient_ref"])
    return select(other.c.assigned_to).where(*mine, other.c.assigned_to.is_not(None)).limit(1).scalar_subquery()


def _kept_place(given: dict[str, Any]) -> dict[str, Any]:
    """Say what becomes of the row's place: what waits since an earlier occasion keeps its day."""
    elsewhere = and_(WORK.c.waits, WORK.c.occasion_id != given["occasion_id"])
    place, decided = given["place"], WORK.c.decided_place
    return {
        **{name: given[name] for name in ("suggestion_id", "occasion_id", "answered_at", "worse")},
        "tier": case((and_(elsewhere, WORK.c.tier < given["tier"]), WORK.c.tier), else_=given["tier"]),
        "due_day": case((and_(elsewhere, WORK.c.due_day < given["due_day"]), WORK.c.due_day), else_=given["due_day"]),
        "place": case((decided < place, decided), else_=place),
        "step": case((decided > place, WORSE), else_=given["step"]),
        "level": case((decided.is_(None), given["level"]), else_=WORK.c.level),
    }


def _kept_news(given: dict[str, Any], news: Any) -> dict[str, Any]:
    """Say what of an answer is news, and whether it ends a postponement: red does, and what is worse than expected."""
    is_news = news < WORK.c.known_place
    breaks = (news == place_of(Colour.RED)) | (news < WORK.c.expected_place)
    return {
        "known_place": case((is_news, news), else_=WORK.c.known_place),
        "alerted_by": case((is_news, given["suggestion_id"]), else_=WORK.c.alerted_by),
        "postponed_until": case((breaks, null()), else_=WORK.c.postponed_until),
        "unanswered_at": null(),
        "undelivered_at": null(),
    }

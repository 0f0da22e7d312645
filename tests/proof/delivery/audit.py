"""I1 and I2 as questions to the tables: each counts what contradicts the invariant, after whatever happened."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, text

from store.database import Store
from store.types import UtcDateTime

SAME_OCCASION = "o.clinic_id = {0}.clinic_id AND o.id = {0}.occasion_id"
OF_SERIES = "s.clinic_id = r.clinic_id AND s.series_id = r.id"

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        # I1: a slot, once made, is somewhere, and its series goes on.
        "series that go on without a next slot": f"""
            SELECT count(*) FROM series r WHERE r.ended_at IS NULL AND r.period_months > 0
            AND (SELECT count(*) FROM slot s WHERE {OF_SERIES} AND s.state = 'planned') <> 1""",
        "series with a gap": f"""
            SELECT count(*) FROM series r WHERE (SELECT count(*) FROM slot s WHERE {OF_SERIES})
            <> (SELECT max(s.k) - min(s.k) + 1 FROM slot s WHERE {OF_SERIES})""",
        "due slots that nobody took": """
            SELECT count(*) FROM slot s JOIN enrolment e ON e.clinic_id = s.clinic_id AND e.id = s.enrolment_id
            WHERE s.state = 'planned' AND s.due_at <= :now AND e.state = 'active' AND NOT EXISTS (
            SELECT 1 FROM occasion o
            WHERE o.clinic_id = s.clinic_id AND o.patient_ref = s.patient_ref AND o.state = 'open')""",
        "slots that their occasion contradicts": f"""
            SELECT count(*) FROM slot s JOIN occasion o ON {SAME_OCCASION.format("s")}
            WHERE s.state <> 'cancelled' AND (s.state, o.state) NOT IN (
            VALUES ('open', 'open'), ('answered', 'completed'), ('answered', 'expired'), ('expired', 'expired'))""",
        "requests that their occasion contradicts": f"""
            SELECT count(*) FROM request q JOIN occasion o ON {SAME_OCCASION.format("q")}
            WHERE q.state IN ('requested', 'in-progress') AND o.state <> 'open'
            OR q.state = 'expired' AND o.state <> 'expired'""",
        "occasions that ask nothing": f"""
            SELECT count(*) FROM occasion o WHERE NOT EXISTS (
            SELECT 1 FROM request q WHERE {SAME_OCCASION.format("q")})
            OR o.state = 'open' AND NOT EXISTS (SELECT 1 FROM request q
            WHERE {SAME_OCCASION.format("q")} AND q.state IN ('requested', 'in-progress'))""",
        "occasions whose time is over": "SELECT count(*) FROM occasion WHERE state = 'open' AND expires_at <= :now",
        "invitations and occasions that are not one to one": f"""
            SELECT count(*) FROM occasion o WHERE (SELECT count(*) FROM outbox m
            WHERE {SAME_OCCASION.format("m")} AND m.kind = 'invitation') <> 1""",
        "expired occasions that the clinic was not told of once": f"""
            SELECT count(*) FROM occasion o WHERE o.state = 'expired' AND (SELECT count(*) FROM outbox m
            WHERE {SAME_OCCASION.format("m")} AND m.kind = 'inbox-not-answered') <>
            (SELECT count(DISTINCT s.enrolment_id) FROM slot s WHERE {SAME_OCCASION.format("s")})""",
        "answers that the clinic was not told of once": """
            SELECT count(*) FROM response p WHERE (SELECT count(*) FROM outbox m
            WHERE m.clinic_id = p.clinic_id AND m.response_id = p.id AND m.kind = 'inbox-answer') <> 1""",
        "messages that somebody still holds": "SELECT count(*) FROM outbox WHERE state IN ('leased', 'in-doubt')",
        "due messages that nobody took": "SELECT count(*) FROM outbox WHERE state = 'due' AND due_at <= :now",
        "accepted messages without one counted attempt": """
            SELECT count(*) FROM outbox m WHERE m.state = 'accepted' AND (SELECT count(*) FROM attempt a
            WHERE a.clinic_id = m.clinic_id AND a.message_id = m.id AND a.counted AND a.outcome = 'accepted') <> 1""",
        # I2: nothing is there twice.
        "places of a series taken twice": """
            SELECT count(*) FROM (SELECT 1 FROM slot GROUP BY clinic_id, series_id, k HAVING count(*) > 1) t""",
        "dates of an enrolment asked twice": """
            SELECT count(*) FROM (SELECT 1 FROM slot s JOIN series r ON r.clinic_id = s.clinic_id AND r.id = s.series_id
            WHERE r.ended_at IS NULL GROUP BY s.clinic_id, s.enrolment_id, r.occasion_kind, r.reason, s.nominal_date
            HAVING count(*) > 1) t""",
        "questionnaires asked twice in an occasion": """
            SELECT count(*) FROM (SELECT 1 FROM request GROUP BY clinic_id, occasion_id, questionnaire
            HAVING count(*) > 1) t""",
        "patients with two open occasions": """
            SELECT count(*) FROM (SELECT 1 FROM occasion WHERE state = 'open' GROUP BY clinic_id, patient_ref
            HAVING count(*) > 1) t""",
        "reminders planned twice": """
            SELECT count(*) FROM (SELECT 1 FROM outbox WHERE reminds IS NOT NULL AND state <> 'cancelled'
            GROUP BY clinic_id, reminds, reminder_no HAVING count(*) > 1) t""",
        "places of a lane taken twice": """
            SELECT count(*) FROM (SELECT 1 FROM outbox GROUP BY clinic_id, lane, sequence HAVING count(*) > 1) t""",
    }
)
WAITING = (
    "due slots that nobody took",
    "occasions whose time is over",
    "messages that somebody still holds",
    "due messages that nobody took",
)
"""What is no contradiction yet while somebody works."""
BY_STATE = "SELECT state, count(*) FROM {0} GROUP BY state ORDER BY state"
MADE = ("slot", "occasion", "request", "outbox")


def differences(store: Store, now: datetime) -> Mapping[str, int]:
    """Count what contradicts the invariants when everything that was due is done; empty where nothing does.

    Args:
        now: the moment at which nothing is left to do, aware UTC.
    """
    with store.survey() as survey:
        found = {name: _count(survey.connection, query, now) for name, query in QUESTIONS.items()}
    return {name: count for name, count in found.items() if count}


def is_quiet(store: Store, now: datetime) -> bool:
    """Tell whether nothing is left to do at this moment."""
    with store.survey() as survey:
        return not any(_count(survey.connection, QUESTIONS[name], now) for name in WAITING)


def made(store: Store) -> Mapping[str, Mapping[str, int]]:
    """Count slots, occasions, requests and messages by state."""
    with store.survey() as survey:
        return {
            table: {str(state): int(count) for state, count in survey.connection.execute(text(BY_STATE.format(table)))}
            for table in MADE
        }


def _count(connection: Connection, query: str, now: datetime) -> int:
    moment = [bindparam("now", now, UtcDateTime)] if ":now" in query else []
    return int(connection.execute(text(query).bindparams(*moment)).scalar_one())

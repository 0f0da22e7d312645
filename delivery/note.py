"""The record note (frase) of a decision: plain text, gentle words, fixed headings; the words are in `note.json`."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from delivery.plans.port import PlanReport, ReportedAction, ReportedDecision, ReportedScore
from delivery.recurrence import danish_date

_WORDS: dict[str, Any] = json.loads((Path(__file__).parent / "note.json").read_text(encoding="utf-8"))
LONGEST: int = _WORDS["longest"]
"""Characters of a note; what does not fit is left out from the end of the longest list, and said to be."""

_LONGEST_GOAL = 150
_LONGEST_AUTHOR = 60
_LIKE_A_CPR_NUMBER = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")


def note_text(report: PlanReport, decision: ReportedDecision) -> str:
    """Write the note: a fixed first line, then one line per heading.

    The patient reads along in the record: scores are told by the words that patients get, colours by `note.json`.
    It holds neither the patient's name nor a CPR number, not even one that somebody wrote into the goal.
    """
    scores = [text for score in decision.scores if (text := _score(score))]
    needs = [f"{title}: {_WORDS['needs'][colour]}" for title, colour in decision.dimensions]
    plan = [_action(action) for action in decision.actions]
    lists: tuple[list[str], ...] = (scores, needs, plan)
    fitting = (text for kept in (lists, *_shorter(lists)) if len(text := _note(report, decision, kept)) <= LONGEST)
    return next(fitting)


def _note(report: PlanReport, decision: ReportedDecision, lists: tuple[Sequence[str], ...]) -> str:
    scores, needs, plan = lists
    headings = _WORDS["headings"]
    level = _WORDS["level"].format(level=decision.level) if decision.level else _WORDS["noLevel"]
    first = _WORDS["first"].format(
        package=report.package,
        date=_day(danish_date(decision.decided_at)),
        author=_cut(decision.author, _LONGEST_AUTHOR),
    )
    text = "\n".join(
        (
            first,
            f"{headings['status']}: {_WORDS['colours'][decision.colour]} {_sentence(scores) or _WORDS['noScores']}",
            f"{headings['needs']}: {' '.join(part for part in (_sentence(needs), level) if part)}",
            f"{headings['goal']}: {_cut(_one_line(decision.goal), _LONGEST_GOAL) or _WORDS['noGoal']}",
            f"{headings['plan']}: {_sentence(plan) or _WORDS['noPlan']}",
            f"{headings['next']}: {_day(decision.next_due) + '.' if decision.next_due else _WORDS['noNext']}",
        )
    )
    return _LIKE_A_CPR_NUMBER.sub(_WORDS["number"], text)


def _shorter(lists: tuple[list[str], ...]) -> Iterator[tuple[list[str], ...]]:
    """Give ever shorter lists: each time the longest one loses its last entry, and says so."""
    kept = tuple(list(entries) for entries in lists)
    while any(kept):
        del max(kept, key=lambda entries: sum(map(len, entries)))[-1]
        yield tuple(
            [*now, _WORDS["more"]] if len(now) < len(all_) else now for now, all_ in zip(kept, lists, strict=True)
        )


def _score(score: ReportedScore) -> str:
    number = (score.display or "").replace(".", ",")
    words = score.gentle or ("" if number else score.band)
    if not number and not words:
        return ""
    return " ".join(part for part in (score.label, number, f"({words})" if words else "") if part)


def _action(action: ReportedAction) -> str:
    return action.label + (_WORDS["by"].format(date=_day(action.due)) if action.due else "")


def _sentence(entries: Sequence[str]) -> str:
    return f"{'; '.join(entries).rstrip('.')}." if entries else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"

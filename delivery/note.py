"""The record note (frase) of a decision: plain text, gentle words, fixed headings; the words are content."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from delivery.note_file import Note, NoteWords
from delivery.plans.port import ReportedAction, ReportedDecision, ReportedScore
from delivery.recurrence import danish_date

_LONGEST_GOAL = 150
_LONGEST_AUTHOR = 60
_LIKE_A_CPR_NUMBER = re.compile(r"(?<!\d)\d{6}[- ]?\d{4}(?!\d)")


def note_text(note: Note, package: str, decision: ReportedDecision) -> str:
    """Write the note: a fixed first line, then one line per heading.

    The patient reads along in the record: scores are told by the words that patients get, colours by the note's.
    It holds neither the patient's name nor a CPR number, not even one that somebody wrote into the goal. What does not
    fit is left out from the end of the longest list, and said to be: what matters most stands first.
    """
    words = note.of_package(package)
    lists = _lists(words, decision)
    texts = (_note(words, package, decision, kept) for kept in (lists, *_shorter(words, lists)))
    return next(text for text in texts if len(text) <= note.longest)


def _lists(words: NoteWords, decision: ReportedDecision) -> tuple[list[str], ...]:
    scores = [text for score in decision.scores if (text := _score(words, score))]
    needs = [f"{title}: {words.needs[colour]}" for title, colour in decision.dimensions]
    return scores, needs, [_action(words, action) for action in decision.actions]


def _note(words: NoteWords, package: str, decision: ReportedDecision, lists: tuple[Sequence[str], ...]) -> str:
    scores, needs, plan = lists
    texts, headings = words.texts, words.headings
    level = texts["level"].format(level=decision.level) if decision.level else texts["noLevel"]
    first = texts["first"].format(
        package=package,
        date=_day(danish_date(decision.decided_at)),
        author=_cut(decision.author, _LONGEST_AUTHOR),
    )
    text = "\n".join(
        (
            first,
            f"{headings['status']}: {words.colours[decision.colour]} {_sentence(scores) or texts['noScores']}",
            f"{headings['needs']}: {' '.join(part for part in (_sentence(needs), level) if part)}",
            f"{headings['goal']}: {_cut(_one_line(decision.goal), _LONGEST_GOAL) or texts['noGoal']}",
            f"{headings['plan']}: {_sentence(plan) or texts['noPlan']}",
            f"{headings['next']}: {_day(decision.next_due) + '.' if decision.next_due else texts['noNext']}",
        )
    )
    return _LIKE_A_CPR_NUMBER.sub(texts["number"], text)


def _shorter(words: NoteWords, lists: tuple[list[str], ...]) -> Iterator[tuple[list[str], ...]]:
    """Give ever shorter lists: each time the longest one loses its last entry, and says so."""
    kept = tuple(list(entries) for entries in lists)
    while any(kept):
        del max(kept, key=lambda entries: sum(map(len, entries)))[-1]
        yield tuple(
            [*now, words.texts["more"]] if len(now) < len(all_) else now for now, all_ in zip(kept, lists, strict=True)
        )


def _score(words: NoteWords, score: ReportedScore) -> str:
    number = (score.display or "").replace(".", ",")
    meaning = score.gentle or ("" if number else score.band)
    if not number and not meaning:
        return ""
    change = _change(words, score)
    return " ".join(part for part in (score.label, number, f"({meaning})" if meaning else "", change) if part)


def _change(words: NoteWords, score: ReportedScore) -> str:
    if not score.change or score.since is None:
        return ""
    return words.texts["change"].format(delta=score.change.replace(".", ","), date=_day(score.since))


def _action(words: NoteWords, action: ReportedAction) -> str:
    return action.label + (words.texts["by"].format(date=_day(action.due)) if action.due else "")


def _sentence(entries: Sequence[str]) -> str:
    return f"{'; '.join(entries).rstrip('.')}." if entries else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"

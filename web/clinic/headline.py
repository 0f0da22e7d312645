"""One sentence that says how a patient is doing: the score that speaks loudest, and what is suggested or decided."""

from delivery.letter_text import day_of
from flow.case import Case
from scoring.change import Verdict
from scoring.suggestion import Alert
from scoring.trend import Trend
from web.pages import language, text


def headline_of(case: Case) -> str:
    """Say it; empty before the first answer."""
    if case.suggestion is None:
        return ""
    score, said = _score(case), _decided(case) or _suggested(case.suggestion.alert)
    sentence = text("clinic.headline.with-score", score=score, said=said) if score else _capital(said)
    return (
        text("clinic.headline.wished", said=sentence) if case.wished_at else text("clinic.headline.end", said=sentence)
    )


def _decided(case: Case) -> str:
    """Say what was decided, where it was about the newest answers."""
    if case.state.is_awaiting or not case.decisions:
        return ""
    newest = case.decisions[0]
    key = "clinic.headline.decided-level" if newest.level else "clinic.headline.decided"
    colour = text(f"clinic.colour.{newest.colour}").lower()
    return text(key, colour=colour, level=newest.level and newest.level.value, when=day_of(newest.decided_at))


def _suggested(alert: Alert) -> str:
    worst = alert.worst
    if worst is None:
        return text("clinic.headline.no-alert")
    return text(
        "clinic.headline.suggested",
        colour=text(f"clinic.colour.{alert.colour.value}").lower(),
        urgency=text(f"clinic.urgency.{alert.urgency.value}").lower(),
        reason=_small(worst.reason.in_language(language()).rstrip(".")),
    )


def _score(case: Case) -> str:
    """Say the score that got clearly worse, or else the first whose changes its instrument judges."""
    leading = [course.leading for course in case.courses if course.leading]
    answered = [one for one in leading if one.newest.score.display is not None]
    if not answered:
        return ""
    return _told(next((one for one in answered if one.newest.verdict is Verdict.WORSE), answered[0]))


def _told(trend: Trend) -> str:
    newest = trend.newest
    label = trend.definition.label.in_language(language())
    value = (newest.score.display or "").replace(".", ",")
    if not newest.delta:
        return text("clinic.headline.score", label=label, value=value)
    delta, since = newest.delta.replace(".", ",").replace("-", "−"), day_of(trend.points[-2].answered_at)
    return text("clinic.headline.score-change", label=label, value=value, delta=delta, since=since)


def _small(words: str) -> str:
    """Begin with a small letter; an abbreviation such as CAT stays as it is."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

"""COURSE: how the scores of an enrolment's instruments went over time, from what the tables look back at."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.content import Content
from delivery.licence_free import variant_of
from delivery.schedule import Enrolment
from flow.topics import with_topics
from questionnaires.model import Text
from scoring.history import PastResponse
from scoring.rule import ScoringRule
from scoring.trend import Trend, trends
from store.transaction import Tx

MOST_POINTS = 24
"""Points of one trend: years of answering; a picture of more could not be read."""


@dataclass(frozen=True, slots=True)
class Course:
    """One instrument over time.

    Args:
        title: of the instrument.
        rule: of the newest answer; names scores and bands.
        trends: one for each score.
    """

    id: str
    title: Text
    rule: ScoringRule
    trends: tuple[Trend, ...]

    @property
    def leading(self) -> Trend | None:
        """The score whose changes the instrument judges; None where it judges none."""
        return next((one for one in self.trends if one.change is not None), None)


def courses_of(tx: Tx, content: Content, enrolment: Enrolment) -> tuple[Course, ...]:
    """Follow every instrument that the enrolment's programme asks, in the order in which it asks them.

    An answer that another package of the patient asked for stands there too: it serves both.
    """
    history = with_topics(tx, content, tx.history.of(enrolment))
    by_name: dict[str, list[PastResponse]] = {}
    for response in history.responses:
        by_name.setdefault(response.questionnaire_id, []).append(response)
    wanted = instruments_of(content, enrolment)
    return tuple(_course(content, name, by_name[name]) for name in wanted if name in by_name)


def instruments_of(content: Content, enrolment: Enrolment) -> tuple[str, ...]:
    """List what the programme asks, and what its licence-free variant may have asked instead."""
    own = content.programmes.get(enrolment.programme, enrolment.programme_version)
    variant = variant_of(content.licences, content.programmes, own)
    found = [name for kind in own.occasions for name in kind.asks({**own.slot_choice(), **enrolment.slots})]
    if variant is not None:
        found += [name for kind in variant.occasions for name in kind.asks(variant.slot_choice())]
    return tuple(dict.fromkeys(found))


def _course(content: Content, name: str, series: Sequence[PastResponse]) -> Course:
    newest = series[-1].questionnaire
    rule = content.catalogue.rule_for(newest)
    return Course(name, rule.title, rule, trends(rule, series, most=MOST_POINTS))

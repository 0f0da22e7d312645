"""RESCORE: stored answers are scored again by the rules of today; what was known before is kept beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from delivery.content import Content
from kernel.ids import Canonical, ResponseId
from questionnaires.gate import check_response
from questionnaires.statuses import CHANGING_STATUSES
from scoring.result import Scored
from scoring.rule import ScoringRule
from scoring.scores import score
from scoring.vector_scores import VectorScorer, tells_all
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.repositories.rescoring import StoredVector, Unscored
from store.transaction import Tx

CHUNK = 5_000
"""Responses of one transaction: a kill loses at most so many, and no writer waits longer than they take."""
Told = Callable[[int, int], None]
"""Is told after each chunk how many responses are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class RescoreOrder:
    """What to score again.

    Args:
        questionnaires: `url|version` of each; empty means every one that has a rule.
        since: only responses received from then on, aware; None = all.
    """

    questionnaires: tuple[Canonical, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rescored:
    """What came of it.

    Args:
        responses: scored again, by `url|version`; questionnaires without one are left out.
        changed: of them, those of which a result is another one now.
    """

    responses: Mapping[Canonical, int]
    changed: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a comparison.

    Args:
        responses: looked at.
        different: the first response whose answers do not give the scores that are stored; None if all do.
    """

    responses: int
    different: ResponseId | None


@dataclass(frozen=True, slots=True)
class RescoreResponses:
    """The use case.

    Args:
        chunk: responses of one transaction.
    """

    store: Store
    content: Content
    chunk: int = CHUNK

    def __call__(self, actor: Actor, order: RescoreOrder, *, told: Told) -> Rescored:
        """Score every response of the actor's clinic that the current rule of its questionnaire has not scored.

        Each chunk is a transaction of its own, and what it has scored is not left any more: a run that was killed goes
        on where it was, and a second run finds nothing to do. Suggestions and decisions stay as they were made, with
        the values that they were made from; the next suggestion reads the new scores.

        Raises:
            ContentError: a named questionnaire has no rule.
        """
        allow(actor, Action.OPERATE)
        wanted = [Unscored(rule.questionnaire, rule.version, order.since) for rule in self._rules(order)]
        with self.store.read(actor.clinic_id, actor) as tx:
            left = {one.questionnaire: tx.rescoring.count(one) for one in wanted}
        done: dict[Canonical, int] = {}
        changed = 0
        for one in wanted:
            scorer = self._scorer(one)
            after: ResponseId | None = None
            while part := self._chunk(actor, one, scorer, after):
                after = part.last
                changed += part.changed
                done[one.questionnaire] = done.get(one.questionnaire, 0) + part.responses
                told(sum(done.values()), sum(left.values()))
        return Rescored(done, changed)

    def compare(self, actor: Actor) -> Compared:
        """Score every response again that a current rule has scored, and compare; nothing is changed."""
        allow(actor, Action.OPERATE)
        compared = 0
        for rule in self.content.catalogue.rules():
            wanted = Unscored(rule.questionnaire, rule.version)
            scorer = self._scorer(wanted)
            after: ResponseId | None = None
            while True:
                with self.store.read(actor.clinic_id, actor) as tx:
                    stored = tx.rescoring.scored(wanted, after, self.chunk)
                    different = tx.rescoring.different({one.id: scorer(tx, one) for one in stored})
                compared += len(stored)
                if different is not None or not stored:
                    break
                after = stored[-1].id
            if different is not None:
                return Compared(compared, different)
        return Compared(compared, None)

    def _rules(self, order: RescoreOrder) -> list[ScoringRule]:
        if not order.questionnaires:
            return list(self.content.catalogue.rules())
        return [self.content.catalogue.rule_for(canonical) for canonical in order.questionnaires]

    def _chunk(self, actor: Actor, wanted: Unscored, scorer: "_Scorer", after: ResponseId | None) -> "_Part | None":
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.rescoring.take_turn()
            stored = tx.rescoring.vectors(wanted, after, self.chunk)
            if not stored:
                return None
            changed = tx.rescoring.replace({one.id: scorer(tx, one) for one in stored})
            patients = tuple(sorted({one.patient_ref for one in stored}))
            entity = f"Questionnaire/{self.content.questionnaires.get(wanted.questionnaire).fhir_id}"
            tx.audit.record(AuditEvent("rescore", entity, patients, purpose="operation"))
        return _Part(len(stored), changed, stored[-1].id)

    def _scorer(self, wanted: Unscored) -> "_Scorer":
        rule = self.content.catalogue.rule_for(wanted.questionnaire)
        plan = self.content.questionnaires.plan(wanted.questionnaire)
        whole = VectorScorer.of(rule, plan) if tells_all(rule, plan.questionnaire) else None
        return _Scorer(self.content, rule, whole)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one transaction did."""

    responses: int
    changed: int
    last: ResponseId


@dataclass(frozen=True, slots=True)
class _Scorer:
    """Scores a stored response: from its vector, or from its bytes where free text decides what was asked."""

    content: Content
    rule: ScoringRule
    from_vector: VectorScorer | None

    def __call__(self, tx: Tx, stored: StoredVector) -> Scored:
        rule = self.rule
        if self.from_vector is not None:
            return Scored(rule.questionnaire, rule.version, self.from_vector(stored.vector), rule.params)
        registry = self.content.questionnaires
        checked = check_response(tx.responses.raw(stored.id), registry, statuses=CHANGING_STATUSES)
        return score(rule, registry.get(rule.questionnaire), checked)

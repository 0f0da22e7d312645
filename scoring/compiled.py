"""A rule as tables: count the answers, then look up the score that they give."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Questionnaire
from scoring.result import Score

Counted = tuple[int | None, ...]
"""Total, answered and missing of some items, and the points of their gate if they have one."""
Key = Counted | tuple[Counted, ...]
Setting = tuple[int | str, ...]
"""Values of a rule's parameters, in their order."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the answers to some items as a score does.

    Args:
        items: linkId; whether answers leave it out; whether its answers are codes, not numbers or yes/no; and code or
            number -> points, where an answer that is not there counts as unanswered.
        gate: linkId of the yes/no item that opens them, if there is one.
        forgets_points: with a gap the total makes no difference, and is 0.
    """

    items: tuple[tuple[str, bool, bool, Mapping[object, int]], ...]
    gate: str | None = None
    forgets_points: bool = False

    def count(self, answers: Mapping[str, tuple[Answer, ...]], asked: Collection[str]) -> Counted:
        """Count.

        Args:
            answers: linkId -> answers.
            asked: linkIds of the asked ones of the items that answers leave out.
        """
        total = answered = unasked = 0
        # A plain loop over plain tuples: this is most of what scoring a response takes.
        for link_id, is_conditional, is_choice, points in self.items:
            if is_conditional and link_id not in asked:
                unasked += 1
                continue
            given = answers.get(link_id)
            if given:
                answer = given[0]
                # The gate has seen to it that a choice is answered by a coding.
                one = points.get(answer.code if is_choice else answer)  # type: ignore[union-attr]
                if one is not None:
                    total += one
                    answered += 1
        missing = len(self.items) - unasked - answered
        if missing and self.forgets_points:
            return 0, answered, missing
        if self.gate is None:
            return total, answered, missing
        opened = answers.get(self.gate)
        return total, answered, missing, int(opened[0]) if opened else None  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Step:
    """One score: everything that it can give.

    Args:
        reads: positions of the counters that it hangs on.
        scores: what they count -> score; of several counters, one after another.
    """

    reads: tuple[int, ...]
    scores: Mapping[Key, Score]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """The scores of a rule as tables.

    Args:
        counters: each counted once, however many scores hang on it.
        steps: values of the parameters -> scores in the order of the rule.
        default: values that the parameters have by themselves.
        asking: the part of the questionnaire that decides which items are asked; None where all are.
    """

    counters: tuple[Counter, ...] = ()
    steps: Mapping[Setting, tuple[Step, ...]] = field(default_factory=lambda: MappingProxyType({}))
    default: Setting = ()
    asking: Questionnaire | None = None

    def scores(self, answers: Mapping[str, tuple[Answer, ...]], setting: Setting) -> tuple[Score, ...] | None:
        """Look up every score; None where one is not in its table and must be computed.

        Args:
            answers: linkId -> answers that passed the gate.
            setting: values of the parameters.
        """
        steps = self.steps.get(setting)
        if steps is None:
            return None
        asked = () if self.asking is None else {item.link_id for item in enabled(self.asking, answers)}
        counted = [counter.count(answers, asked) for counter in self.counters]
        found = []
        for step in steps:
            reads = step.reads
            one = step.scores.get(counted[reads[0]] if len(reads) == 1 else tuple([counted[at] for at in reads]))
            if one is None:
                return None
            found.append(one)
        return tuple(found)

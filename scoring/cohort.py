"""The synthetic cohort: how often a table alerts for patients in whom nothing has changed (loader rule T9)."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import repeat
from random import Random
from types import MappingProxyType
from typing import Protocol

from kernel.errors import ContentError
from scoring.change import judge
from scoring.condition import Value
from scoring.evaluate import evaluate
from scoring.given import given_inputs
from scoring.levels import Colour
from scoring.number import Number
from scoring.result import RuleVersion, Score
from scoring.rule import ScoringRule
from scoring.table import Table
from scoring.table_input import TableInput
from scoring.uses import VERDICTS, YES_OR_NO

ASSESSED = "yes"
NO_SHIFT: Mapping[str, int] = MappingProxyType({})
Column = Sequence[Value | None]


@dataclass(frozen=True, slots=True)
class Observed:
    """Three observations of each patient, independent given the truth.

    Args:
        baseline: what the last decision was made on.
        last: the answer before the current one.
        now: the current answer.
    """

    baseline: Column
    last: Column
    now: Column


@dataclass(frozen=True, slots=True)
class Draw:
    """What a model draws from.

    Args:
        random: the cohort's numbers.
        patients: how many.
        shift: added to the truth at the current observation, for patients who did change.
        before: scores that were drawn already.
    """

    random: Random
    patients: int
    shift: int
    before: Mapping[str, Observed]


class Model(Protocol):
    """Says how one score is observed in patients who do not change."""

    def observe(self, draw: Draw) -> Observed:
        """Draw three observations for each patient."""
        ...


@dataclass(frozen=True, slots=True)
class Cohort:
    """A population for the tables of one package.

    Args:
        version: id, version and hash of the file.
        tables: ids of the tables that it is for.
        slots: slot -> short name of the questionnaire that fills it.
        phase: of the evaluation.
        models: `questionnaire.score` -> how it is observed, in the order of drawing.
        patients: how many patients the full run has.
        quick: how many patients `svarbro content check` takes.
        seed: of the random numbers, so that a run can be repeated.
        published: table -> results that the file states, per 100 evaluations.
    """

    version: RuleVersion
    tables: tuple[str, ...]
    slots: Mapping[str, str]
    phase: str
    models: Mapping[str, Model]
    patients: int
    quick: int
    seed: int
    published: Mapping[str, "Rates"] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Rates:
    """Alerts per 100 evaluations.

    Args:
        alerted: yellow or red.
        red: red alone.
    """

    alerted: Fraction
    red: Fraction


def measure(cohort: Cohort, table: Table, *, patients: int, shift: Mapping[str, int] = NO_SHIFT) -> Rates:
    """Evaluate a table for a cohort of assessed patients.

    Args:
        table: one of the cohort's tables.
        patients: how many to draw.
        shift: `questionnaire.score` -> how much worse patients truly are now; none by default.

    Returns:
        Alerts per 100 evaluations. Equal seeds give equal results.

    Source: docs/clinical/README.md, "synthetic cohort".
    """
    random = Random(cohort.seed)  # noqa: S311  (a simulation that must be repeatable, no secret)
    seen: dict[str, Observed] = {}
    for name, model in cohort.models.items():
        seen[name] = model.observe(Draw(random, patients, shift.get(name, 0), seen))
    columns = [
        _representatives(table, one, _column(cohort, table, one, seen, patients)) for one in table.inputs.values()
    ]
    counts: Counter[Colour] = Counter()
    # Patients who are alike to every row of the table are evaluated once, and counted.
    for values, count in Counter(zip(*columns, strict=True)).items():
        inputs = given_inputs(table, dict(zip(table.inputs, values, strict=True)))
        counts[evaluate(table, cohort.phase, inputs).colour] += count
    red = Fraction(100 * counts[Colour.RED], patients)
    return Rates(red + Fraction(100 * counts[Colour.YELLOW], patients), red)


def refuse_above_ceiling(table: Table, rates: Rates) -> None:
    """Refuse a table that alerts too often.

    Raises:
        ContentError: T9.
    """
    if rates.alerted > table.ceiling.alerted or rates.red > table.ceiling.red:
        raise ContentError(
            f"table {table.version.id}: T9: {float(rates.alerted):.1f} yellow or red and {float(rates.red):.1f} red "
            f"per 100 unchanged patients, above {float(table.ceiling.alerted):g} and {float(table.ceiling.red):g}"
        )


def _column(
    cohort: Cohort, table: Table, one: TableInput, seen: Mapping[str, Observed], patients: int
) -> Iterator[Value | None]:
    source = one.source
    if source.use == "system":
        return repeat(ASSESSED, patients)
    questionnaire = source.questionnaire or cohort.slots.get(source.slot, "")
    rule = table.rules.get(questionnaire)
    score = source.score or (rule.change.score if rule is not None and rule.change is not None else "")
    observed = seen.get(f"{questionnaire}.{score}")
    if observed is None:
        return repeat(None, patients)
    earlier = observed.last if source.against == "last" else observed.baseline
    read = _reading(one, rule)
    known: dict[tuple[Value | None, Value | None], Value | None] = {}
    pairs = zip(observed.now, earlier, strict=True)
    return (known[pair] if pair in known else known.setdefault(pair, read(*pair)) for pair in pairs)


def _reading(one: TableInput, rule: ScoringRule | None) -> Callable[[Value | None, Value | None], Value | None]:
    """Tell how an input follows from the current and the earlier value; an earlier occasion is past every window."""

    def read(now: Value | None, before: Value | None) -> Value | None:
        if isinstance(now, str) or isinstance(before, str) or now is None or before is None:
            return now
        if one.source.use in VERDICTS and rule is not None and rule.change is not None:
            judged = judge(rule.change, _score(now), _score(before), params=rule.params)
            told = YES_OR_NO[judged.worse if one.source.use == "worse" else judged.real_worse]
            return told if told is None or isinstance(told, str) else None
        delta = now - before
        return {"delta": delta, "rise": max(0, delta)}.get(one.source.use, now)

    return read


def _score(value: Number) -> Score:
    return Score("", value, str(value), None, estimated=False, answered=1, missing=0)


def _representatives(table: Table, one: TableInput, column: Iterator[Value | None]) -> list[Value | None]:
    """Put one value for all that no row of the table can tell apart."""
    atoms = [atom for row in table.rows for atoms in row.when.alternatives for atom in atoms if atom.name == one.name]
    chosen: dict[tuple[bool, ...], Value | None] = {}
    known: dict[Value | None, Value | None] = {}
    for value in (values := list(column)):
        if value not in known:
            seen = (value is None, *(atom.holds({one.name: value}) for atom in atoms))
            known[value] = chosen.setdefault(seen, value)
    return [known[value] for value in values]

"""Pieces of work of the gate proof: mutants of one form put to the gate, and what it said of them."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import process_time

from kernel.errors import InvalidInputError, Issue
from questionnaires.gate import check_response
from questionnaires.model import Answer, Coded
from questionnaires.registry import Registry
from tests.proof.gate_case import Path
from tests.proof.gate_form import form
from tests.proof.gate_mutant import Mutant, mutants

REGISTRY = Registry.load()
ROOT = "QuestionnaireResponse"
SHOWN = 5
POSITION = re.compile(r"at line \d+ column \d+")
OF_THE_WHOLE = frozenset({"too-large", "too-deep", "nul", "not-an-object"})
ODD = re.compile(r"[^A-Za-z_\[\]0-9]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some mutants of one form.

    Args:
        form: short name.
        family: of the mutations, or `harmless`.
        seed: of this piece.
        count: how many.
    """

    form: str
    family: str
    seed: int
    count: int


@dataclass(slots=True)
class Found:
    """What came out of pieces of work."""

    seen: Counter[str] = field(default_factory=Counter)
    distinct: set[bytes] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Found") -> None:
        """Add another piece's."""
        self.seen += other.seen
        self.distinct |= other.distinct
        self.examples = (self.examples + other.examples)[:SHOWN]
        self.seconds += other.seconds

    def note(self, verdict: str, mutant: Mutant, told: object = "") -> None:
        """Count a verdict, and keep a few of the mutants that it should not have been given to."""
        self.seen[verdict] += 1
        if verdict != "right" and len(self.examples) < SHOWN:
            self.examples.append(f"{verdict}: {mutant.name} {expression(mutant.path)} {told} {mutant.raw[:600]!r}")


def judge(piece: Piece) -> Found:
    """Put every mutant of a piece to the gate."""
    found, begin = Found(), process_time()
    for mutant in mutants(form(piece.form), piece.family, piece.seed, piece.count):
        found.seen["mutants"] += 1
        found.distinct.add(hashlib.blake2s(mutant.raw, digest_size=8).digest())
        if piece.family == "harmless":
            _accepted(mutant, found)
        else:
            _refused(mutant, found)
    found.seconds = process_time() - begin
    return found


def _accepted(mutant: Mutant, found: Found) -> None:
    try:
        checked = check_response(mutant.raw, REGISTRY)
    except InvalidInputError as error:
        found.note("wrongly refused", mutant, error.issues)
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for
        found.note("crashes", mutant, repr(error))
    else:
        case = mutant.case
        same = ({name: (_coded(one),) for name, one in case.answers.items()}, case.skipped)
        is_right = (dict(checked.answers), set(checked.skipped)) == same
        found.note("right" if is_right else "other answers", mutant, checked)


def _coded(answer: object) -> Answer:
    return Coded(*answer) if isinstance(answer, tuple) else answer  # type: ignore[return-value]  # made as its type


def _refused(mutant: Mutant, found: Found) -> None:
    try:
        checked = check_response(mutant.raw, REGISTRY)
    except InvalidInputError as error:
        found.note("right" if names(error.issues, mutant.path) else "not named", mutant, error.issues)
        found.seen["consequences"] += any(not _is_related(issue.expression, mutant.path) for issue in error.issues)
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for
        found.note("crashes", mutant, repr(error))
    else:
        found.note("wrongly accepted", mutant, checked)


def names(issues: Iterable[Issue], path: Path) -> bool:
    """Tell whether an issue names the mutated element, its parent or a part of it.

    A body that cannot be read has no elements: of it the position is told, or that the body as a whole is at fault.
    """
    if path:
        return any(_is_related(issue.expression, path) for issue in issues)
    return any(
        POSITION.search(issue.text) or issue.rule in OF_THE_WHOLE or issue.code == "too-long" for issue in issues
    )


def _is_related(told: str | None, path: Path) -> bool:
    if not path:
        return True
    here = expression(path)
    around = {here, expression(path[:-1]), here.rpartition("[")[0]}
    return told in around or (told or "").startswith((f"{here}.", f"{here}["))


def expression(path: Path) -> str:
    """Write a path as FHIRPath; a name that FHIR could not have is told as `?`."""
    return ".".join((ROOT, *("?" if ODD.search(step) or not step else step for step in path)))

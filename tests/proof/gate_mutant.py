"""Mutants of valid responses: which there are, seeded, and what each must be refused for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from random import Random

from tests.proof.gate_bounds import BOUNDS
from tests.proof.gate_case import Case, InapplicableError, Path
from tests.proof.gate_codes import CODES
from tests.proof.gate_encodings import ENCODINGS
from tests.proof.gate_form import Form
from tests.proof.gate_harmless import HARMLESS
from tests.proof.gate_presence import PRESENCE
from tests.proof.gate_structure import STRUCTURE
from tests.proof.gate_types import TYPES

Mutation = Callable[[Case], Path | bytes | None]
"""Changes a response in its place and tells which element it changed, or writes the bytes itself."""
FAMILIES: Mapping[str, tuple[Mutation, ...]] = {
    "types": TYPES,
    "codes": CODES,
    "bounds": BOUNDS,
    "structure": (*STRUCTURE, *PRESENCE),
    "encodings": ENCODINGS,
}
"""Each mutation is invalid by how it is made; its docstring says why where its name does not."""
TRIES = 4


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mutated response.

    Args:
        name: of the mutation.
        raw: the bytes.
        path: the mutated element; empty for the whole.
        case: what it was before; its answers still hold after a harmless mutation.
        before: the bytes before.
    """

    name: str
    raw: bytes
    path: Path
    case: Case
    before: bytes


def mutants(form: Form, family: str, seed: int, count: int) -> Iterator[Mutant]:
    """Make mutants of one family, each mutation in turn; `harmless` is a family too, and must be accepted."""
    random = Random(f"{form.name} {family} {seed}")
    mutations = HARMLESS if family == "harmless" else FAMILIES[family]
    left = count
    # In another order each time, so that a few mutants of many forms are of all kinds.
    for mutate in cycle(random.sample(mutations, len(mutations))):
        if not left:
            return
        made = _made(form, mutate, random)
        if made is not None:
            left -= 1
            yield made


def _made(form: Form, mutate: Mutation, random: Random) -> Mutant | None:
    """Make one mutant; None where the form has no place for it."""
    for _ in range(TRIES):
        case = Case(form, random)
        before = case.raw()
        try:
            told = mutate(case)
        except InapplicableError:
            continue
        raw = told if isinstance(told, bytes) else case.raw()
        return Mutant(mutate.__name__, raw, told if isinstance(told, tuple) else (), case, before)
    return None

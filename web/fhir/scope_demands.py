"""What the routes of the FHIR door demand of a token's scopes, from the table that builds the routes."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from web.fhir.interactions import Operation, ResourceEntry
from web.scopes import Demand

LETTERS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "read": (("read", "r"),),
        "vread": (("read-version", "r"),),
        "history-instance": (("history", "r"),),
        "search-type": (("search", "s"), ("search-by-form", "s")),
        "create": (("create", "c"),),
        "update": (("update", "u"),),
    }
)
"""Interaction -> the routes that it has, each with the letter that opens it."""
OPERATIONS: Mapping[tuple[str, str], Demand] = MappingProxyType(
    {
        # Checks what the caller brings against a questionnaire, and looks at nobody's record.
        ("QuestionnaireResponse", "validate"): ("Questionnaire", "r"),
        ("QuestionnaireResponse", "extract"): ("QuestionnaireResponse", "r"),
        # Begins a response with what the record holds.
        ("Questionnaire", "populate"): ("QuestionnaireResponse", "r"),
        ("Questionnaire", "calculated-expressions"): ("Questionnaire", "r"),
        ("Questionnaire", "answer-significance"): ("Questionnaire", "r"),
    }
)
"""Resource type and operation -> demand; one that is not here is opened by no scope."""


def scope_demands(entries: Iterable[ResourceEntry]) -> dict[str, Demand]:
    """Return endpoint -> demand for every route of the door that needs a token."""
    demands: dict[str, Demand] = {}
    for entry in entries:
        for code in entry.interactions:
            demands |= {f"fhir.{route}-{entry.type}": (entry.type, letter) for route, letter in LETTERS[code]}
        for operation in entry.operations:
            demands |= dict(_of_operation(entry.type, operation))
    return demands


def _of_operation(kind: str, operation: Operation) -> Iterator[tuple[str, Demand]]:
    demand = OPERATIONS.get((kind, operation.name))
    if demand is not None:
        here = f"fhir.{operation.name}-{kind}"
        yield from ((f"{here}-{method}", demand) for method in operation.on_type)
        yield from ((f"{here}-one-{method}", demand) for method in operation.on_one)

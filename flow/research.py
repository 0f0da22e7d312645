"""RESEARCH: coded answers, scores and decisions of a clinic under a project's pseudonyms, with shifted days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kernel.errors import InvalidInputError, Issue
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from security.pseudonym import Project
from store.database import Store
from store.repositories.research import Fact

SMALLEST_CELL = 5
"""A count of fewer people than this is not told: one of them might be found by it."""
TOO_FEW = f"<{SMALLEST_CELL}"
LONGEST_NAME = 60

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What leaves for a project.

    Args:
        files: name -> rows; each has the project's pseudonym and a shifted day.
        tables: name -> rows with the number of people, small ones suppressed; no totals, which would tell them.
    """

    files: Mapping[str, tuple[Row, ...]]
    tables: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class ExportForResearch:
    """The use case; whether a project may have the data is decided outside."""

    store: Store

    def __call__(self, actor: Actor, project: Project, name: str) -> Dataset:
        """Make the data of one clinic for a project.

        Args:
            name: of the project, for the audit.

        Raises:
            InvalidInputError: the name is empty or too long.

        Source: docs/security.md (data's life), GDPR article 89.
        """
        allow(actor, Action.CONTROL_PATIENT_DATA)
        if not name.strip() or len(name) > LONGEST_NAME:
            text = f"Give the project a name of at most {LONGEST_NAME} characters."
            raise InvalidInputError(text, issues=[Issue("required", text, "project")])
        with self.store.write(actor.clinic_id, actor) as tx:
            facts = {
                "answers": tx.research.answers(),
                "scores": tx.research.scores(),
                "decisions": tx.research.decisions(),
            }
            patients = tuple(sorted({one.patient_ref for some in facts.values() for one in some}))
            tx.audit.record(AuditEvent("research-export", f"Project/{name.strip()}", patients, "research"))
        return Dataset(
            {of: tuple(_rows(project, actor, some)) for of, some in facts.items()},
            {
                "bands": _counted(facts["scores"], ("questionnaire", "score_id", "band")),
                "levels": _counted(facts["decisions"], ("package", "colour", "level")),
            },
        )


def _rows(project: Project, actor: Actor, facts: Iterable[Fact]) -> list[Row]:
    """Sort by pseudonym and day: the order in which patients came would tell who is who."""
    rows = [
        {
            "patient": project.pseudonym(actor.clinic_id, one.patient_ref),
            "day": project.shifted(actor.clinic_id, one.patient_ref, one.at).isoformat(),
            **one.coded,
        }
        for one in facts
    ]
    return sorted(rows, key=lambda row: tuple(str(value) for value in row.values()))


def _counted(facts: Iterable[Fact], by: tuple[str, ...]) -> tuple[Row, ...]:
    """Count people, not rows: one patient with five answers is one."""
    people: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for one in facts:
        people[tuple(str(one.coded[name]) for name in by)].add(one.patient_ref)
    return tuple(
        {**dict(zip(by, cell, strict=True)), "patients": len(some) if len(some) >= SMALLEST_CELL else TOO_FEW}
        for cell, some in sorted(people.items())
    )

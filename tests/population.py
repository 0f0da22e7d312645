"""A clinic's population: a list that comes in by the command, and a named clinician who orders from it or excludes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from cli.main import main
from delivery.candidate import CandidateState
from delivery.recurrence import danish_date
from flow.candidates import Candidates, OrderOutcome, ShownCandidate
from flow.enrol import Enrolled
from kernel.clock import Clock
from security.actor import Actor

HEADER = "identifier;name;package;diagnosis;own_patient"
DIAGNOSES = {"KOL": "R95", "LRS": "L86"}
PACKAGES = (("KOL",), ("LRS",), ("KOL", "LRS"))
"""A third of the patients have COPD, a third low back pain, a third both."""
REASON = "Bor på plejehjem, spørges ved besøg."
REVIEW_DAYS = 120
"""After so many days an excluded candidate is looked at again."""
PAGE = 200


@dataclass(frozen=True)
class Patient:
    """One patient who was ordered.

    Args:
        number: decides how the patient behaves.
    """

    number: int
    enrolled: tuple[Enrolled, ...]

    @property
    def answers(self) -> bool:
        """A part of the patients answer everything; the others never do."""
        return self.number % 24 < 3


def listed(number: int) -> list[str]:
    """Write the lines of one patient, with a replacement number: a made-up CPR number might be somebody's."""
    identifier = f"010190-1{chr(65 + number // 260)}{chr(65 + number // 10 % 26)}{number % 10}"
    packages = PACKAGES[number % 3]
    return [f"{identifier};Person {number};{package};{DIAGNOSES[package]};ja" for package in packages]


def import_list(environ: Mapping[str, str], directory: Path, patients: int) -> dict[str, Any]:
    """Bring the list of so many patients in, as an operator does; return what the command tells."""
    path = directory / "population.csv"
    path.write_text("\n".join([HEADER, *(line for number in range(patients) for line in listed(number))]), "utf-8-sig")
    answer = CliRunner().invoke(main, ["enrol", "import", str(path), "--json"], env=dict(environ))
    assert answer.exit_code == 0, answer.output
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


@dataclass(frozen=True)
class Desk:
    """A clinician's work on the candidates: patient by patient, every twelfth is left out until later."""

    candidates: Candidates
    clinician: Actor
    clock: Clock

    def waiting(self) -> list[tuple[ShownCandidate, ...]]:
        """Look at all who wait, page by page: each patient with the candidates for every package."""
        shown: list[ShownCandidate] = []
        page = self.candidates.listed(self.clinician, limit=PAGE)
        while page.candidates:
            shown += page.candidates
            page = self.candidates.listed(self.clinician, limit=PAGE, after=page.candidates[-1].candidate.id)
        shown.sort(key=number_of)
        return [tuple(of_one) for _, of_one in groupby(shown, key=number_of)]

    def assess(self, patients: Sequence[tuple[ShownCandidate, ...]]) -> Iterator[Patient]:
        """Order these patients, or exclude: every twelfth at first sight, every second of those for good."""
        for shown in patients:
            number = number_of(shown[0])
            if number % 24 == 11 or (number % 24 == 23 and not shown[0].is_for_review):
                for one in shown:
                    self.candidates.exclude(
                        self.clinician, one.candidate.id, reason=REASON, review_on=self._review(shown[0])
                    )
            else:
                yield Patient(number, self._order(shown))

    def of_state(self, state: CandidateState) -> list[ShownCandidate]:
        """List all candidates of a state."""
        found = self.candidates.listed(self.clinician, state, limit=500)
        shown = list(found.candidates)
        while found.next:
            found = self.candidates.listed(self.clinician, state, limit=500, after=found.next)
            shown += found.candidates
        return shown

    def _order(self, shown: Sequence[ShownCandidate]) -> tuple[Enrolled, ...]:
        refs = {one.candidate.id: one.candidate.patient_ref for one in shown}
        ordered = self.candidates.order(self.clinician, list(refs))
        made = []
        for one in ordered:
            assert one.outcome is OrderOutcome.ORDERED
            assert one.enrolment_id is not None
            assert one.first_due_at is not None
            made.append(Enrolled(one.enrolment_id, refs[one.candidate_id], one.first_due_at))
        return tuple(made)

    def _review(self, shown: ShownCandidate) -> date:
        """An exclusion that is looked at again lasts beyond the year."""
        return danish_date(self.clock.now()) + timedelta(days=365 if shown.is_for_review else REVIEW_DAYS)


def number_of(shown: ShownCandidate) -> int:
    """Return the number that a patient's name ends with."""
    return int(shown.name.rpartition(" ")[2])

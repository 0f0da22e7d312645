"""The plan target of packages without a plan (LRS): a note in the patient's record, once a clinician has decided."""

from delivery.capabilities import Capabilities, Idempotency
from delivery.instants import instant
from delivery.note import note_text
from delivery.note_file import Note
from delivery.plans.lps import PracticeSystem, addressed
from delivery.plans.port import PlanReceipt, PlanReport
from kernel.errors import PlanError

NOTES = "/lps/v1/notes"


class LpsNote:
    """Files record notes in the practice system; `POST {base}/lps/v1/notes`, see docs/adapters/lps.md."""

    name = "lps-note"
    capabilities = Capabilities(Idempotency.KEY)

    def __init__(self, base_url: str, token: str, *, note: Note, timeout_s: float = 10) -> None:
        """Bind to the practice system, with the words of the notes; `timeout_s` bounds each exchange."""
        self._note = note
        self._system = PracticeSystem(base_url, token, timeout_s=timeout_s)

    def report(self, report: PlanReport) -> PlanReceipt:
        """File the note of the decision.

        Raises:
            PlanError: sorted into permanent and try again; a report without a decision is never filed.
        """
        decision = report.decision
        if decision is None:
            raise PlanError("there is no decision to note", permanent=True)
        body = addressed(report) | {
            "decisionId": decision.id,
            "author": decision.author,
            "decidedAt": instant(decision.decided_at),
            "text": note_text(self._note, report.package, decision),
        }
        return self._system.post(NOTES, report.key, body)

"""What a deployment added to the released content: approvals, licence records, imported wording."""

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.ids import Canonical
from questionnaires.licence import LicenceRecord
from questionnaires.wording import Wording
from scoring.approval import Approval


@dataclass(frozen=True, slots=True)
class Adopted:
    """All of it, as it stands at one revision.

    Args:
        revision: grows with every approval and import; 0 = nothing was ever added.
        approvals: oldest first.
        licences: oldest first.
        wordings: the newest of each questionnaire version and language.
    """

    revision: int = 0
    approvals: tuple[Approval, ...] = ()
    licences: tuple[LicenceRecord, ...] = ()
    wordings: tuple[Wording, ...] = ()

    def licence(self, licence_id: str) -> LicenceRecord:
        """Return the record that a wording names."""
        return next(record for record in self.licences if record.id == licence_id)

    def by_language(self, canonical: Canonical) -> Mapping[str, Wording]:
        """Return the wordings of a questionnaire version, by language, in order."""
        found = sorted((one for one in self.wordings if one.questionnaire == canonical), key=lambda one: one.language)
        return {one.language: one for one in found}

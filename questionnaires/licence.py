"""What the owners of instruments ask of whoever sends them: facts of the content, not of a deployment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class LicenceNeed(StrEnum):
    """What a deployment needs before it may send an instrument."""

    NONE = "none"
    TERMS = "terms"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class OwnersTerms:
    """What the owner of one instrument asks.

    Args:
        questionnaire: short name, such as `cat`.
        need: nothing, heeding published terms, or a written agreement or permission.
        holder: who owns the wording.
        note: what is known of the conditions.
        source: where that is told.
    """

    questionnaire: str
    need: LicenceNeed
    holder: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class LicenceList:
    """The owners' terms of every instrument, and what is asked where a licence is missing.

    Args:
        id: of the file.
        version: as in the file.
        sha256: of the file's bytes.
        terms: short name of a questionnaire -> what its owner asks.
        licence_free: id of a programme -> id of the one that takes its place without licences.
    """

    id: str
    version: str
    sha256: str
    terms: Mapping[str, OwnersTerms]
    licence_free: Mapping[str, str]

    def needs_record(self, questionnaire: str) -> bool:
        """Tell whether an instrument may be sent only with a licence record and imported wording."""
        return self.terms[questionnaire].need is not LicenceNeed.NONE


@dataclass(frozen=True, slots=True)
class LicenceRecord:
    """What a deployment agreed with an owner.

    Args:
        id: ours.
        instrument: short name of the questionnaire.
        version: of the questionnaire that it covers.
        language: that it covers, such as `da`.
        holder: who gave it.
        grant: what was given: number or name of the agreement.
        granted_on: first day on which it holds.
        expires_on: last day on which it holds; None = it does not expire.
        terms: conditions, and what the owner wants to be said of the texts.
        recorded_by: who brought it.
        recorded_at: when, aware UTC.
    """

    id: str
    instrument: str
    version: str
    language: str
    holder: str
    grant: str
    granted_on: date
    expires_on: date | None
    terms: str
    recorded_by: str
    recorded_at: datetime

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a Danish date."""
        return self.granted_on <= day and (self.expires_on is None or day <= self.expires_on)

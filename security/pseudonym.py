"""Pseudonyms of a research project: made with a key of its own, so that two projects share none."""

import hashlib
import hmac
import os
import secrets
import stat
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from kernel.errors import SettingsError
from kernel.ids import ClinicId, PatientRef

KEY_BYTES = 32
OWNER_ONLY = 0o600
PSEUDONYM_LENGTH = 32
LONGEST_SHIFT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Project:
    """One research project.

    Args:
        key: makes its pseudonyms and shifts; whoever destroys it makes the data anonymous to us too.
    """

    key: bytes = field(repr=False)

    def pseudonym(self, clinic_id: ClinicId, patient_ref: PatientRef) -> str:
        """Return how the project calls a patient."""
        return self._keyed("patient", clinic_id, patient_ref).hex()[:PSEUDONYM_LENGTH]

    def shifted(self, clinic_id: ClinicId, patient_ref: PatientRef, at: datetime) -> date:
        """Return a day moved back by 1 to 365 days, the same number for all of a patient's: distances stay."""
        number = int.from_bytes(self._keyed("shift", clinic_id, patient_ref)[:8], "big")
        return at.date() - timedelta(days=1 + number % LONGEST_SHIFT_DAYS)

    def _keyed(self, use: str, clinic_id: ClinicId, patient_ref: PatientRef) -> bytes:
        return hmac.new(self.key, f"{use}\x00{clinic_id}\x00{patient_ref}".encode(), hashlib.sha256).digest()


def new_project(path: Path) -> None:
    """Make the key of a new project in a file that only its owner can read.

    Raises:
        SettingsError: the file exists already; a key is never written over.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError as error:
        raise SettingsError("There is a file of this name; a project's key is never written over.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(b64encode(secrets.token_bytes(KEY_BYTES)))


def read_project(path: Path) -> Project:
    """Read the key of a project.

    Raises:
        SettingsError: others can read the file, or it holds no key.
    """
    if stat.S_IMODE(path.stat().st_mode) & ~OWNER_ONLY:
        raise SettingsError("Others can read the project's key: chmod 600.")
    try:
        key = b64decode(path.read_bytes().strip(), validate=True)
    except NotBase64 as error:
        raise SettingsError("The file of the project's key is not base64.") from error
    if len(key) != KEY_BYTES:
        raise SettingsError(f"The project's key must have {KEY_BYTES} bytes.")
    return Project(key)

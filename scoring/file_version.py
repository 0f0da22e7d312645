"""Reads which content a file is, where its name must say the same."""

from hashlib import sha256

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.result import RuleVersion


def version_of(fields: Fields, raw: bytes, name: str) -> RuleVersion:
    """Read id and version of a file, with the hash of its bytes.

    Raises:
        ContentError: the file's name says something else.
    """
    version = RuleVersion(fields.text("id"), fields.text("version"), sha256(raw).hexdigest())
    if name != f"{version.id}-{version.version}.json":
        raise ContentError(f"{name}: the file must be called {version.id}-{version.version}.json")
    return version

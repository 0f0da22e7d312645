"""Reads which content a file is, where its name must say the same."""

from collections.abc import Collection
from hashlib import sha256

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.result import RuleVersion

HEAD = ("id", "version", "status", "approval", "sources", "licence")
"""What every file says of itself."""


def opened(raw: bytes, name: str, own: Collection[str]) -> tuple[Fields, RuleVersion]:
    """Open a content file that says of itself what all say.

    Args:
        own: the fields besides.

    Raises:
        ContentError: it is no JSON object, has other fields, or its name says something else than its content.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others((*HEAD, *own))
    return fields, version_of(fields, raw, name)


def version_of(fields: Fields, raw: bytes, name: str) -> RuleVersion:
    """Read id and version of a file, with the hash of its bytes.

    Raises:
        ContentError: the file's name says something else.
    """
    version = RuleVersion(fields.text("id"), fields.text("version"), sha256(raw).hexdigest())
    if name != f"{version.id}-{version.version}.json":
        raise ContentError(f"{name}: the file must be called {version.id}-{version.version}.json")
    return version

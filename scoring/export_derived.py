"""Makes a Questionnaire of its own out of one of ours, because what is released under an address never changes."""

from collections.abc import Mapping
from typing import Any


def derived(source: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    """Give a copy with an id, a url and a name of its own that names the first one in `derivedFrom`.

    Args:
        source: a Questionnaire.
        suffix: one lower-case word that says what was added.
    """
    return {
        **source,
        "id": f"{source['id']}-{suffix}",
        "url": f"{source['url']}-{suffix}",
        "name": f"{source['name']}{suffix.capitalize()}",
        "derivedFrom": [f"{source['url']}|{source['version']}"],
    }

"""Cuts JSON text into its parts without reading it anew: decimals, moments and order stay as they were written."""

from json.decoder import JSONDecoder

DECODER = JSONDecoder()
SPACE = " \t\n\r"


def members(text: str) -> dict[str, str]:
    """Cut a JSON object into its members, each with its value as it was written.

    Args:
        text: sound JSON, such as passed our gate.
    """
    found: dict[str, str] = {}
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)
        at = _end(text, start)
        found[name] = text[start:at]
        at = _next(text, at)
    return found


def elements(text: str) -> list[str]:
    """Cut a JSON list into its elements, each as it was written.

    Args:
        text: sound JSON.
    """
    found: list[str] = []
    at = _skip(text, text.index("[") + 1)
    while text[at] != "]":
        end = _end(text, at)
        found.append(text[at:end])
        at = _next(text, end)
    return found


def _end(text: str, at: int) -> int:
    _, end = DECODER.raw_decode(text, at)
    return end


def _next(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    while text[at] in SPACE:
        at += 1
    return at

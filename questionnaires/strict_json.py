"""Reads JSON from outside without repairing it: what is ambiguous or oversized is refused first."""

from collections.abc import Iterator
from typing import Any

import jiter
import orjson

from kernel.errors import Issue, MalformedInputError

MOST_BYTES = 256 * 1024
MOST_BYTES_ATTACHED = 2 * 1024 * 1024
"""Of a response to a questionnaire that asks for an attachment."""
DEEPEST = 32
SPACED = b'": '
BEGINNING = 64
"""Bytes in which a text that was written with spaces shows itself."""
CONTAINERS = frozenset({dict, list})


def parse_object(raw: bytes, *, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Read one JSON object from UTF-8 bytes; numbers with a fraction or exponent stay `Decimal`.

    Args:
        raw: the bytes.
        most_bytes: how many there may be.

    Raises:
        MalformedInputError: more than `most_bytes`, not UTF-8, not JSON, a key twice, NaN or infinity, a lone
            surrogate, a NUL, nested deeper than 32 levels, or not an object. Its one issue tells where, never what
            stood there.

    Source: docs/architecture.md section 8, JSON gate; RFC 8259; RFC 7493 (I-JSON).
    """
    value = decode_object(raw, most_bytes=most_bytes)
    refuse_hidden(raw, value)
    return value


def decode_object(raw: bytes, *, most_bytes: int) -> dict[str, Any]:
    """Read one JSON object without looking for depth and NUL: whoever does not know every part asks `refuse_hidden`.

    Raises:
        MalformedInputError: as `parse_object`.
    """
    if len(raw) > most_bytes:
        raise too_large(most_bytes)
    try:
        value = jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal")
    except ValueError as error:
        # The parser's own words may quote a key of the sender; only the position is passed on.
        raise _malformed("structure", *_told(str(error))) from None
    if not isinstance(value, dict):
        raise _malformed("structure", "not-an-object", "The body is not a JSON object.")
    return value


def decode_proven(raw: bytes, *, most_bytes: int) -> dict[str, Any] | None:
    """Read one JSON object at less than half the cost, where the bytes prove that nothing in them is ambiguous.

    Written again it gives the same bytes, so that it holds no key twice, no NaN, no broken text and no number that was
    rounded. That is how a compact writer writes, such as `JSON.stringify`.

    Returns:
        What `decode_object` gives, but numbers with a fraction or exponent are floats: only for whoever accepts none of
        them. None where nothing is proven; whether the bytes are at fault is for `decode_object` to say.
    """
    if len(raw) > most_bytes or SPACED in raw[:BEGINNING]:
        return None
    try:
        value = orjson.loads(raw)
        is_proven = type(value) is dict and orjson.dumps(value) == raw
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return value if is_proven else None


def refuse_hidden(raw: bytes, value: dict[str, Any]) -> None:
    """Refuse a decoded object that is nested too deep or holds a NUL.

    Raises:
        MalformedInputError: as `parse_object`.
    """
    _refuse_depth(value)
    # A raw NUL is no JSON; only its escape gets here, so the texts are looked at only where the escape can be.
    if b"\\u0000" in raw and any("\0" in text for text in _texts(value)):
        raise _malformed("invalid", "nul", "The body holds a NUL character.")


def too_large(most_bytes: int) -> MalformedInputError:
    """Make the error for a body that is too large."""
    return _malformed("too-long", "too-large", f"The body is larger than {most_bytes // 1024} KiB.")


def _malformed(code: str, rule: str, text: str) -> MalformedInputError:
    return MalformedInputError(text, issues=[Issue(code, text, rule=rule)])


def _told(words: str) -> tuple[str, str]:
    _, _, position = words.rpartition(" at ")
    if words.startswith("Detected duplicate key"):
        return "duplicate-key", f"A key stands twice in one object, at {position}."
    if words.startswith("recursion limit"):
        return "too-deep", f"The body is nested deeper than {DEEPEST} levels."
    return "not-json", f"The body is not JSON in UTF-8, at {position}."


def _refuse_depth(value: dict[str, Any]) -> None:
    """Walk level by level: no recursion, so that no input can exhaust the stack."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for container in level:
            for member in container.values() if type(container) is dict else container:
                if type(member) in CONTAINERS:
                    below.append(member)  # noqa: PERF401 - measured: a nested comprehension is slower here
        if not below:
            return
        level = below
    raise _malformed("structure", "too-deep", f"The body is nested deeper than {DEEPEST} levels.")


def _texts(value: dict[str, Any]) -> Iterator[str]:
    waiting: list[Any] = [value]
    while waiting:
        member = waiting.pop()
        if isinstance(member, str):
            yield member
        elif isinstance(member, dict):
            yield from member
            waiting.extend(member.values())
        elif isinstance(member, list):
            waiting.extend(member)

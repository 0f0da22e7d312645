"""Reads a picture that typst drew (PNG, 8 bits, not interlaced) as rows of light and dark."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
"""Colour type -> bytes of a pixel."""


def dark_pixels(png: bytes) -> list[list[bool]]:
    """Return for each row, from the top, which pixels are darker than middle grey."""
    header, data = b"", b""
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        header, data = (body, data) if kind == b"IHDR" else (header, data + body if kind == b"IDAT" else data)
        at += 12 + length
    width, height, bits, colours, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    assert (png[:8], bits, interlaced) == (SIGNATURE, 8, 0)
    size = CHANNELS[colours]
    rows = _unfiltered(zlib.decompress(data), width * size, height, size)
    return [[row[place] < 128 for place in range(0, len(row), size)] for row in rows]


def _unfiltered(raw: bytes, stride: int, height: int, size: int) -> list[bytes]:
    rows: list[bytes] = []
    above = bytes(stride)
    for number in range(height):
        start = number * (stride + 1)
        above = _row(raw[start], raw[start + 1 : start + 1 + stride], above, size)
        rows.append(above)
    return rows


def _row(method: int, given: bytes, above: bytes, size: int) -> bytes:
    """Undo the filter of one row, as the PNG specification numbers them."""
    row = bytearray(given)
    for place in range(len(row)):
        left = row[place - size] if place >= size else 0
        corner = above[place - size] if place >= size else 0
        row[place] = (row[place] + _predicted(method, left, above[place], corner)) & 255
    return bytes(row)


def _predicted(method: int, left: int, up: int, corner: int) -> int:
    if method < 3:
        return (0, left, up)[method]
    if method == 3:
        return (left + up) // 2
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))

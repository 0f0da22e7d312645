"""Reads the text of a PDF as typst writes it: what is on the page, and what the document says of itself."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"/Length (\d+)\b.*?stream\r?\n(.*)", re.DOTALL)
_HEX_TEXT = re.compile(rb"<FEFF([0-9A-F]+)>")
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\\.|[^\]\\])*)\]TJ|(EMC)", re.DOTALL)
_LITERAL = re.compile(rb"\(((?:\\.|[^)\\])*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_PAIR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of_pdf(raw: bytes) -> str:
    objects = {int(match[1]): match[2] for match in _OBJECT.finditer(raw)}
    said = [bytes.fromhex(match[1].decode()).decode("utf-16-be") for match in _HEX_TEXT.finditer(raw)]
    fonts = {
        name.decode(): _letters(_stream(objects[int(_ref(objects[int(at)], b"ToUnicode"))]))
        for body in objects.values()
        if b"/Font<<" in body
        for name, at in re.findall(rb"/(f\d+) (\d+) 0 R", body)
    }
    pages = [_stream(objects[int(_ref(body, b"Contents"))]) for body in objects.values() if b"/Contents" in body]
    return "\n".join([*(_shown(page, fonts) for page in pages), *said])


def _shown(page: bytes, fonts: dict[str, dict[int, str]]) -> str:
    words, font = [""], {}
    for name, line, is_end in _SHOWN.findall(page):
        if name:
            font = fonts[name.decode()]
        elif is_end:
            words.append(" ")
        for literal in _LITERAL.findall(line):
            codes = _ESCAPE.sub(_unescaped, literal)
            words.append("".join(font[int.from_bytes(codes[n : n + 2])] for n in range(0, len(codes), 2)))
    return "".join(words)


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if code.isdigit() else _CONTROL.get(code, code)


def _letters(cmap: bytes) -> dict[int, str]:
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _PAIR.findall(cmap)}


def _ref(body: bytes, name: bytes) -> bytes:
    match = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert match
    return match[1]


def _stream(body: bytes) -> bytes:
    match = _STREAM.search(body)
    assert match
    return zlib.decompress(match[2][: int(match[1])])

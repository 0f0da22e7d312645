"""Mutations of the bytes: what is not one strict JSON object in UTF-8, small and flat enough."""

import gzip
import json

from tests.proof.gate_case import Case

LARGEST = 256 * 1024
DEEPEST = 32
NAMED = b'"resourceType"'
STATUS = b'"status": '
NUMBERS = ("NaN", "Infinity", "-Infinity", "nan", "+1", "01", "1.", ".5", "0x10", "1e", "--1", "1_000", "True")
ESCAPES = ("\\ud800", "\\udfff", "\\ud83d", "\\ude00\\ud83d", "\\ud800\\ud800", "\\uD8", "\\x41", "\\u00g0", "\\'")
TAILS = (b"}", b"]", b",", b"x", b"{}", b"null", b"\0", b" 1", b"// slut", b"\xff", b"\xef\xbb\xbf", b'""', b"\x1a")
BAD_UTF8 = (
    *(b"\xff", b"\xfe", b"\x80", b"\xc3", b"\xc0\x80", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8"),
    *("æ".encode("latin-1"), "å".encode("cp865")),
)


def head(case: Case, written: bytes) -> bytes:
    """Write an element at the beginning of the resource."""
    return b"{" + written + b", " + case.raw()[1:]


def bad_utf8(case):
    return head(case, b'"language": "d' + case.pick(BAD_UTF8) + b'a"')


def byte_order_mark(case):
    """RFC 8259 section 8.1: none may be sent."""
    return b"\xef\xbb\xbf" + case.raw()


def other_encoding(case):
    codec = case.pick(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7-ish"))
    if codec == "utf-7-ish":
        return b"+AHs-" + case.raw()[1:]
    return case.raw().decode().encode(codec)


def packed(case):
    return gzip.compress(case.raw(), mtime=0)


def key_twice_in_the_resource(case):
    name = case.pick(list(case.resource))
    value = case.pick((json.dumps(case.resource[name]), '"x"', "null"))
    return head(case, f'"{name}": {value}'.encode())


def key_twice_in_an_item(case):
    place = case.answered()
    key = case.key(place)
    again = json.dumps(case.value(case.question(place)))
    case.answer(place)["@@"] = 0
    return case.raw().replace(b'"@@": 0', f'"{key}": {again}'.encode())


def key_twice_by_an_escape(case):
    """`\\u0073tatus` is the same key as `status`."""
    return head(case, b'"\\u0073tatus": "completed"')


def number_that_json_does_not_know(case):
    return head(case, f'"extension": [{{"url": "a:b", "valueDecimal": {case.pick(NUMBERS)}}}]'.encode())


def answer_that_json_does_not_know(case):
    place = case.answered()
    case.answer(place)[case.key(place)] = f"@@{case.pick(NUMBERS)}@@"
    return case.raw()


def broken_escape(case):
    return head(case, f'"language": "d{case.pick(ESCAPES)}a"'.encode())


def lone_surrogate_in_an_answer(case):
    place = case.answered("string", "choice")
    answer = case.answer(place)
    answer.get("valueCoding", answer)["display"] = "@"
    return case.raw().replace(b'"display": "@"', f'"display": "a{case.pick(ESCAPES)}"'.encode())


def nul(case):
    return head(case, case.pick((b'"language": "d\\u0000a"', b'"\\u0000": 1', b'"language": "d\0a"')))


def control_character(case):
    return head(case, b'"language": "d' + bytes([case.random.randrange(1, 32)]) + b'a"')


def something_after_it(case):
    return case.raw() + case.pick((b"", b"\n")) + case.pick(TAILS)


def something_before_it(case):
    return case.pick((b"x", b",", b"\0", b")]}'\n", b"\xa0", b"\xe2\x80\x8b", b"\x0c", b"data: ", b"[")) + case.raw()


def nested_too_deep(case):
    """An extension in an extension: legal FHIR, and deeper than 32 levels."""
    levels = case.pick((DEEPEST, DEEPEST + 1, 200, 3000))
    opening = '{"url": "a:b", "extension": [' * (levels // 2)
    return head(case, f'"extension": [{opening}{{"url": "a", "valueInteger": 1}}{"]}" * (levels // 2)}]'.encode())


def items_nested_too_deep(case):
    levels = case.pick((DEEPEST, 100, 5000))
    written = '"item": [{"linkId": "a", ' * levels + '"text": "a"' + "}]" * levels
    case.resource.pop("item", None)
    return head(case, written.encode())


def brackets_without_end(case):
    return case.pick((b"[", b'{"a":', b'[{"a":')) * case.pick((40, 1000, 40_000))


def too_large(case):
    raw = case.raw()
    extension = b'"extension": [{"url": "a:b", "valueString": "' + b"a" * LARGEST + b'"}]'
    return case.pick((raw + b" " * (LARGEST - len(raw) + 1), b"\n" * LARGEST + raw, head(case, extension)))


def cut_off(case):
    raw = case.raw()
    return raw[: case.random.randrange(1, len(raw))]


def without_a_quote(case):
    raw = case.raw()
    place = case.pick([at for at, byte in enumerate(raw) if byte == ord('"') and raw[at - 1] != ord("\\")])
    return raw[:place] + raw[place + 1 :]


def script_for_json(case):
    raw = case.raw()
    return case.pick(
        (
            *(raw.replace(NAMED, b"resourceType", 1), raw.replace(b'"', b"'"), raw[:-1] + b",}", b"{," + raw[1:]),
            *(
                b"/* svar */" + raw,
                raw.replace(b": ", b"= ", 1),
                raw.replace(b", ", b"; ", 1),
                raw.replace(b", ", b" ", 1),
            ),
            *(raw[:1] + b"// svar\n" + raw[1:], raw.replace(b": ", b":: ", 1), b"(" + raw + b")", raw + b";"),
        )
    )


def no_object(case):
    raw = case.raw()
    return case.pick(
        (b"[" + raw + b"]", json.dumps(raw.decode()).encode(), b"[]", b"null", b"true", b"1", b'"x"', b"1.5")
    )


def nothing_at_all(case):
    return case.pick((b"", b" ", b"\n\t ", b"\0", b"\xef\xbb\xbf", b"{", b"}")) * case.random.randint(1, 3)


ENCODINGS = (
    *(bad_utf8, byte_order_mark, other_encoding, packed, key_twice_in_the_resource, key_twice_in_an_item),
    *(key_twice_by_an_escape, number_that_json_does_not_know, answer_that_json_does_not_know, broken_escape),
    *(lone_surrogate_in_an_answer, nul, control_character, something_after_it, something_before_it, nested_too_deep),
    *(items_nested_too_deep, brackets_without_end, too_large, cut_off, without_a_quote, script_for_json, no_object),
    *(nothing_at_all,),
)

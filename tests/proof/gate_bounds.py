"""Mutations of bounds: one beyond what the item or FHIR R4 allows, or far beyond."""

from copy import deepcopy

from tests.proof.gate_types import put

FAR = (2**31, -(2**31) - 1, 2**53, 10**30, -(10**30), 10**400)
LITERALS = ("1e999999999", "-1e400", "1E+9", "1e-7", "123456789012345678901234567890.5", "9" * 4000)
LONG_ID = 65


def below_the_lowest(case):
    place = case.answered("integer")
    low = case.question(place).low
    return put(case, place, case.pick((low - 1, low - 1, low - 2, low - 1000)))


def above_the_highest(case):
    place = case.answered("integer")
    high = case.question(place).high
    return put(case, place, case.pick((high + 1, high + 1, high + 2, high + 1000)))


def far_beyond(case):
    return put(case, case.answered("integer"), case.pick(FAR))


def number_that_is_no_number_of_python(case):
    """Huge exponents, thousands of digits: refused, and not computed first."""
    return put(case, case.answered("integer"), f"@@{case.pick(LITERALS)}@@")


def beyond_the_last_option(case):
    place = case.answered("choice")
    points = [int(one["code"]) for one in case.question(place).codings if one["code"].isdigit()]
    coding = case.answer(place)["valueCoding"]
    coding["code"] = str(case.pick((max(points) + 1, max(points) + 1, min(points) - 1, max(points) + 100)))
    return (f"item[{place}]", "answer[0]", "valueCoding")


def one_character_too_many(case):
    place = case.answered("string")
    longest = case.question(place).longest
    return put(case, place, case.pick(("å", "a", "😀")) * case.pick((longest + 1, longest + 1, longest + 2, 10_000)))


def one_line_end(case):
    """A FHIR item of type `string` takes one line."""
    return put(case, case.answered("string"), case.pick(("at gå\nat stå", "at gå\r\n", "\nat gå", "a\rb")))


def no_character(case):
    """A FHIR string is not empty."""
    return put(case, case.answered("string"), "")


def one_answer_too_many(case):
    place = case.answered()
    answers = case.items[place]["answer"]
    more = case.pick((1, 1, 2, 50))
    answers.extend(deepcopy(answers[0]) for _ in range(more))
    return (f"item[{place}]", "answer[1]")


def another_answer_too(case):
    place = case.answered()
    question = case.question(place)
    case.items[place]["answer"].append({case.key(place): case.value(question)})
    return (f"item[{place}]", "answer[1]")


def id_of_too_many_characters(case):
    case.resource["id"] = case.pick(("a" * LONG_ID, "a" * 1000, "", "a_b", "a b", "å", "a/b", "a|b"))
    return ("id",)


def version_of_too_many_characters(case):
    case.resource["meta"] = {"versionId": case.pick(("1" * LONG_ID, "", "1 2", "W/1"))}
    return ("meta", "versionId")


def moment_outside_the_calendar(case):
    case.resource["authored"] = case.pick(
        (
            *("0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z"),
            *("2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z"),
            *("2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00+15:00"),
            *("2026-01-01T00:00:00+14:01", "-2026-01-01T00:00:00Z", "0000", "2026-13", "0001-01-01T00:00:00+14:00"),
        )
    )
    return ("authored",)


def number_of_an_extension(case):
    key, value = case.pick(
        (
            *(("valueInteger", 2**31), ("valueInteger", -(2**31) - 1), ("valueUnsignedInt", -1)),
            *(("valuePositiveInt", 0), ("valuePositiveInt", 2**31), ("valueInteger", 10**30)),
            *(("valueOid", "urn:oid:3.1"), ("valueUuid", "urn:uuid:1"), ("valueTime", "24:00:00")),
            *(("valueInstant", "2026-01-01"), ("valueId", "a" * LONG_ID), ("valueBase64Binary", "a")),
        )
    )
    case.resource["extension"] = [{"url": "https://elsewhere.example/x", key: value}]
    return ("extension[0]", key)


def period_that_ends_before_it_begins(case):
    """FHIR invariant per-1."""
    period = {"start": "2026-11-20", "end": case.pick(("2026-11-19", "2025-12-31", "2026-11-19"))}
    case.resource["identifier"] = {"value": case.uuid(), "period": period}
    return ("identifier", "period")


def two_requests_of_ours(case):
    """A response fulfils one request; of two nobody knows which."""
    case.resource["basedOn"] = [{"reference": f"ServiceRequest/{case.uuid()}"} for _ in range(case.pick((2, 2, 9)))]
    return ("basedOn",)


BOUNDS = (
    *(below_the_lowest, above_the_highest, far_beyond, number_that_is_no_number_of_python, beyond_the_last_option),
    *(one_character_too_many, one_line_end, no_character, one_answer_too_many, another_answer_too),
    *(id_of_too_many_characters, version_of_too_many_characters, moment_outside_the_calendar, number_of_an_extension),
    *(period_that_ends_before_it_begins, two_requests_of_ours),
)

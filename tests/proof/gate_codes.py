"""Mutations of codes: what is not exactly one of the codes that the item, the resource or the gate allows."""

from copy import deepcopy

from tests.proof.gate_case import ABSENT, DECLINED, Case, Path

NOT_A_STATUS = (
    *("done", "Completed", "COMPLETED", "complete", "completed ", " completed", "final", "in_progress", "in progress"),
    *("ufærdig", "unknown", "amended\n", "", " ", "null", "draft", "active"),
)
STATUS_NOT_TAKEN = ("stopped", "entered-in-error")
ABSENCES = (
    *("unknown", "not-asked", "asked-unknown", "temp-unknown", "masked", "not-applicable", "error", "as-text"),
    *("asked_declined", "Asked-Declined", "asked-declined ", "declined"),
)


def coding_of(case: Case) -> tuple[int, dict[str, str], Path]:
    place = case.answered("choice")
    return place, case.answer(place)["valueCoding"], (f"item[{place}]", "answer[0]", "valueCoding")


def unknown_option(case):
    _, coding, path = coding_of(case)
    coding["code"] = case.pick(("nej", "x", "99", "-1", "null", "A", "1.0", "01", "1e0", "１", "+1", "0x1"))
    return path


def option_of_another_form(case):
    _, coding, path = coding_of(case)
    coding |= {"system": "http://loinc.org", "code": "LA6568-5"}
    return path


def other_system(case):
    _, coding, path = coding_of(case)
    system = coding["system"]
    coding["system"] = case.pick(
        (
            *("https://elsewhere.example", f"{system}/", f"{system}x", system[:-1], system.upper()),
            *(system.replace("https", "http"), system.replace("https", "HTTPS"), "urn:oid:2.16.840.1"),
        )
    )
    return path


def no_system(case):
    _, coding, path = coding_of(case)
    del coding["system"]
    return path


def no_code(case):
    """A display, or a system, chooses nothing."""
    place, coding, path = coding_of(case)
    text = case.question(place).codings[0]["display"]
    left = case.pick(({"display": text}, {"system": coding["system"]}, {"system": coding["system"], "display": text}))
    case.answer(place)["valueCoding"] = left
    return path


def code_in_the_display(case):
    _, coding, path = coding_of(case)
    coding["display"] = coding.pop("code")
    return path


def padded_code(case):
    """A FHIR code neither begins nor ends with a space, and the points are no words."""
    _, coding, path = coding_of(case)
    coding["code"] = case.pick((" {}", "{} ", "{}\t", "\n{}", "{}.", '"{}"', "{}\u200b")).format(coding["code"])
    return path


def status_that_is_none(case):
    case.resource["status"] = case.pick(NOT_A_STATUS)
    return ("status",)


def status_that_is_not_taken(case):
    """FHIR knows it; a new response with it is not accepted (docs/architecture.md section 8)."""
    case.resource["status"] = case.pick(STATUS_NOT_TAKEN)
    return ("status",)


def unknown_questionnaire(case):
    url, _, version = case.form.canonical.partition("|")
    case.resource["questionnaire"] = case.pick(
        (
            *(
                url,
                f"{url}|",
                f"{url}|9.9.9",
                f"{url}|{version}.0",
                f"{url}|2.0",
                f"{url}/|{version}",
                f" {url}|{version}",
            ),
            *(
                f"{url.upper()}|{version}",
                f"{url}x|{version}",
                f"{url}|{version}#x",
                f"{url}||{version}",
                f"|{version}",
            ),
            *(f"{url}|{version} ", case.form.name, f"Questionnaire/{case.form.name}-{version}", f"{url}%7C{version}"),
        )
    )
    return ("questionnaire",)


def questionnaire_of_another_form(case):
    """The response answers items, and the other form has none of them."""
    case.standing()
    other = case.pick([name for name in ("cat", "nrs-pain", "rmdq23", "mmrc") if name != case.form.name])
    case.resource["questionnaire"] = f"https://svarbro.example/fhir/Questionnaire/{other}|2.0.0"
    return ("item[0]", "linkId")


def other_resource(case):
    case.resource["resourceType"] = case.pick(
        ("Questionnaire", "questionnaireresponse", "QuestionnaireResponse ", "Observation", "", "Bundle", 1, None, [])
    )
    return ("resourceType",)


def other_absence(case):
    """Of the coded absences only `asked-declined` is an answer here."""
    place = case.standing()
    entry = deepcopy(DECLINED)
    entry["extension"][0]["valueCode"] = case.pick(ABSENCES)
    case.items[place]["answer"] = [entry]
    return (f"item[{place}]", "answer[0]")


def absence_by_another_name(case):
    place = case.standing()
    entry = deepcopy(DECLINED)
    entry["extension"][0]["url"] = case.pick((ABSENT + "s", ABSENT.upper(), "data-absent-reason", ABSENT[:-1]))
    case.items[place]["answer"] = [entry]
    return (f"item[{place}]", "answer[0]")


def absence_as_another_value(case):
    place = case.standing()
    key = case.pick(("valueString", "valueUri", "valueBoolean"))
    value = True if key == "valueBoolean" else "asked-declined"
    case.items[place]["answer"] = [{"extension": [{"url": ABSENT, key: value}]}]
    return (f"item[{place}]", "answer[0]")


def use_of_an_identifier(case):
    case.resource["identifier"] = {"use": case.pick(("primary", "Official", "x")), "value": case.uuid()}
    return ("identifier", "use")


def status_of_the_narrative(case):
    div = '<div xmlns="http://www.w3.org/1999/xhtml">Svar</div>'
    case.resource["text"] = {"status": case.pick(("complete", "Generated", "x")), "div": div}
    return ("text", "status")


def comparator_of_a_quantity(case):
    quantity = {"value": 1, "comparator": case.pick(("=", "less", "~", "=<"))}
    case.resource["extension"] = [{"url": "https://elsewhere.example/x", "valueQuantity": quantity}]
    return ("extension[0]", "valueQuantity", "comparator")


def code_with_spaces(case):
    """A FHIR code has single spaces inside at most."""
    case.resource["language"] = case.pick((" da", "da ", "da  dk", "da\t", "\n", " "))
    return ("language",)


CODES = (
    *(unknown_option, option_of_another_form, other_system, no_system, no_code, code_in_the_display, padded_code),
    *(status_that_is_none, status_that_is_not_taken, unknown_questionnaire, questionnaire_of_another_form),
    *(other_resource, other_absence, absence_by_another_name, absence_as_another_value, use_of_an_identifier),
    *(status_of_the_narrative, comparator_of_a_quantity, code_with_spaces),
)

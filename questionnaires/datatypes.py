"""The FHIR R4 elements that a Questionnaire and its response can hold, as a table; what is not in it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from questionnaires.primitives import PRIMITIVES

# One line per type: `name:kind`, `*` = list, `!` = must be there. Every type also has `id` and `extension`.
# Types that only an extension could bring and that nothing here reads (OPEN) are checked to be objects, no deeper.
CONTAINED = "resourceType:code! meta:Meta language:code text:Narrative"
TYPES = {
    "QuestionnaireResponse": (
        "resourceType:code! meta:Meta language:code text:Narrative identifier:Identifier basedOn:Reference* "
        "partOf:Reference* questionnaire:canonical! status:code! subject:Reference encounter:Reference "
        "authored:dateTime author:Reference source:Reference item:Item*"
    ),
    "Item": "linkId:string! definition:uri text:string answer:Answer* item:Item*",
    "Answer": "item:Item*",
    "Questionnaire": (
        "resourceType:code! meta:Meta language:code text:Narrative url:uri identifier:Identifier* version:string "
        "name:string title:string derivedFrom:canonical* status:code! experimental:boolean subjectType:code* "
        "date:dateTime publisher:string contact:ContactDetail* description:markdown useContext:UsageContext* "
        "jurisdiction:CodeableConcept* purpose:markdown copyright:markdown approvalDate:date lastReviewDate:date "
        "effectivePeriod:Period code:Coding* item:QuestionnaireItem*"
    ),
    "QuestionnaireItem": (
        "linkId:string! definition:uri code:Coding* prefix:string text:string type:code! enableWhen:EnableWhen* "
        "enableBehavior:code required:boolean repeats:boolean readOnly:boolean maxLength:integer "
        "answerValueSet:canonical answerOption:AnswerOption* initial:Initial* item:QuestionnaireItem*"
    ),
    "EnableWhen": "question:string! operator:code!",
    "AnswerOption": "initialSelected:boolean",
    "Initial": "",
    "Patient": (
        f"{CONTAINED} identifier:Identifier* active:boolean name:HumanName* telecom:ContactPoint* gender:code "
        "birthDate:date address:Address* maritalStatus:CodeableConcept"
    ),
    "Practitioner": (
        f"{CONTAINED} identifier:Identifier* active:boolean name:HumanName* telecom:ContactPoint* gender:code "
        "birthDate:date address:Address* communication:CodeableConcept*"
    ),
    "RelatedPerson": (
        f"{CONTAINED} identifier:Identifier* active:boolean patient:Reference! relationship:CodeableConcept* "
        "name:HumanName* telecom:ContactPoint* gender:code birthDate:date address:Address* period:Period"
    ),
    "Organization": (
        f"{CONTAINED} identifier:Identifier* active:boolean type:CodeableConcept* name:string alias:string* "
        "telecom:ContactPoint* address:Address* partOf:Reference"
    ),
    "Device": (
        f"{CONTAINED} identifier:Identifier* status:code manufacturer:string manufactureDate:dateTime lotNumber:string "
        "serialNumber:string modelNumber:string partNumber:string type:CodeableConcept owner:Reference url:uri"
    ),
    "Meta": "versionId:id lastUpdated:instant source:uri profile:canonical* security:Coding* tag:Coding*",
    "Narrative": "status:code! div:xhtml!",
    "Primitive": "",
    "Extension": "url:uri!",
    "Coding": "system:uri version:string code:code display:string userSelected:boolean",
    "CodeableConcept": "coding:Coding* text:string",
    "Reference": "reference:reference type:uri identifier:Identifier display:string",
    "Identifier": "use:code type:CodeableConcept system:uri value:string period:Period assigner:Reference",
    "Period": "start:dateTime end:dateTime",
    "Quantity": "value:decimal comparator:code unit:string system:uri code:code",
    "Money": "value:decimal currency:code",
    "Range": "low:Quantity high:Quantity",
    "Ratio": "numerator:Quantity denominator:Quantity",
    "Attachment": (
        "contentType:code language:code data:base64Binary url:url size:unsignedInt hash:base64Binary title:string "
        "creation:dateTime"
    ),
    "Annotation": "authorReference:Reference authorString:string time:dateTime text:markdown!",
    "HumanName": "use:code text:string family:string given:string* prefix:string* suffix:string* period:Period",
    "ContactPoint": "system:code value:string use:code rank:positiveInt period:Period",
    "Address": (
        "use:code type:code text:string line:string* city:string district:string state:string postalCode:string "
        "country:string period:Period"
    ),
    "Expression": "description:string name:id language:code! expression:string reference:uri",
}
SAME_AS_QUANTITY = ("Age", "Count", "Distance", "Duration")
OPEN = (
    *("ContactDetail", "Contributor", "DataRequirement", "Dosage", "ParameterDefinition", "RelatedArtifact"),
    *("SampledData", "Signature", "Timing", "TriggerDefinition", "UsageContext"),
)
ANSWER_VALUES = (
    *("boolean", "decimal", "integer", "date", "dateTime", "time", "string", "uri"),
    *("Attachment", "Coding", "Quantity", "Reference"),
)
PEOPLE_AND_DEVICES = ("Patient", "Practitioner", "RelatedPerson", "Organization", "Device")
"""What a response may contain: it tells who, and cannot change what was answered."""
RESOURCES = ("QuestionnaireResponse", "Questionnaire", *PEOPLE_AND_DEVICES)
NEVER_A_VALUE = (
    *(*RESOURCES, "Item", "Answer", "QuestionnaireItem", "EnableWhen", "AnswerOption", "Initial"),
    *("Narrative", "Primitive", "Extension"),
)
# (type, element) -> its codes, where FHIR R4 binds it to them as required.
CODES = {
    ("Questionnaire", "status"): "draft active retired unknown",
    ("QuestionnaireItem", "type"): (
        "group display boolean decimal integer date dateTime time string text url choice open-choice attachment "
        "reference quantity"
    ),
    ("QuestionnaireItem", "enableBehavior"): "all any",
    ("EnableWhen", "operator"): "exists = != > < >= <=",
    ("Narrative", "status"): "generated extensions additional empty",
    ("Identifier", "use"): "usual official temp secondary old",
    ("Quantity", "comparator"): "< <= >= >",
    ("HumanName", "use"): "usual official temp nickname anonymous old maiden",
    ("ContactPoint", "system"): "phone fax email pager url sms other",
    ("ContactPoint", "use"): "home work temp old mobile",
    ("Address", "use"): "home work temp old billing",
    ("Address", "type"): "postal physical both",
    ("Patient", "gender"): "male female other unknown",
    ("Practitioner", "gender"): "male female other unknown",
    ("RelatedPerson", "gender"): "male female other unknown",
    ("Device", "status"): "active inactive entered-in-error unknown",
}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type.

    Args:
        kind: name of its type.
        many: it is a list.
        codes: that it is bound to; empty for any.
    """

    kind: str
    many: bool = False
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Datatype:
    """One complex type.

    Args:
        elements: JSON name -> element.
        needed: JSON names that must be there.
        values: JSON names of its `value[x]`.
    """

    elements: Mapping[str, Element]
    needed: tuple[str, ...]
    values: frozenset[str] = frozenset()


def _value_names(kinds: Sequence[str], prefix: str) -> dict[str, Element]:
    return {f"{prefix}{kind[0].upper()}{kind[1:]}": Element(kind) for kind in kinds}


def _datatype(kind: str, line: str) -> Datatype:
    elements = {
        "id": Element("id" if kind in RESOURCES else "string"),
        "extension": Element("Extension", many=True),
    }
    needed: list[str] = []
    for word in line.split():
        name, _, rest = word.partition(":")
        codes = frozenset(CODES.get((kind, name), "").split())
        elements[name] = Element(rest.rstrip("*!"), many=rest.endswith("*"), codes=codes)
        if rest.endswith("!"):
            needed.append(name)
    values = _value_names(VALUES_OF.get(kind, ()), PREFIX_OF.get(kind, "value"))
    return Datatype(MappingProxyType(elements | values), tuple(needed), frozenset(values))


PREFIX_OF = {"EnableWhen": "answer"}
VALUES_OF: Mapping[str, Sequence[str]] = {
    "Answer": ANSWER_VALUES,
    "Initial": ANSWER_VALUES,
    "AnswerOption": ("integer", "date", "time", "string", "Coding", "Reference"),
    "EnableWhen": tuple(kind for kind in ANSWER_VALUES if kind not in ("uri", "Attachment")),
    "Extension": (
        *(kind for kind in PRIMITIVES if kind not in ("xhtml", "reference")),
        *(kind for kind in TYPES if kind not in NEVER_A_VALUE),
        *SAME_AS_QUANTITY,
        *OPEN,
    ),
}
DATATYPES: Mapping[str, Datatype] = MappingProxyType(
    {kind: _datatype(kind, line) for kind, line in TYPES.items()}
    | {kind: _datatype(kind, TYPES["Quantity"]) for kind in SAME_AS_QUANTITY}
)

"""The FHIR R4 elements that a QuestionnaireResponse can hold, as a table; what is not in it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from questionnaires.primitives import PRIMITIVES

# One line per type: `name:kind`, `*` = list, `!` = must be there. Every type also has `id` and `extension`.
# Types that only an extension could bring and that nothing here reads (OPEN) are checked to be objects, no deeper.
TYPES = {
    "QuestionnaireResponse": (
        "resourceType:code! meta:Meta language:code text:Narrative identifier:Identifier basedOn:Reference* "
        "partOf:Reference* questionnaire:canonical! status:code! subject:Reference encounter:Reference "
        "authored:dateTime author:Reference source:Reference item:Item*"
    ),
    "Item": "linkId:string! definition:uri text:string answer:Answer* item:Item*",
    "Answer": "item:Item*",
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
NEVER_A_VALUE = ("QuestionnaireResponse", "Item", "Answer", "Narrative", "Primitive", "Extension")


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type.

    Args:
        kind: name of its type.
        many: it is a list.
    """

    kind: str
    many: bool = False


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


def _value_names(kinds: Sequence[str]) -> dict[str, Element]:
    return {f"value{kind[0].upper()}{kind[1:]}": Element(kind) for kind in kinds}


def _datatype(kind: str, line: str) -> Datatype:
    elements = {
        "id": Element("id" if kind == "QuestionnaireResponse" else "string"),
        "extension": Element("Extension", many=True),
    }
    needed: list[str] = []
    for word in line.split():
        name, _, rest = word.partition(":")
        elements[name] = Element(rest.rstrip("*!"), many=rest.endswith("*"))
        if rest.endswith("!"):
            needed.append(name)
    values = _value_names(VALUES_OF.get(kind, ()))
    return Datatype(MappingProxyType(elements | values), tuple(needed), frozenset(values))


VALUES_OF: Mapping[str, Sequence[str]] = {
    "Answer": ANSWER_VALUES,
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

"""Every address of a code system, identifier system or extension that the FHIR door writes."""

BASE = "https://svarbro.example/fhir"

# Ours.
RULES = f"{BASE}/CodeSystem/rule"
SCORES = f"{BASE}/CodeSystem/score"
ABSENT_SCORES = f"{BASE}/CodeSystem/score-absent-reason"
REQUEST_STATES = f"{BASE}/CodeSystem/request-state"
ACTIONS = f"{BASE}/CodeSystem/agreed-action"
DIMENSIONS = f"{BASE}/CodeSystem/dimension-of-need"
MEASUREMENTS = f"{BASE}/CodeSystem/measurement"
COLOURS = f"{BASE}/CodeSystem/colour"
URGENCIES = f"{BASE}/CodeSystem/urgency"
LEVELS = f"{BASE}/CodeSystem/differentiation-level"
TABLE_ROWS = f"{BASE}/CodeSystem/table-row"
PACKAGES = f"{BASE}/CodeSystem/care-package"
MEASURES = f"{BASE}/Measure"
MESSAGE_STATES = f"{BASE}/CodeSystem/message-state"
MESSAGE_KINDS = f"{BASE}/CodeSystem/message-kind"
CHANNELS = f"{BASE}/CodeSystem/channel"
CHANNEL_EVENTS = f"{BASE}/CodeSystem/channel-event"
TARGET = f"{BASE}/sid/target"
CLIENT = f"{BASE}/sid/client"
DOORS = f"{BASE}/sid/door"
REQUEST = f"{BASE}/sid/request"
OCCASION = f"{BASE}/sid/occasion"
ACTS = f"{BASE}/CodeSystem/act"
PURPOSES = f"{BASE}/CodeSystem/purpose"
ROLES = f"{BASE}/CodeSystem/role"
PERSON = f"{BASE}/sid/person"
POPULATED_FROM = f"{BASE}/StructureDefinition/populated-from"
LINK_ID = f"{BASE}/StructureDefinition/link-id"
EXACT_VALUE = f"{BASE}/StructureDefinition/exact-value"
ESTIMATED = f"{BASE}/StructureDefinition/estimated"
SCORING_RULE = f"{BASE}/StructureDefinition/scoring-rule"
PRIORITY = f"{BASE}/StructureDefinition/assessment-priority"
URGENCY = f"{BASE}/StructureDefinition/urgency"
LEVEL = f"{BASE}/StructureDefinition/differentiation-level"
DAYS = f"{BASE}/StructureDefinition/days-from-event"
AWAITING = f"{BASE}/StructureDefinition/awaiting-assessment"

# Denmark's identifiers; CPR and SOR stand in `delivery.parties`.
X_ECPR = "urn:oid:1.2.208.176.1.6.1.1"

# HL7's.
SDC_TASK = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp"
UCUM = "http://unitsofmeasure.org"
OBSERVATION_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
RESOURCE_TYPES = "http://hl7.org/fhir/resource-types"
AGENT_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
DATA_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
PLAN_TYPE = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
AUDIT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
AUDIT_ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
OBJECT_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
DATA_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

# IHE Basic Audit Log Patterns 1.1.3.
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit"

# The national telemedicine infrastructure's (FUT), canonical http://ehealth.sundhed.dk/fhir.
FUT_IMPRESSION = "http://ehealth.sundhed.dk/cs/clinicalimpression-codes"
FUT_FINDING = "http://ehealth.sundhed.dk/cs/clinicalimpression-finding-codes"
FUT_CARE_PLAN = "http://ehealth.sundhed.dk/fhir/StructureDefinition/ehealth-clinicalimpression-careplan"
FUT_DECISION_CONTEXT = "http://ehealth.sundhed.dk/fhir/StructureDefinition/ehealth-clinicalimpression-decisionContext"


def bands(score_id: str) -> str:
    """Return the code system of a score's bands or categories."""
    return f"{BASE}/CodeSystem/{score_id}-band"


def library(content_id: str, version: str) -> str:
    """Return the canonical of a rule or table, such as `alert/kol` in version 2.0.0."""
    return f"{BASE}/Library/{content_id.replace('/', '-')}|{version}"


OPERATION_VALIDATE = "http://hl7.org/fhir/OperationDefinition/Resource-validate"
OPERATION_CALCULATED = f"{BASE}/OperationDefinition/Questionnaire-calculated-expressions"
OPERATION_SIGNIFICANCE = f"{BASE}/OperationDefinition/Questionnaire-answer-significance"
OPERATION_POPULATE = "http://hl7.org/fhir/uv/sdc/OperationDefinition/Questionnaire-populate"
OPERATION_EXTRACT = "http://hl7.org/fhir/uv/sdc/OperationDefinition/QuestionnaireResponse-extract"
RESPONSE_PROFILES = (
    "http://hl7.org/fhir/StructureDefinition/QuestionnaireResponse",
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaireresponse",
)
"""What every response that passes the gate conforms to."""

"""DEFINE, ANSWER, VALIDATE: FHIR Questionnaires as data, and the checks of a response; pure."""

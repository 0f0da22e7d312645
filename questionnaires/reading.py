"""Reads any FHIR R4 Questionnaire; what is invalid or not supported is told by linkId and element."""

from questionnaires.definition import compile_questionnaire
from questionnaires.model import Questionnaire


def read_questionnaire(raw: bytes, where: str) -> Questionnaire:
    """Read a Questionnaire that need not be one of ours.

    Args:
        raw: the resource as JSON.
        where: file name or other origin, for messages.

    Raises:
        ContentError: it is no valid R4 Questionnaire, or asks for something that this gate cannot check.
    """
    return compile_questionnaire(raw, where)

"""The family of errors: each carries what FHIR and HTTP need to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong, named by its element.

    Args:
        code: FHIR issue-type code, such as `value` or `required`.
        text: what is wrong, without any answer, name or CPR number.
        expression: FHIRPath or JSON field of the element, such as `QuestionnaireResponse.item[0].answer[0]`.
        link_id: the questionnaire item concerned, if any.
        rule: our own name of the rule that was broken, such as `not-an-option`.
        severity: FHIR issue-severity code.
    """

    code: str
    text: str
    expression: str | None = None
    link_id: str | None = None
    rule: str | None = None
    severity: str = "error"


class SvarbroError(Exception):
    """What this service refuses or cannot do; its message holds no answer, name or CPR number."""

    status: ClassVar[int] = 500
    issue_code: ClassVar[str] = "exception"

    def __init__(self, text: str, *, issues: Sequence[Issue] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.issues: tuple[Issue, ...] = tuple(issues) or (Issue(self.issue_code, text),)


class SettingsError(SvarbroError):
    """The settings do not allow a start."""


class ContentError(SvarbroError):
    """A questionnaire, rule, table or programme is wrong: the start stops."""


class InvalidInputError(SvarbroError):
    """A person or a system sent something that breaks a rule; `issues` names every element."""

    status = 422
    issue_code = "invalid"


class MalformedInputError(InvalidInputError):
    """What was sent cannot be read at all: not JSON, not the right resource."""

    status = 400
    issue_code = "structure"


class QuestionnaireError(InvalidInputError):
    """A questionnaire or a response to it is not usable."""


class UnknownQuestionnaireError(QuestionnaireError):
    """No questionnaire has this canonical in this version."""

    issue_code = "not-found"


class InvalidResponseError(QuestionnaireError):
    """A response breaks its questionnaire; `issues` holds every fault."""


class AccessError(SvarbroError):
    """The caller may not do this."""

    status = 403
    issue_code = "forbidden"


class UnauthenticatedError(AccessError):
    """Nobody known is calling."""

    status = 401
    issue_code = "login"


class TokenExpiredError(AccessError):
    """The personal link or token is no longer valid."""

    status = 410
    issue_code = "expired"


class ThrottledError(SvarbroError):
    """Too many calls of one caller.

    Args:
        retry_after_s: seconds after which calls count anew.
    """

    status = 429
    issue_code = "throttled"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("Too many calls; try again later.")
        self.retry_after_s = retry_after_s


class MisdirectedError(SvarbroError):
    """The call names a host that is not ours."""

    status = 421
    issue_code = "not-supported"


class StoreError(SvarbroError):
    """The store could not do what was asked."""


class NotFoundError(StoreError):
    """No such thing in this clinic; another clinic's thing looks the same."""

    status = 404
    issue_code = "not-found"


class ConflictError(StoreError):
    """It exists already, or was changed by somebody else."""

    status = 409
    issue_code = "conflict"


class StaleVersionError(ConflictError):
    """Somebody else changed it since the caller looked: read again, then decide."""

    status = 412


class VersionNotNamedError(StoreError):
    """A change must name the version that it was made on."""

    status = 428
    issue_code = "required"


class NotOpenError(StoreError):
    """The request is closed: expired, cancelled or answered."""

    status = 409
    issue_code = "business-rule"


class UnavailableError(StoreError):
    """The database cannot be reached or is busy now; try again."""

    status = 503
    issue_code = "transient"


class HandoverError(SvarbroError):
    """A message could not be handed to a channel or a plan.

    Args:
        text: what happened, without a payload.
        permanent: do not try again.
        maybe_accepted: the receiver may have taken it although no answer came.
        retry_after_s: the receiver asked to wait so many seconds.
        http_status: the receiver's status, if it gave one.
    """

    status = 502
    issue_code = "transient"

    def __init__(
        self,
        text: str,
        *,
        permanent: bool = False,
        maybe_accepted: bool = False,
        retry_after_s: float | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(text)
        self.permanent = permanent
        self.maybe_accepted = maybe_accepted
        self.retry_after_s = retry_after_s
        self.http_status = http_status


class DeliveryError(HandoverError):
    """A channel did not take an invitation."""


class PlanError(HandoverError):
    """A plan did not take a report."""

"""Files that patients sent: given to the clinic's browser to keep, and never to show among our own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import make_response
from flask.typing import ResponseReturnValue

from flow.attachment import OpenAttachment
from kernel.ids import EnrolmentId, ResponseId
from web.clinic.staff import Staff

ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        "image/png": "png",
        "image/jpeg": "jpg",
        "image/gif": "gif",
        "image/webp": "webp",
        "image/heic": "heic",
        "application/pdf": "pdf",
        "text/plain": "txt",
    }
)
"""Types that are handed over under their own name, with the ending of the file; nothing that a browser runs."""
UNKNOWN = ("application/octet-stream", "bin")
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Whatever a browser does with the file, it runs nothing in it and knows nothing of our session."""


@dataclass(frozen=True, slots=True)
class AttachmentViews:
    """The view of a file."""

    attachment: OpenAttachment
    staff: Staff

    def show(self, enrolment_id: str, response_id: str, number: int) -> ResponseReturnValue:
        """Give the file."""
        actor = self.staff.current()
        sent = self.attachment(actor, EnrolmentId(enrolment_id), ResponseId(response_id), number)
        content_type, ending = handed_over_as(sent.content_type)
        answer = make_response(sent.content)
        answer.headers["Content-Type"] = content_type
        # The patient's own name for it may hold a name or a number, and it lands in a folder of downloads.
        answer.headers["Content-Disposition"] = f'attachment; filename="bilag-{number}.{ending}"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Content-Security-Policy"] = POLICY
        return answer


def handed_over_as(content_type: str) -> tuple[str, str]:
    """Return the type and the ending under which a file is given; what is not listed is only bytes."""
    return (content_type, ENDINGS[content_type]) if content_type in ENDINGS else UNKNOWN

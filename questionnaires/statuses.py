"""What a response may say of its own standing."""

FHIR_STATUSES = ("in-progress", "completed", "amended", "entered-in-error", "stopped")
ACCEPTED_STATUSES = ("in-progress", "completed", "amended")
CHANGING_STATUSES = (*ACCEPTED_STATUSES, "entered-in-error")
"""What a change of a filed response may say; nothing new begins as an error."""
UNFINISHED_STATUSES = ("in-progress", "entered-in-error", "stopped")
"""These need not answer what is required."""

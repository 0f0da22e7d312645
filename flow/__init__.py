"""The use cases, one file per step of the way; one use case is one transaction."""

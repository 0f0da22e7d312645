"""The way to the patient: one port and one adapter per file."""

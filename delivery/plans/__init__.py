"""The way to the patient's plan and record: one port and one adapter per file."""

"""SCHEDULE, DELIVER, REPORT: everything that leaves the house."""

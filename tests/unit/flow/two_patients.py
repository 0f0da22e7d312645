"""A second patient, and what makes an annual control."""

from flow.decision_order import ActionOrder

SVERRE = ("0104909995", "Sverre Mosebryggeren")
ANNUAL_CHECK = ActionOrder("annual-check")

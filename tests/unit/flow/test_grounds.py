"""The inputs of a result, in the words of the table that was walked."""

from fractions import Fraction

from flow.grounds import alert_grounds, needs_grounds
from scoring.result import RuleVersion
from scoring.suggestion import UsedInput
from tests.builders import a_needs, an_alert
from tests.way import CONTENT

INPUTS = {"catDeltaLast": UsedInput("catDeltaLast", Fraction(6), "present")}


def test_a_change_says_since_when():
    alert = an_alert(INPUTS, table=CONTENT.catalogue.table("alert/kol").version)

    (line,) = alert_grounds(CONTENT, alert)

    assert line.label.da == "Ændring i CAT siden sidste svar"
    assert line.used.value == Fraction(6)


def test_a_table_that_is_no_longer_there_leaves_the_names_of_its_inputs():
    gone = RuleVersion("alert/kol", "0.1.0", "d" * 64)

    (line,) = alert_grounds(CONTENT, an_alert(INPUTS, table=gone))
    (need,) = needs_grounds(CONTENT, a_needs(table=RuleVersion("needs/generic", "0.1.0", "d" * 64)))

    assert (line.label.da, need.label.da) == ("catDeltaLast", "supportNeed")

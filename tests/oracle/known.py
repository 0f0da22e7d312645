"""Every instrument that the oracles know."""

from collections.abc import Mapping

from tests.oracle import back, copd, life, literacy
from tests.oracle.reading import Instrument

INSTRUMENTS: Mapping[str, Instrument] = {
    **copd.INSTRUMENTS,
    **back.INSTRUMENTS,
    **literacy.INSTRUMENTS,
    **life.INSTRUMENTS,
}

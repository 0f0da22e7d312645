"""The other end of every port, over real HTTP: channels, plan service, phone page and inspector."""

from delivery.simulator.app import create_simulator
from delivery.simulator.settings import SimulatorSettings

__all__ = ["SimulatorSettings", "create_simulator"]

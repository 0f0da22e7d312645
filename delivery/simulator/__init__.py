"""The other end of every port, over real HTTP, with faults on order; demo and tests only."""

from delivery.simulator.app import create_simulator
from delivery.simulator.settings import AppAccess, SimulatorSettings

__all__ = ["AppAccess", "SimulatorSettings", "create_simulator"]

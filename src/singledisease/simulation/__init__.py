"""A made-up registry whose truth is known: who was in which state on which day, and at what rates."""

from singledisease.simulation.in_folders import AT_A_TIME, simulate_in_folders
from singledisease.simulation.presets import PRESETS, Preset
from singledisease.simulation.rates import Rates
from singledisease.simulation.registry import simulate
from singledisease.simulation.simulated import Simulated

__all__ = ["AT_A_TIME", "PRESETS", "Preset", "Rates", "Simulated", "simulate", "simulate_in_folders"]

"""A made-up registry whose truth is known: who was in which state on which day, and at what rates."""

from singledisease.simulation.presets import PRESETS, Preset
from singledisease.simulation.rates import Rates
from singledisease.simulation.registry import simulate
from singledisease.simulation.simulated import Simulated

__all__ = ["PRESETS", "Preset", "Rates", "Simulated", "simulate"]

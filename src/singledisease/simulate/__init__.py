"""A made-up registry whose truth is known: who was in which state on which day, and at what rates."""

from singledisease.simulate.presets import PRESETS, Preset
from singledisease.simulate.rates import Rates
from singledisease.simulate.registry import simulate
from singledisease.simulate.simulated import Simulated

__all__ = ["PRESETS", "Preset", "Rates", "Simulated", "simulate"]

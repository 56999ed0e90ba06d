"""A made-up registry whose truth is known: who was in which state on which day, and at what rates."""

from singledisease.simulate.rates import Rates
from singledisease.simulate.registry import Simulated, simulate

__all__ = ["Rates", "Simulated", "simulate"]

"""Checks of numbers: each is a parameter with a source."""

from __future__ import annotations

import math
from collections.abc import Iterator

from singledisease.definitions.checks.expression_sites import places
from singledisease.definitions.citation import Parameter
from singledisease.definitions.disease import Disease
from singledisease.errors import Fault
from singledisease.language import nodes as n
from singledisease.language.format import number_text
from singledisease.language.traversal import inside

_COUNTS = (0, 1)
"""Numbers that need no source: there is none, there is one."""


def numbers_without_citation(disease: Disease) -> Iterator[Fault]:
    """Find numbers that stand in the definition itself, and parameters without a source."""
    hint = "make it a parameter with a citation and a status"
    for place in places(disease):
        for part in inside(place.node, n.Literal):
            if part.kind == "number" and part.value not in _COUNTS:
                number = number_text(float(part.value))
                yield Fault("number_without_citation", place.where, f"the number {number} has no source", hint)
    for transition in disease.pathway.transitions:
        if transition.after_days not in _COUNTS and not transition.citation:
            where = f"the transition on {transition.signal} to {transition.target}"
            message = f"after {transition.after_days} days has no source"
            yield Fault("number_without_citation", where, message, "give the transition a citation")
    for parameter in disease.parameters:
        if not parameter.citation:
            yield Fault("number_without_citation", f"parameters.{parameter.name}", "has no source", 'citation = "…"')


def unsound_parameters(disease: Disease) -> Iterator[Fault]:
    """Find parameters without a value, with one that is not finite, or with dated values out of order."""
    for parameter in disease.parameters:
        for message, hint in _parameter_faults(parameter):
            yield Fault("unsound_parameter", f"parameters.{parameter.name}", message, hint)


def _parameter_faults(parameter: Parameter) -> Iterator[tuple[str, str]]:
    numbers = [value.value for value in parameter.values]
    if not numbers:
        yield "has no value", "value = 140"
    if not all(math.isfinite(number) for number in numbers):
        yield "has a value that is not finite", "write a number"
    elif parameter.policy and not all(number >= 1 and number.is_integer() for number in map(float, numbers)):
        yield "can be set by a policy, so it has to be a whole number of at least 1", "value = 12"
    days = [(value.valid_from is not None, value.valid_from) for value in parameter.values]
    if days != sorted(set(days)):
        yield "has values out of order of valid_from, or two for one day", "the earliest first, each day once"

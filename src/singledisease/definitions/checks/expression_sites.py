"""Where the expressions of a disease stand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen

from singledisease.definitions.disease import Disease
from singledisease.definitions.timing import Timing
from singledisease.definitions.typed_column import TypedColumn
from singledisease.language.nodes import Literal as Constant
from singledisease.language.nodes import ParameterOf, Value
from singledisease.language.traversal import holds_none, rewrite

Role = Literal["signal", "met_by", "goal", "tier", "applies", "length"]
OF_ROW: tuple[Role, ...] = ("signal", "met_by", "goal", "tier")
"""Roles of expressions about one event."""


@frozen
class ExpressionSite:
    """An expression of a disease, what it is for, and where it stands."""

    where: str
    role: Role
    node: Value


def timings_of(disease: Disease) -> Iterator[tuple[str, Timing]]:
    """Give every timing and where it stands."""
    for timing in disease.pathway.timings:
        yield f"pathway.timings.{timing.id}", timing
    for service in disease.services:
        yield f"services.{service.id}", service.timing


def typed_columns(disease: Disease) -> Iterator[tuple[str, TypedColumn]]:
    """Give every declared column of people and of institutions, and where it stands."""
    for column in disease.attributes:
        yield f"attributes.{column.name}", column
    for column in disease.institution_columns:
        yield f"institutions.{column.name}", column


def places(disease: Disease) -> Iterator[ExpressionSite]:
    """Give every expression of a disease."""
    for signal in disease.pathway.signals:
        if signal.when is not None:
            yield ExpressionSite(f"pathway.signals.{signal.id}.when", "signal", signal.when)
    for where, timing in timings_of(disease):
        yield ExpressionSite(f"{where}.after", "length", timing.length.amount)
        if timing.met_by is not None:
            yield ExpressionSite(f"{where}.met_by", "met_by", timing.met_by)
    for service in disease.services:
        if service.applies is not None:
            yield ExpressionSite(f"services.{service.id}.applies", "applies", service.applies)
    for tier in disease.tiers:
        for rule in tier.rules:
            yield ExpressionSite(f"tiers.{tier.id}.{rule.level}", "tier", rule.when)
        if tier.valid is not None:
            yield ExpressionSite(f"tiers.{tier.id}.valid", "length", tier.valid)
    for target in disease.targets:
        yield ExpressionSite(f"targets.{target.id}.goal", "goal", target.goal)


def values_of(disease: Disease, node: Any) -> tuple[float, ...]:
    """Give the finite values of a number or of a parameter of the disease, which may have several by date."""
    if isinstance(node, Constant) and node.kind == "number":
        return (float(node.value),)
    if isinstance(node, ParameterOf) and node.disease == disease.id:
        values = [value.value for each in disease.parameters if each.name == node.name for value in each.values]
        return tuple(filter(math.isfinite, values))
    return ()


_PARAMETERS = frozenset({ParameterOf})


def with_values(disease: Disease, node: Any) -> Any:
    """Put values of parameters in, which have the parameters' kind and unit."""
    if holds_none(node, _PARAMETERS):
        return node
    units = {parameter.name: parameter.unit for parameter in disease.parameters}

    def put(part: Any) -> Any:
        values = values_of(disease, part) if isinstance(part, ParameterOf) else ()
        return Constant(values[0], "number", units[part.name]) if values else part

    return rewrite(node, put, ParameterOf)

"""What the numbers of a simulated county rest on: published figures that it is calibrated to, and assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

from singledisease.definitions.citation import Names
from singledisease.simulation.rates import Rates
from singledisease.tables import Table

Basis = Literal["published", "derived", "assumed"]
"""Counted somewhere and published; worked out of what was published; made up for the simulation."""


@frozen
class Assumption:
    """One number behind a simulated county.

    Attributes
    ----------
    id
        What it is called.
    names
        What it says, in Chinese and English.
    value
        The number, of the county in full size where it is a count.
    basis
        ``published``, ``derived`` or ``assumed``.
    source
        Where it was published or what it was worked out of; blank where it is assumed.
    """

    id: str
    names: Names
    value: float
    basis: Basis
    source: Names = field(factory=lambda: Names("", ""))


_RATE = Names("模拟所用比率", "a rate of the simulation")
_HEADINGS = {
    "id": ("编号", "id"),
    "zh": ("含义", "in Chinese"),
    "en": ("英文", "what it says"),
    "value": ("数值", "value"),
    "basis": ("依据", "basis"),
    "source": ("来源", "source"),
}
_BASES = {
    "basis": {
        "published": ("公布", "published"),
        "derived": ("由公布数推算", "derived"),
        "assumed": ("假设", "assumed"),
    }
}


def assumption_table(said: Iterable[Assumption], rates: Rates) -> Table:
    """Give every number behind a simulated county, the published ones first, then each rate, which is assumed."""
    order = ("published", "derived", "assumed")
    every = sorted(said, key=lambda one: order.index(one.basis))
    every += [Assumption(f"rates.{name}", _RATE, value, "assumed") for name, value in rates.to_dict().items()]
    rows = [(one.id, one.names.zh, one.names.en, one.value, one.basis, _of(one.source)) for one in every]
    return Table.of_rows(tuple(_HEADINGS), rows, headings=_HEADINGS, called=_BASES)


def _of(source: Names) -> str | None:
    return f"{source.zh} / {source.en}" if source.zh else None

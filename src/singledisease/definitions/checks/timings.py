"""Checks of timings: they take time, lead somewhere else, and have an effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from singledisease.definitions.checks.expression_sites import timings_of, values_of
from singledisease.definitions.checks.graph import reached
from singledisease.definitions.checks.references import missing
from singledisease.definitions.disease import Disease
from singledisease.definitions.timing import Timing
from singledisease.errors import Fault
from singledisease.language.format import number_text
from singledisease.language.nodes import ParameterOf
from singledisease.language.units import plain_unit
from singledisease.vocabulary import EVENT_COLUMNS


def wrong_lengths(disease: Disease) -> Iterator[Fault]:
    """Find timings of no time, of parts of a day or month, and with a parameter in another unit."""
    for where, timing in timings_of(disease):
        yield from amount_faults(disease, f"{where}.after", timing.length.amount, timing.length.unit)


def amount_faults(disease: Disease, where: str, amount: Any, unit: str) -> Iterator[Fault]:
    """Find what is wrong with a number of days, weeks or months."""
    units = {parameter.name: parameter.unit for parameter in disease.parameters}
    for value in values_of(disease, amount):
        message = f"takes {number_text(value)} {unit}"
        if value <= 0:
            yield Fault("timing_of_zero", where, message, "a timing takes at least one day")
        elif not value.is_integer():
            yield Fault("timing_not_whole", where, message, f"a timing takes whole {unit}")
    if isinstance(amount, ParameterOf) and plain_unit(units.get(amount.name, unit)) != unit:
        message = f"the parameter {amount.name!r} is in {units[amount.name] or 'no unit'}, the timing in {unit}"
        yield Fault("unit_differs", where, message, f'give the parameter unit = "{unit}"')


def wrong_starts(disease: Disease) -> Iterator[Fault]:
    """Find clocks that start from a column that holds no date."""
    dates = [name for name, kind in EVENT_COLUMNS.items() if kind == "date"]
    for where, timing in timings_of(disease):
        if timing.starts_from:
            yield from missing("unknown_column", f"{where}.from", "date column", [timing.starts_from], dates)


def instant_cycles(disease: Disease) -> Iterator[Fault]:
    """Find cycles of timings that take no time: a person would move for ever on one day."""
    instant = [
        (source, timing.leads_to)
        for _, timing in timings_of(disease)
        if timing.leads_to is not None and _is_instant(disease, timing)
        for source in timing.states
    ]
    cycle = [state for state in dict.fromkeys(s for s, _ in instant) if _returns(state, instant)]
    if cycle:
        message = f"timings of no time lead in a circle through {', '.join(cycle)}"
        yield Fault("instant_cycle", "pathway.timings", message, "let one of them take at least a day")


def _is_instant(disease: Disease, timing: Timing) -> bool:
    return any(value <= 0 for value in values_of(disease, timing.length.amount))


def _returns(state: str, ways: list[tuple[str, str]]) -> bool:
    return state in reached([target for source, target in ways if source == state], ways)


def leads_within(disease: Disease) -> Iterator[Fault]:
    """Find timings that lead to a state in which they run themselves."""
    for where, timing in timings_of(disease):
        if timing.leads_to in timing.states:
            message = f"leads to {timing.leads_to!r}, in which it runs itself"
            yield Fault("leads_within", where, message, "lead it to a state outside its own")


def without_effect(disease: Disease) -> Iterator[Fault]:
    """Find timings that nothing fulfils and that lead nowhere."""
    for where, timing in timings_of(disease):
        if timing.leads_to is None and not timing.can_be_met:
            yield Fault(
                "never_met", where, "nothing fulfils it and it leads nowhere", "met_by_kinds = […], or leads_to"
            )

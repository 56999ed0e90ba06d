"""How well a definition is tested: which of its mutants the people of a log tell, and which they leave alive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from singledisease.conformance.asked import AnyMeasure, any_measure_of, definition_of, known, period_of
from singledisease.conformance.decisions import decided
from singledisease.conformance.derived_mutants import DerivedMutant, figures_told, mutants_of_derived
from singledisease.conformance.mutants import Mutant, mutants_of
from singledisease.conformance.valued import Definition
from singledisease.dates import Period
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.errors import require_kind
from singledisease.eventlog.log import EventLog
from singledisease.tables import Heading, Table

_HEADINGS: dict[str, Heading] = {
    "mutant": ("变体", "Mutant"),
    "kind": ("类型", "Kind"),
    "place": ("所在规则", "Place"),
    "change_zh": ("改动", "Change (zh)"),
    "change_en": ("改动（英文）", "Change"),
    "told_by": ("区分人数", "People who tell it"),
    "example": ("例", "One of them"),
}


def mutants(
    measure: AnyMeasure | Derived,
    *,
    period: Period | str,
    policy: Mapping[str, str] | None = None,
    diseases: Mapping[str, Disease] | Iterable[Disease] | None = None,
) -> tuple[Mutant, ...] | tuple[DerivedMutant, ...]:
    """Give every mutant of a measure: definitions that differ from it in one thing.

    Bounds moved by the smallest step, ``<`` for ``<=``, and for or, windows a day or a month longer or shorter,
    conditions left out, the first row for the last, rules in another order or left out, other groups, other options
    of its policies.  Of a ratio also its two sums exchanged, of a figure made of others another sign, an operand left
    out, another figure.

    Parameters
    ----------
    measure
        A measure, or the id of one of the catalogue's; of any form.
    period
        Windows are held against it: what would look at days that are not over is no mutant.
    policy
        Option by name of policy; what is not named is at its default.
    diseases
        Your own diseases that the measure names; those of the catalogue are known.

    Returns
    -------
    tuple of Mutant, or of DerivedMutant
        Each with what was changed in words and the changed measure, which is sound.

    Raises
    ------
    UsageError
        For an unknown measure or policy.
    DefinitionError
        If the measure cannot be resolved.

    >>> import singledisease as sd
    >>> found = sd.mutants("hypertension.managed", period="2024")
    >>> found[0].kind, found[0].names.en
    ('policy', 'lost_after=12 → lost_after=11')
    """
    named = known(diseases)
    one = any_measure_of(measure)
    if isinstance(one, Derived):
        return mutants_of_derived(one)
    definition_of(one, named, policy or {})
    return mutants_of(one, named, policy or {}, period_of(period))


def mutants_told(
    measure: AnyMeasure | Derived,
    log: EventLog,
    *,
    period: Period | str,
    policy: Mapping[str, str] | None = None,
    diseases: Mapping[str, Disease] | Iterable[Disease] | None = None,
    by: Iterable[str] = (),
) -> Table:
    """Say of every mutant of a measure how many people of a log tell it: 0, and the log leaves it alive.

    A log of worked examples that leaves many alive would not notice those errors.

    Parameters are those of ``mutants``, ``log``, and of a figure made of others ``by``: the strata in which it is asked
    for.  Such a figure belongs to nobody: the strata count in which it comes out otherwise (1 without strata), and what
    it is made of has to be in the catalogue.

    Returns
    -------
    Table
        ``mutant``, ``kind``, ``place``, ``change_zh``, ``change_en``, ``told_by`` (people), ``example`` (one of them).

    >>> import singledisease as sd
    >>> log = sd.simulate(patients=300, seed=1).log()
    >>> table = sd.mutants_told("hypertension.managed", log, period="2024")
    >>> max(table.columns["told_by"]) > 0
    True
    """
    require_kind(log, EventLog, way="sd.mutants_told(measure, log, …)", named="log")
    named = known(diseases)
    one = any_measure_of(measure)
    if isinstance(one, Derived):
        told = figures_told(one, any_measure_of, log, period_of(period), policy=policy or {}, diseases=named, by=by)
        listed = [_row(each, len(strata), next(iter(strata), None)) for each, strata in told]
        return Table.of_rows(tuple(_HEADINGS), listed, headings=_HEADINGS)
    original = definition_of(one, named, policy or {})
    found = mutants_of(one, named, policy or {}, period_of(period))
    seen = log.as_of(None)
    first, *answers = decided(
        [original, *(Definition(each.measure, each.diseases) for each in found)], seen, period_of(period)
    )
    rows = []
    for each, answer in zip(found, answers, strict=True):
        people = np.flatnonzero(first.differ(answer))
        example = seen.people.ids[people[0]] if len(people) else None
        rows.append(_row(each, len(people), example))
    return Table.of_rows(tuple(_HEADINGS), rows, headings=_HEADINGS)


def _row(one: Mutant | DerivedMutant, told_by: int, example: str | None) -> list[Any]:
    return [one.id, one.kind, one.place, one.names.zh, one.names.en, told_by, example]

"""Mutants of a figure made of other figures, and which of them a log tells; it belongs to nobody: figures are held."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from attrs import evolve, frozen

from singledisease.conformance.mutations.change import KIND_NAMES, ChangeKind
from singledisease.conformance.mutations.derived import changes_of_figure
from singledisease.dates import Period
from singledisease.definitions.citation import Names
from singledisease.definitions.derived import Derived
from singledisease.definitions.disease import Disease
from singledisease.definitions.figure_text import written
from singledisease.definitions.resolve import named_diseases
from singledisease.eventlog.log import EventLog
from singledisease.scorecard.evaluate import AnyMeasure, evaluate

PLACE = "value"
"""Where in a figure made of others a change is: it has no rules."""


@frozen(kw_only=True)
class DerivedMutant:
    """A figure made of others that differs from another in one thing.

    Attributes
    ----------
    id, kind, place, names
        As of a ``Mutant``; the place is always ``value``.
    measure
        Its id is that of the original with ``~`` and the id of the mutant.
    """

    id: str
    kind: ChangeKind
    place: str = PLACE
    names: Names
    measure: Derived

    @property
    def kind_names(self) -> Names:
        """What the kind of change is called."""
        return KIND_NAMES[self.kind]


def mutants_of_derived(measure: Derived) -> tuple[DerivedMutant, ...]:
    """Give every mutant of a figure made of others, each text once.

    >>> import singledisease as sd
    >>> score = sd.Derived(id="score", value='100 * min(1, rate("a") / institution("target"))')
    >>> [mutant.measure.value for mutant in mutants_of_derived(score)][0]
    '100 / min(1, rate("a") / institution("target"))'
    """
    seen = {written(measure.figure)}
    found: list[DerivedMutant] = []
    for change in changes_of_figure(measure.figure):
        text = written(change.figure)
        # What is a constant alone is no figure of a registry.
        if text not in seen and evolve(measure, value=text).asked:
            seen.add(text)
            id = f"M{len(found) + 1}"
            gone = ("（去掉）", "(left out)") if not change.after else (change.after, change.after)
            names = Names(*(f"{change.before} → {after}" for after in gone))
            made = evolve(measure, id=f"{measure.id}~{id}", value=text, names=measure.names)
            found.append(DerivedMutant(id=id, kind=change.kind, names=names, measure=made))
    return tuple(found)


def figures_told(
    measure: Derived,
    find: Callable[[str], AnyMeasure],
    log: EventLog,
    period: Period,
    *,
    policy: Mapping[str, str],
    diseases: Mapping[str, Disease],
    by: Iterable[str] = (),
) -> list[tuple[DerivedMutant, list[str]]]:
    """Say of every mutant of a figure made of others in which strata a log tells it.

    Parameters
    ----------
    measure
        The figure.
    find
        Gives the measures that it is made of, by id.
    log, period, policy, diseases, by
        As of ``sd.evaluate``.

    Returns
    -------
    list
        Each mutant with the strata in which it comes out otherwise; without strata ``["all"]``.
    """
    mutants = mutants_of_derived(measure)
    parts = _parts(measure, find)
    named = {each.id: each for one in parts if not isinstance(one, Derived) for each in named_diseases(one, diseases)}
    asked = [*parts, measure, *(one.measure for one in mutants)]
    score = evaluate(asked, log, period, policy=policy, by=tuple(by), diseases=named)
    found: dict[str, dict[str, object]] = {}
    for row in score.table():
        stratum = ", ".join(map(str, row["by"].values())) or "all"
        found.setdefault(row["measure"], {})[stratum] = row.get("value")
    right = found[measure.id]
    return [(one, [at for at, value in found[one.measure.id].items() if value != right[at]]) for one in mutants]


def _parts(measure: Derived, find: Callable[[str], AnyMeasure]) -> list[AnyMeasure]:
    """Give the measures that a figure is made of, and those that they are made of."""
    parts: dict[str, AnyMeasure] = {}
    waiting = deque(measure.measures)
    while waiting:
        name = waiting.popleft()
        if name not in parts:
            parts[name] = find(name)
            waiting.extend(getattr(parts[name], "measures", ()))
    return list(parts.values())

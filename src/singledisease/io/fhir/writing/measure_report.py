"""A scorecard as FHIR's measure reports: sums with strata, lists of people, or one person at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import numpy as np

from singledisease.dates import Period, iso
from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.derived import Derived
from singledisease.definitions.measure import UNDETERMINED
from singledisease.definitions.resolve import Resolved
from singledisease.errors import UsageError
from singledisease.explanation.people import people
from singledisease.io.fhir.writing.bundle import Naming, Resource, filled, narrative, stable_id, urn_of
from singledisease.io.fhir.writing.measure import scoring_of
from singledisease.io.fhir.writing.populations import GROUPS, INITIAL, POPULATIONS, populations, standard_of
from singledisease.scorecard.assign import counted_of
from singledisease.scorecard.card import Scorecard
from singledisease.scorecard.rates import figures
from singledisease.scorecard.show import FigureCell, cells_of, derived_cells

ReportType = Literal["summary", "subject-list", "individual"]
TYPES: tuple[ReportType, ...] = ("summary", "subject-list", "individual")


def sums(score: Scorecard, type: ReportType, naming: Naming) -> Iterator[Resource]:
    """Give a report for each measure and period, with a stratum for each of the scorecard's.

    Parameters
    ----------
    score
        The scorecard.
    type
        ``summary``, or ``subject-list``: with a list of the people of each population before the report.
    naming
        How resources are called.
    """
    for resolved in score.measures:
        by_period: dict[Period, list[FigureCell]] = {period: [] for period in score.periods}
        for cell in cells_of(score, resolved):
            by_period[cell.period].append(cell)
        for period, cells in by_period.items():
            whole = _whole(score, resolved, period)
            group: Resource = {"population": list(populations(whole, scoring_of(resolved)))}
            if type == "subject-list" and resolved.measure.of is None:
                lists = dict(_lists(score, resolved, period, naming))
                yield from lists.values()
                _refer(group["population"], lists)
            group |= measure_score(_score_of_whole(score, resolved, cells, whole))
            group |= filled({"stratifier": list(_stratifiers(score, resolved, cells))})
            named = type if resolved.measure.of is None else "summary"
            yield begun(score, resolved, period, named, naming) | {"group": [group]}
    yield from _derived(score, naming)


def check_people(score: Scorecard) -> None:
    """Refuse to name people where no measure has any.

    Raises
    ------
    UsageError
        If every measure counts rows, not people.
    """
    of_rows = without_people(score)
    if len(of_rows) == len(score.measures):
        raise UsageError(
            f"这些指标统计的不是人，只能写 summary / measures of rows have no people: {', '.join(of_rows)}"
        )


def without_people(score: Scorecard) -> tuple[str, ...]:
    """Give the measures that count rows: no list of people, and no report of a person, can be made of them."""
    return tuple(resolved.measure.id for resolved in score.measures if resolved.measure.of is not None)


# ONE REPORT


def begun(score: Scorecard, resolved: Resolved | Derived, period: Period, type: str, naming: Naming) -> Resource:
    """Begin a report: what it reports, of which period, and whether that is over."""
    measure = resolved if isinstance(resolved, Derived) else resolved.measure
    complete = score.complete(period) if isinstance(measure, Derived) else score.complete(period, measure.matures)
    title = f"{measure.names.zh} / {measure.names.en}, {period.name}"
    in_force = {} if isinstance(resolved, Derived) else resolved.policy
    policy = ", ".join(f"{name}={option}" for name, option in in_force.items())
    unfinished = [] if complete else ["统计期未完 / the period is not complete"]
    return filled(
        {
            "resourceType": "MeasureReport",
            "id": stable_id("MeasureReport", measure.id, measure.version, policy, period, type, score.by),
            "text": narrative([title, *([policy] if policy else []), *unfinished]),
            "status": "complete" if complete else "pending",
            "type": type,
            "measure": f"{naming.measure_url(measure.id)}|{measure.version}",
            "date": iso(score.known_until),
            "reporter": {"display": naming.reporter} if naming.reporter else None,
            "period": {"start": iso(period.start), "end": iso(period.end)},
        }
    )


def _whole(score: Scorecard, resolved: Resolved, period: Period) -> dict[str, int]:
    """Give the people of each group, over all strata: of a scorecard that was rolled up, each once."""
    counted = counted_of(resolved, score.by)
    block = (score.leaves or score.counts).blocks[counted]
    found = dict(zip(counted.groups, block.whole[block.periods.index(period)].tolist(), strict=True))
    return {group: n for group, n in found.items() if n or not group.startswith(UNDETERMINED)}


def _score_of_whole(
    score: Scorecard, resolved: Resolved, cells: list[FigureCell], whole: Mapping[str, int]
) -> float | None:
    """Give the figure over all strata; of sums and distributions only where there is one stratum to take it from."""
    if scoring_of(resolved) == "proportion":
        return rate_of(whole)
    return _score(resolved, cells[0]) if not score.by and cells else None


def _score(resolved: Resolved, cell: FigureCell) -> float | None:
    """Give the figure that stands for a cell: a rate, a ratio, the mean of a distribution."""
    if isinstance(resolved.measure, Distribution):
        found: float | None = cell.figures["mean"]
    else:
        known = isinstance(resolved.measure, Ratio) or scoring_of(resolved) == "proportion"
        found = cell.figures["rate"] if known else None
    return found


def rate_of(groups: Mapping[str, int]) -> float | None:
    """Give the share of the numerator in the denominator; ``None`` where that is 0."""
    made = figures(tuple(groups), np.array(list(groups.values()), np.int64))
    return float(made.rate) if int(made.denominator) else None


def measure_score(value: float | None, unit: str = "") -> Resource:
    """Give the score of a group; where there is none, nothing."""
    return {} if value is None else {"measureScore": filled({"value": value, "unit": unit})}


# STRATA


def _stratifiers(score: Scorecard, resolved: Resolved, cells: Iterable[FigureCell]) -> Iterator[Resource]:
    if not score.by:
        return
    strata = [
        {
            **_stratum_value(score.by, cell.stratum),
            "population": list(populations(cell.groups, scoring_of(resolved))),
            **measure_score(_score(resolved, cell)),
        }
        for cell in cells
    ]
    yield _stratifier(score.by, strata)


def _stratifier(by: tuple[str, ...], strata: list[Resource]) -> Resource:
    return filled({"code": [{"text": name} for name in by], "stratum": strata})


def _derived(score: Scorecard, naming: Naming) -> Iterator[Resource]:
    """Give the figures that are derived from others: a score, and no people."""
    for each in score.derived:
        for period in score.periods:
            cells = [cell for one, cell in derived_cells(score) if one is each and cell.period == period]
            found = [(cell.stratum, measure_score(cell.figures["value"], each.unit)) for cell in cells]
            group: Resource = {}
            if score.by:
                group["stratifier"] = [
                    _stratifier(score.by, [_stratum_value(score.by, at) | made for at, made in found])
                ]
            elif found:
                group = dict(found[0][1])
            yield begun(score, each, period, "summary", naming) | filled({"group": [group] if group else []})


def _stratum_value(by: tuple[str, ...], stratum: tuple[str, ...]) -> Resource:
    if len(by) == 1:
        return {"value": {"text": stratum[0] or "?"}}
    return {
        "component": [
            {"code": {"text": name}, "value": {"text": text or "?"}} for name, text in zip(by, stratum, strict=True)
        ]
    }


# LISTS


Population = tuple[str, str]
"""System and code."""


def _lists(
    score: Scorecard, resolved: Resolved, period: Period, naming: Naming
) -> Iterator[tuple[tuple[str, str], Resource]]:
    """Give a list of people for each population, by its system and code."""
    members: dict[tuple[str, str], list[str]] = {}
    for row in people(score, resolved.measure.id, "initial_population", period):
        for name in standard_of(row["group"]):
            if scoring_of(resolved) == "proportion" or name == INITIAL:
                members.setdefault((POPULATIONS, name), []).append(row["patient_id"])
        members.setdefault((GROUPS, row["group"]), []).append(row["patient_id"])
    for key, listed in members.items():
        parts = (resolved.measure.id, resolved.measure.version, sorted(resolved.policy.items()), period, *key)
        yield (
            key,
            {
                "resourceType": "List",
                "id": stable_id("List", *parts),
                "status": "current",
                "mode": "snapshot",
                "title": f"{resolved.measure.names.zh} / {resolved.measure.names.en}: {key[1]}",
                "entry": [{"item": naming.patient(one)} for one in listed],
            },
        )


def _refer(members: Iterable[Resource], lists: Mapping[Population, Resource]) -> None:
    """Let each population refer to the list of its people; one of nobody has none."""
    for population in members:
        coding = population["code"]["coding"][0]
        made = lists.get((coding["system"], coding["code"]))
        if made is not None:
            population["subjectResults"] = {"reference": urn_of(made)}

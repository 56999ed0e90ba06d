"""Making a registry: a county, its people through every disease, and what is written of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from singledisease.catalogue import measure_sets
from singledisease.catalogue.shipped import ShippedDiseases
from singledisease.dates import Period, date_of, day_of, iso
from singledisease.definitions.disease import Disease
from singledisease.definitions.resolve import resolve_disease
from singledisease.errors import UsageError
from singledisease.eventlog.columns import Dates, coded
from singledisease.eventlog.raw import TableName
from singledisease.io.write import Format
from singledisease.simulation.activities import activity_table
from singledisease.simulation.assumptions import assumption_table
from singledisease.simulation.batches import WalkedBatch, walked
from singledisease.simulation.county import SimulatedInstitution, places
from singledisease.simulation.exchange import County, answers, chief_assignments, exchanged, stacked
from singledisease.simulation.oracle import judge
from singledisease.simulation.presets import Preset, settled
from singledisease.simulation.published import KEY_DISEASES, published_activities, published_rows
from singledisease.simulation.quantities import quantities_of
from singledisease.simulation.rates import Rates
from singledisease.simulation.readings import Readings, readings, rounding_of
from singledisease.simulation.simulated import Progress, Simulated, checked_format
from singledisease.simulation.tables import Columns, event_table, institution_table, patient_table, referral_links
from singledisease.simulation.teams import chief_team, team_table, teams

NOTE = "模拟数据：比率是假设，不代表任何人群 / simulated: the rates are assumptions, no finding about any population"


def simulate(
    folder: str | Path | None = None,
    *,
    diseases: Disease | Sequence[Disease] | None = None,
    patients: int | None = None,
    seed: int = 1,
    start: dt.date | str = "2023-01-01",
    end: dt.date | str = "2024-12-31",
    preset: str | Preset | None = None,
    rates: Rates | Mapping[str, float] | None = None,
    dirty: float | None = None,
    late: float | None = None,
    withdrawn: float | None = None,
    missing: float | None = None,
    duplicates: float | None = None,
    townships: int | None = None,
    villages: int | None = None,
    format: Format = "csv",
    progress: Progress | None = None,
) -> Simulated:
    """Simulate the registry of a county, whose truth is known.

    People are walked through the pathway of each disease at given rates; what happens to them becomes events, in
    any order, with readings that have a season and are rounded by some institutions more than by others, with phone
    follow-ups, missing readings, losses, deaths, exits and changes of the responsible institution, some rows entered
    late, some withdrawn, some twice, some with slips of the pen that will be refused.

    Parameters
    ----------
    folder
        Where to write it, if anywhere; see ``Simulated.write``.
    diseases
        One or several; by default those of the national service specification, hypertension and type 2 diabetes.
    patients
        How many people live in the county; by default as the preset says, else 1000.
    seed
        The same seed makes the same registry.
    start, end
        First and last simulated day.
    preset
        A named county, from which everything else may depart: an id of ``PRESETS``, or a value.  It may name diseases.
    rates
        How often what happens: ``Rates`` in the place of the preset's, or some rates by name, which depart from it.
    dirty, late, withdrawn, missing, duplicates
        Single rates, in the place of those of the preset or of ``rates``; see there.
    townships, villages
        How many townships, and how many village clinics in each; by default as many as the people need.
    format
        ``csv`` or ``parquet``.  Only a CSV file can hold what is no date and no number.
    progress
        Told of how many of how many people are done.

    Raises
    ------
    UsageError
        If there are no people or days to simulate, there is no such preset or format, a rate is no share, or a
        disease cannot be simulated.

    >>> made = simulate(patients=50, seed=3)
    >>> len(made.log().people), made.log().report.balanced
    (50, True)
    """
    settings = settled(
        preset,
        patients=patients,
        townships=townships,
        villages=villages,
        rates=rates,
        changes={
            "dirty": dirty,
            "late": late,
            "withdrawn": withdrawn,
            "missing": missing,
            "duplicates": duplicates,
        },
    )
    chosen = chosen_diseases(settings, diseases)
    asked = _Asked(settings, chosen, seed, Period(day_of(start), day_of(end)), format=checked_format(format))
    made = _made(asked, progress)
    if folder is not None:
        made.write(folder, format)
    return made


def chosen_diseases(settings: Preset, diseases: Disease | Sequence[Disease] | None) -> tuple[Disease, ...]:
    """Give the diseases that people can have: those that are named, else those of the county."""
    given = _by_default(settings) if diseases is None else diseases
    return tuple(resolve_disease(one, {}) for one in ([given] if isinstance(given, Disease) else given))


def _by_default(settings: Preset) -> Sequence[Disease]:
    if not settings.diseases:
        return measure_sets()["cn-bphs-2017"].diseases()
    return [ShippedDiseases()[name] for name in settings.diseases]


@frozen(eq=False)
class _Asked:
    """What is asked for: checked, and with every default filled in."""

    settings: Preset
    diseases: tuple[Disease, ...]
    seed: int
    days: Period
    format: Format

    def __attrs_post_init__(self) -> None:
        if self.settings.patients < 1 or self.days.end <= self.days.start or not self.diseases:
            raise UsageError(
                f"没有可模拟的内容 / nothing to simulate: {self.settings.patients} people,"
                f" {len(self.diseases)} diseases, from {iso(self.days.start)} to {iso(self.days.end)}"
            )

    @property
    def quantities(self) -> Mapping[str, Any]:
        """The quantities that are read, by name."""
        return {one.name: one for disease in self.diseases for one in quantities_of(disease)}


def _made(asked: _Asked, progress: Progress | None) -> Simulated:
    chance, settings = np.random.default_rng(asked.seed), asked.settings
    of = places(settings.residents or settings.patients, settings.townships, settings.villages)
    # Institutions are the same whoever is simulated of a county; people are others.
    rounding = rounding_of(len(of), settings.rates, chance)
    if settings.before:
        chance = np.random.default_rng([asked.seed, settings.before])
    read = _readings(asked, rounding)
    people = walked(read, settings, of, asked.days, chance=chance, progress=progress)
    events, rows = event_table(
        people.happened,
        people.people,
        [one.judge for one in read],
        settings.rates,
        quantities=asked.quantities,
        chance=chance,
        text=asked.format == "csv",
        links=None if settings.exchange is None else referral_links(people.happened, [one.judge for one in read]),
        records=_records(settings, "E"),
    )
    parts, between = _between(asked, people, read, chance)
    count = sum(len(part["date"]) for part in parts)
    events = stacked(events, parts, _records(settings, "X"))
    rows = {**rows, "read": rows["read"] + count, "accepted": rows["accepted"] + count}
    return Simulated(
        tables={
            "patients": patient_table(people.people, teams=settings.teams),
            "events": events,
            "institutions": institution_table(of),
            **({"teams": team_table(teams(of))} if settings.teams else {}),
            **_activities(settings, of, asked.days),
        },
        stays=_stays(people, asked.diseases),
        figures={**_figures(asked, people, rows, of, rounding), **between},
        quantities=tuple(dict.fromkeys(one for disease in asked.diseases for one in disease.quantities)),
        assumptions=assumption_table(settings.assumptions, settings.rates),
    )


def _records(settings: Preset, letter: str) -> str:
    """Give how the numbers of records begin, so that no two simulations of one county have one in common."""
    return f"{letter}{settings.before}-" if settings.before else letter


def _between(
    asked: _Asked, people: WalkedBatch, read: Sequence[Readings], chance: np.random.Generator
) -> tuple[list[Columns], dict[str, Any]]:
    """Give the rows of what passes between institutions, and its truth."""
    of, exactly = asked.settings.exchange, asked.settings.published
    county = County(people.people, asked.days, chance)
    if exactly is not None:
        parts, told = published_rows(exactly, county, _of_key_groups(people, asked))
        return parts, {"published": told}
    if of is None:
        return [], {}
    made = people.happened
    parts, truth = exchanged(of, county)
    links = referral_links(made, [one.judge for one in read])
    referred = np.flatnonzero(links)
    parts += answers(county, of, made.person[referred].astype(np.int64), made.day[referred], links[referred])
    if asked.settings.teams and asked.settings.enrolment is not None:
        sick = [np.unique(stays.person) for stays in people.stays]
        parts += chief_assignments(county, of, sick, [(one.id, chief_team(one.group)) for one in asked.diseases])
    return parts, {"exchange": truth}


def _activities(settings: Preset, of: Sequence[SimulatedInstitution], days: Period) -> dict[TableName, Columns]:
    """Give the table of what institutions did, if the county has one."""
    if settings.published is not None:
        done = settings.published.done
        return {"activities": published_activities(done, of, days)} if done else {}
    return {} if settings.exchange is None else {"activities": activity_table(of, days)}


def _of_key_groups(people: WalkedBatch, asked: _Asked) -> NDArray[np.bool_]:
    """Say of each person whether they are managed at the end for a disease of the key groups."""
    found = np.zeros(len(people.people), np.bool_)
    for stays, disease in zip(people.stays, asked.diseases, strict=True):
        if disease.id in KEY_DISEASES:
            managed = np.array([state.managed for state in disease.pathway.states])[stays.state]
            found[stays.person[managed & (stays.entered <= asked.days.end) & (stays.left > asked.days.end)]] = True
    return found


def _readings(asked: _Asked, rounding: NDArray[np.float64]) -> list[Readings]:
    new_year = day_of(f"{date_of(asked.days.start).year}-01-01")
    return [readings(judge(one), asked.settings.rates, rounding, new_year) for one in asked.diseases]


def _stays(people: WalkedBatch, diseases: Sequence[Disease]) -> Columns:
    parts = list(zip(people.stays, diseases, strict=True))
    ids = patient_table(people.people)["patient_id"]
    states = [state.id for disease in diseases for state in disease.pathway.states]
    before = np.cumsum([0, *(len(disease.pathway.states) for disease in diseases)])
    state = np.concatenate([stays.state + number for (stays, _), number in zip(parts, before[:-1], strict=True)])
    names = np.repeat(np.arange(len(parts)), [len(stays.person) for stays, _ in parts])
    return {
        "patient_id": ids[np.concatenate([stays.person for stays, _ in parts])],
        "disease": coded([disease.id for disease in diseases])[names],
        "state": coded(states)[state],
        "entered": Dates(np.concatenate([stays.entered for stays, _ in parts])),
        "left": Dates(np.concatenate([stays.left for stays, _ in parts])),
    }


def _told(settings: Preset) -> dict[str, Any]:
    """Give what else the county rests on, where its preset says."""
    if not settings.assumptions:
        return {}
    return {"assumptions": {one.id: {"value": one.value, "basis": one.basis} for one in settings.assumptions}}


def _figures(
    asked: _Asked,
    people: WalkedBatch,
    rows: Mapping[str, Any],
    of: Sequence[SimulatedInstitution],
    rounding: NDArray[np.float64],
) -> dict[str, Any]:
    settings, pressures = asked.settings, people.figures["pressures"]
    return {
        "note": NOTE,
        "seed": asked.seed,
        "preset": settings.id,
        "patients": settings.patients,
        "start": iso(asked.days.start),
        "end": iso(asked.days.end),
        "rates": settings.rates.to_dict(),
        **_told(settings),
        "rows": rows,
        "institutions": {
            one.id: {"rounding": round(float(share), 4), **pressures["institutions"].get(one.id, {})}
            for one, share in zip(of, rounding, strict=True)
        },
        "months": {
            month: {"readings": one["readings"], "sbp_shown": round(one["sbp_sum"] / one["readings"], 2)}
            for month, one in sorted(pressures["months"].items())
            if one["readings"]
        },
        **{name: found for name, found in people.figures.items() if name != "pressures"},
    }

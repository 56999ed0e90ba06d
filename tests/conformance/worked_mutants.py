"""Which mutants of a shipped measure its own worked cases tell, and which they leave alive.

The cases are those of ``tests/spec/sets`` and ``tests/spec/diseases``.  A case tells a mutant if a figure that it names
comes out otherwise; of a case by strata, if somebody moves in a way that a rate shows.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen

import singledisease as sd
from singledisease import catalogue
from singledisease.conformance.asked import definition_of
from singledisease.conformance.decisions import Decisions, decided
from singledisease.conformance.mutants import Mutant, mutants_of
from singledisease.conformance.valued import Definition
from singledisease.definitions.measure import DENOMINATOR_GROUPS, EXCLUDED, NUMERATOR, OUTSIDE, UNKNOWN, Measure
from singledisease.definitions.resolve import policies_of
from singledisease.eventlog.build import build
from singledisease.eventlog.log import EventLog
from singledisease.eventlog.raw import raw_rows
from singledisease.language import nodes as n
from singledisease.language.row_sources import base_of

SPEC = Path(__file__).parents[1] / "spec"
OF_DISEASES = "single-disease"
DISEASES = catalogue.definitions()
"""All diseases, and processes such as a referral, by id."""


@frozen(eq=False)
class Case:
    """A worked case of one measure: its log, period and policy, and the figures it names (``None``: by strata)."""

    log: EventLog
    period: sd.Period
    policy: Mapping[str, str]
    named: frozenset[str] | None


def sets() -> list[str]:
    """Give the names of the sets that have worked cases."""
    return [*sorted(path.stem for path in (SPEC / "sets").glob("*.toml")), OF_DISEASES]


def measures_of(name: str) -> dict[str, Measure]:
    """Give the measures of a set that have groups, by id; institutions belong to nobody and are left out."""
    given = [sd.CodeSet(name=each, codes=codes) for each, codes in _file(name).get("code_sets", {}).items()]
    found = sd.measures(name, code_sets=given or None)
    return {one.id: one for one in found if isinstance(one, Measure) and not _of_places(one)}


def _of_places(measure: Measure) -> bool:
    return measure.of is not None and isinstance(base_of(measure.of), n.Institutions | n.Activities)


@cache
def _file(name: str) -> Mapping[str, Any]:
    path = SPEC / "sets" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


# CASES


@cache
def cases_of(name: str) -> Mapping[str, list[Case]]:
    """Give the worked cases of a set by the id of the measure they are about."""
    found: dict[str, list[Case]] = {}
    for measure, case in _of_diseases() if name == OF_DISEASES else _of_set(name):
        found.setdefault(measure, []).append(case)
    return found


def _of_set(name: str) -> Iterator[tuple[str, Case]]:
    made_of = {one.id: one.measures for one in sd.measures(name, code_sets=_given(name)) if isinstance(one, sd.Derived)}
    for case in _file(name)["case"]:
        tables = {each: case[each] for each in ("institutions", "activities") if each in case}
        log = _log_of(case.get("events", "who date kind"), case.get("people", ""), catalogue.quantities(), tables)
        figures: dict[str, set[str] | None] = {}
        for figure, told in case["figures"].items():
            about, _, stratum = figure.partition("@")
            for each in (about, *made_of.get(about, ())):
                keys = {*told} if each == about else {"numerator", "denominator"}
                known = figures.setdefault(each, set())
                figures[each] = None if stratum or known is None else known | keys
        for about, named in figures.items():
            for period in sd.periods(case.get("period", "2024")):
                yield about, Case(log, period, case.get("policy", {}), None if named is None else frozenset(named))


def _given(name: str) -> list[sd.CodeSet] | None:
    return [sd.CodeSet(name=each, codes=codes) for each, codes in _file(name).get("code_sets", {}).items()] or None


def _of_diseases() -> Iterator[tuple[str, Case]]:
    for path in sorted((SPEC / "diseases").glob("*.toml")):
        own = catalogue.disease(path.stem)
        for case in tomllib.loads(path.read_text("utf-8")).get("measure", ()):
            heading, *rows = case["events"].strip().splitlines()
            events = "\n".join([f"who {heading}", *(f"A {row}" for row in rows)])
            given = {name: case[name] for name in ("birth", "sex", "death") if name in case}
            person = " ".join(["who", *given]) + "\n" + " ".join(["A", *given.values()])
            log = _log_of(events, person, own.quantities, {})
            named = frozenset({"groups"} if "group" in case else {"rate"})
            yield case["id"], Case(log, sd.period(case["period"]), case.get("policy", {}), named)


def _log_of(events: str, people: str, quantities: Iterable[Any], tables: Mapping[str, str]) -> EventLog:
    happened, persons = _columns(events), _columns(people or "who birth")
    known = persons.pop("who")
    further = [who for who in dict.fromkeys(happened["who"]) if who not in known]
    named = {"birth": "birth_date", "death": "death_date"}
    columns = {named.get(name, name): [*cells, *[""] * len(further)] for name, cells in persons.items()}
    columns.setdefault("birth_date", [""] * (len(known) + len(further)))
    happened["patient_id"] = happened.pop("who")
    raw = {name: raw_rows(name, _columns(text)) for name, text in tables.items()}
    return build(
        raw_rows("patients", {"patient_id": [*known, *further], **columns}),
        raw_rows("events", happened),
        raw.get("institutions"),
        activities=raw.get("activities"),
        quantities=tuple(quantities),
    ).as_of(None)


def _columns(text: str) -> dict[str, list[str]]:
    heading, *rows = (line.split() for line in text.strip().splitlines() if line.strip())
    return {name: ["" if row[i] == "." else row[i] for row in rows] for i, name in enumerate(heading)}


# WHAT THE CASES TELL


Key = tuple[str, str, str, int]
"""Kind, place and words of a change, and which of those that read alike it is."""


def keyed(mutants: Iterable[Mutant]) -> dict[Key, Mutant]:
    """Give mutants by what is changed in them, which does not depend on how many there are before them."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found: dict[Key, Mutant] = {}
    for one in mutants:
        said = (one.kind, one.place, one.names.en)
        seen[said] += 1
        found[(*said, seen[said])] = one
    return found


def untold(measure: Measure, cases: Iterable[Case], mutants: Mapping[Key, Mutant]) -> dict[Key, Mutant]:
    """Give those of some mutants of a measure under its default policies that no case tells.

    A case under other policies tells a mutant if it tells the same change of the definition under those policies.
    """
    left = dict(mutants)
    for case in cases:
        if left:
            for key in _told(measure, case, left):
                del left[key]
    return left


def _told(measure: Measure, case: Case, left: Mapping[Key, Mutant]) -> list[Key]:
    policy = _own(measure, case.policy)
    mutants: Mapping[Key, Mutant] = left
    if policy or case.period != sd.period("2024"):
        every = keyed(mutants_of(measure, DISEASES, policy, case.period))
        mutants = {key: one for key, one in every.items() if key in left}
    original = definition_of(measure, DISEASES, policy)
    others = [Definition(one.measure, one.diseases) for one in mutants.values()]
    first, *answers = decided([original, *others], case.log, case.period)
    if case.named is None:
        return [key for key, answer in zip(mutants, answers, strict=True) if first.differ(answer, in_rate=True).any()]
    right = _figures(first, case.named)
    return [key for key, answer in zip(mutants, answers, strict=True) if _figures(answer, case.named) != right]


def _own(measure: Measure, policy: Mapping[str, str]) -> dict[str, str]:
    names = {one.name for one in policies_of(measure, DISEASES)}
    return {name: option for name, option in policy.items() if name in names}


def _figures(found: Decisions, named: frozenset[str]) -> dict[str, Any]:
    groups: Counter[str] = Counter()
    for code, people in Counter(found.code.tolist()).items():
        for decision in found.kinds[code].values():
            groups[decision.group] += people
    numerator = groups[NUMERATOR]
    denominator = sum(groups[each] for each in DENOMINATOR_GROUPS)
    every = {
        "groups": {group: n for group, n in groups.items() if n},
        "numerator": numerator,
        "denominator": denominator,
        "rate": numerator / denominator if denominator else None,
        "unknown": groups[UNKNOWN],
        "excluded": sum(people for group, people in groups.items() if group.startswith(EXCLUDED)),
        "initial_population": sum(people for group, people in groups.items() if group != OUTSIDE),
    }
    return {name: every.get(name, every["groups"]) for name in named}

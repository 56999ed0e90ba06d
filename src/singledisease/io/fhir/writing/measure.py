"""A measure as FHIR's Measure: its rules as populations in their order, and its wording in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from singledisease.definitions.aggregate import Distribution, Ratio
from singledisease.definitions.derived import Derived
from singledisease.definitions.measure import OUTSIDE, Measure, Rule
from singledisease.definitions.resolve import Resolved
from singledisease.definitions.wording.sentences import wording
from singledisease.io.fhir.writing.bundle import Naming, Resource, coded, fhir_id, filled, narrative
from singledisease.io.fhir.writing.populations import (
    DENOMINATOR,
    GROUPS,
    INITIAL,
    POPULATIONS,
    WORDS,
    standard_of,
)
from singledisease.language.format import write

SCORING = "http://terminology.hl7.org/CodeSystem/measure-scoring"
NOTATION = "text/x-singledisease"
"""Language of the expressions: the notation of conditions of this library."""
_EVERYONE = "True"


def measure_resource(resolved: Resolved, naming: Naming) -> Resource:
    """Give a measure, under the policies in force, as a Measure.

    Parameters
    ----------
    resolved
        Resolved: every policy has its option.
    naming
        How it is called.
    """
    measure, diseases = resolved.measure, tuple(resolved.diseases.values())
    said = {language: wording(measure, language, *diseases).splitlines() for language in ("zh", "en")}
    policy = ", ".join(f"{name}={option}" for name, option in resolved.policy.items())
    return filled(
        {
            "resourceType": "Measure",
            "id": fhir_id(measure.id),
            "text": narrative([*said["zh"], *said["en"], *([f"口径 / policies: {policy}"] if policy else [])]),
            "url": naming.measure_url(measure.id),
            "version": measure.version,
            "name": _machine_name(measure.id),
            "title": " / ".join(dict.fromkeys((measure.names.zh, measure.names.en))),
            "status": "active" if measure.status == "confirmed" else "draft",
            "description": "\n".join(said["en"]),
            "usage": policy,
            "scoring": coded(SCORING, scoring_of(resolved)),
            "group": [{"population": list(_populations(resolved))}],
        }
    )


def derived_resource(each: Derived, naming: Naming) -> Resource:
    """Give a figure that is derived from others as a Measure: it has no populations of its own."""
    said = [wording(each, language) for language in ("zh", "en")]
    return filled(
        {
            "resourceType": "Measure",
            "id": fhir_id(each.id),
            "text": narrative(said),
            "url": naming.measure_url(each.id),
            "version": each.version,
            "name": _machine_name(each.id),
            "title": " / ".join(dict.fromkeys((each.names.zh, each.names.en))),
            "status": "active" if each.status == "confirmed" else "draft",
            "description": said[1],
        }
    )


def scoring_of(resolved: Resolved) -> str:
    """Give FHIR's word for the form of a measure."""
    measure = resolved.measure
    if isinstance(measure, Ratio):
        return "ratio"
    if isinstance(measure, Distribution):
        return "continuous-variable"
    return "proportion" if measure.form == "proportion" else "cohort"


def _machine_name(id: str) -> str:
    name = re.sub(r"\W", "_", id[:1].upper() + id[1:], flags=re.ASCII)
    return name if name[:1].isalpha() else f"M{name}"


def _populations(resolved: Resolved) -> Iterator[Resource]:
    """Give the initial population, then a population for each rule: the first that holds decides."""
    measure = resolved.measure
    outside = [write(rule.when) for rule in measure.rules if rule.group == OUTSIDE]
    everyone = " and ".join(f"not ({text})" for text in outside) or _EVERYONE
    yield _population(coded(POPULATIONS, INITIAL), everyone, WORDS[INITIAL])
    if isinstance(measure, Measure) and measure.form == "proportion":
        yield _population(coded(POPULATIONS, DENOMINATOR), everyone, WORDS[DENOMINATOR])
    for number, rule in enumerate(measure.rules, 1):
        if rule.group != OUTSIDE:
            yield _population(_code(rule), write(rule.when), _said(rule, number))


def _code(rule: Rule) -> Resource:
    group = str(rule.group)
    standard = [name for name in standard_of(group) if name not in (INITIAL, DENOMINATOR)]
    concept = coded(GROUPS, group)
    concept["coding"] = [*({"system": POPULATIONS, "code": name} for name in standard), *concept["coding"]]
    return concept


def _said(rule: Rule, number: int) -> str:
    return (
        f"第{number}条：{rule.names.zh}（前面各条均不成立时）"
        f" / rule {number}: {rule.names.en}, of those whom no rule before it decides"
    )


def _population(code: Resource, expression: str, said: str) -> Resource:
    criteria = {"description": said, "language": NOTATION, "expression": expression}
    return {"code": code, "description": said, "criteria": criteria}

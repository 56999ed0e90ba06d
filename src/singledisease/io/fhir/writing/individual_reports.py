"""One person at a time as measure reports: the group, and the events that the answer rests on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from singledisease.dates import Period
from singledisease.definitions.measure import OUTSIDE
from singledisease.definitions.resolve import Resolved
from singledisease.explanation.explain import explain
from singledisease.explanation.model import Clause, Evidence
from singledisease.io.fhir.writing.bundle import Naming, Resource, filled, narrative, stable_id, urn_of
from singledisease.io.fhir.writing.evidence import evidence_resources
from singledisease.io.fhir.writing.measure import scoring_of
from singledisease.io.fhir.writing.measure_report import begun, measure_score, rate_of
from singledisease.io.fhir.writing.populations import populations
from singledisease.scorecard.assign import groups_of
from singledisease.scorecard.card import Scorecard, parts_of

_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}", re.ASCII)


@frozen(eq=False)
class _Case:
    """One measure in one period, asked of one person."""

    score: Scorecard
    resolved: Resolved
    period: Period
    person: str
    naming: Naming


def individuals(score: Scorecard, naming: Naming) -> Iterator[Resource]:
    """Give a report for each person of the initial population, measure and period, after the events it rests on.

    Raises
    ------
    UsageError
        If the scorecard was made of counts alone.
    """
    for part in parts_of(score):
        for person, id in enumerate(part.log.people.ids.tolist()):
            told: set[str] = set()
            of_people = [(m, one) for m, one in enumerate(score.measures) if one.measure.of is None]
            for m, resolved in of_people:
                groups = groups_of(resolved.measure)
                for p, period in enumerate(score.periods):
                    if groups[int(part.assigned[m][p, person])] != OUTSIDE:  # type: ignore[index]
                        yield from _told(_Case(score, resolved, period, id, naming), told)


def _events(clause: Clause) -> Iterator[Evidence]:
    """Give the rows of a clause and of those inside it, those that began a stay among them."""
    yield from clause.events
    yield from (stay.event for stay in clause.stays if stay.event is not None)
    for inner in clause.clauses:
        yield from _events(inner)


def _originals(events: Iterable[Evidence]) -> list[str]:
    """Give the resources that events were read from, if they were: a server that has them has them by this name."""
    records = (str(event.values.get("record", "")) for event in events)
    return list(dict.fromkeys(record for record in records if _REFERENCE.fullmatch(record)))


def _told(case: _Case, told: set[str]) -> Iterator[Resource]:
    """Give the events that were not told of the person before, and the report."""
    answer = explain(case.score, case.person, case.resolved.measure.id, case.period).answers[0]
    events = dict.fromkeys(event for step in answer.steps if step.reached for event in _events(step.clause))
    made = [one for event in events for one in evidence_resources(event, case.person, case.naming)]
    for resource in made:
        if resource["id"] not in told:
            told.add(resource["id"])
            yield resource
    report = begun(case.score, case.resolved, case.period, "individual", case.naming)
    scoring, names, group = scoring_of(case.resolved), answer.decisive.names, {answer.group: 1}
    score = measure_score(rate_of(group)) if scoring == "proportion" else {}
    yield report | filled(
        {
            "id": stable_id("MeasureReport", report["id"], case.person),
            "text": narrative([case.period.name, f"{case.person}: {answer.group} ({names.zh} / {names.en})"]),
            "subject": case.naming.patient(case.person),
            "group": [{"population": list(populations(group, scoring)), **score}],
            "evaluatedResource": [{"reference": each} for each in (*map(urn_of, made), *_originals(events))],
        }
    )

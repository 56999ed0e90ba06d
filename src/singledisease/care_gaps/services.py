"""Which services planned events fulfil, and so who does them: found by walking on through the pathways."""

from __future__ import annotations

from collections.abc import Mapping

from singledisease.care_gaps.futures import Future, Plan
from singledisease.care_gaps.offers import Offer, service_of
from singledisease.conformance.valued import Definition
from singledisease.definitions.disease import Disease, Service
from singledisease.engines.columnar import walk
from singledisease.eventlog.log import EventLog
from singledisease.pathway_courses import NO_ROW

Served = tuple[Disease, Service]


def services_of(
    future: Future, definition: Definition, plans: Mapping[int, Plan], first: int
) -> dict[tuple[int, Offer], Served | None]:
    """Give for each event of each plan the service that it fulfils; where none is due, one that such events fulfil."""
    people = sorted(plans)
    log = future.only(people).with_plans({place: plans[person] for place, person in enumerate(people)})
    fulfilled: dict[tuple[int, int, str], Served] = {}
    for disease in definition.diseases.values():
        for key, served in _fulfilled(log, disease, first, future.period.end).items():
            fulfilled.setdefault(key, served)
    found: dict[tuple[int, Offer], Served | None] = {}
    for place, person in enumerate(people):
        for one in plans[person]:
            known = found.get((person, one.offer))
            found[person, one.offer] = known or fulfilled.get((place, one.day, one.offer.kind))
    diseases = definition.diseases.values()
    return {key: served or service_of(key[1], diseases) for key, served in found.items()}


def _fulfilled(log: EventLog, disease: Disease, first: int, until: int) -> dict[tuple[int, int, str], Served]:
    """Give by person, day and kind the first service, as they are listed, that an event from a day on fulfilled."""
    if not disease.services or disease.pathway.sequence != "person":
        return {}
    runs = walk(disease, log, until, obligations=True).obligations
    assert runs is not None
    order, timings = {service.id: i for i, service in enumerate(disease.services)}, disease.timings
    found: dict[tuple[int, int, str], Served] = {}
    for person, timing, row in zip(runs.person.tolist(), runs.timing.tolist(), runs.row.tolist(), strict=True):
        place = order.get(timings[timing].id)
        if place is None or row == NO_ROW or log.date[row] < first:
            continue
        key = person, int(log.date[row]), log.kind.categories[log.kind.codes[row]]
        known = found.get(key)
        if known is None or order[known[1].id] > place:
            found[key] = disease, disease.services[place]
    return found

"""Gaps: what is said to bring somebody into the numerator does, and what is said to be no longer possible is not."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import singledisease as sd
from singledisease.care_gaps.futures import Future
from singledisease.care_gaps.gap import IMPOSSIBLE, POSSIBLE
from singledisease.care_gaps.gaps import find_gaps
from singledisease.care_gaps.one_visit import as_tried, at_the_latest
from singledisease.conformance.asked import definition_of
from singledisease.conformance.drawing import Drawing
from singledisease.conformance.ingredients import ingredients_of
from singledisease.conformance.valued import Definition
from singledisease.dates import day_of, iso, period
from singledisease.definitions.measure import NUMERATOR
from singledisease.definitions.resolve import resolve
from singledisease.eventlog.build import build
from singledisease.eventlog.raw import raw_rows
from singledisease.eventlog.to_tables import tables_of
from singledisease.scorecard.evaluate import evaluate
from singledisease.testing import diseases, expressions, logs

YEAR = period("2024")
SETS = [one for one in sd.measures("cn-bphs-2017", diseases=["hypertension", "type2-diabetes"]) if one.form != "count"]
KNOWN = {name: sd.disease(name) for name in ("hypertension", "type2-diabetes")}
POLICIES = ({}, {"standard": "floor90"}, {"standard": "six_months"}, {"lost": "exclude", "unknown": "exclude"})


def numerators(definitions, log, people, span):
    """Give for each measure the people whom the reference engine counts in the numerator."""
    found = {}
    for one in definitions:
        score = evaluate(one.measure, log.only(people), span, diseases=one.diseases, engine="reference")
        found[one.measure.id] = set(sd.people(score, one.measure.id, NUMERATOR)["patient_id"])
    return found


def with_random_events(future, definition, person, days, random):
    """Give the log of one person with further events on days to come: kinds, words and values of the measure."""
    made_of = ingredients_of([definition.measure], definition.diseases.values(), future.period)
    drawing = Drawing(random, made_of, future.period)
    drawn = [drawing.event(days) for _ in range(random.choice((1, 2, 4, 8)))]
    rows = [{**row, "date": iso(random.choice(days)), "patient_id": person} for row in drawn]
    names = dict.fromkeys(name for row in rows for name in row)
    events = raw_rows("events", {name: [row.get(name) or None for row in rows] for name in names})
    alone = future.log.only([person])
    return alone + build(tables_of(alone)[0], events, rules=future.rules)


def check(log, definitions, on, span, random):
    """Hold every gap against the reference engine."""
    known = log.as_of(on)
    future = Future.of(known, span, definitions)
    found = find_gaps(known, definitions, on, span)
    people = sorted({gap.person for gap in found})
    ids = [known.people.ids[person] for person in people]
    possible = {p: [gap for gap in found if gap.person == p and gap.status == POSSIBLE] for p in people}
    for moment in (as_tried, at_the_latest):
        plans = {p: tuple(one for gap in gaps for one in moment(gap)) for p, gaps in possible.items() if gaps}
        assert all(on < one.day <= span.end for plan in plans.values() for one in plan)
        counted = numerators(definitions, future.with_plans(plans), ids, span) if plans else {}
        for person, gaps in possible.items():
            for measure in {name for gap in gaps for name in gap.measures}:
                assert known.people.ids[person] in counted[measure], (moment, known.people.ids[person], measure)
    by_id = {one.measure.id: one for one in definitions}
    for gap in [gap for gap in found if gap.status == IMPOSSIBLE and on < span.end][:4]:
        definition, person = by_id[gap.measures[0]], known.people.ids[gap.person]
        more = with_random_events(future, definition, person, range(on + 1, span.end + 1), random)
        assert person not in numerators([definition], more, [person], span)[definition.measure.id]
    return found


@pytest.mark.parametrize("policy", POLICIES, ids=str)
def test_gaps_of_the_national_measures_close(policy):
    """Of a made-up registry every visit that is listed counts, on the days tried and on the last ones, for all."""
    log = sd.simulate(patients=40, seed=11).log()
    own = [{k: v for k, v in policy.items() if k in one.policy} for one in _resolved({})]
    definitions = [definition_of(one, KNOWN, some) for one, some in zip(SETS, own, strict=True)]
    random = Random(3)
    for day in ("2024-03-31", "2024-12-29"):
        found = check(log, definitions, day_of(day), YEAR, random)
        assert {gap.status for gap in found} >= {POSSIBLE}


def _resolved(policy):
    return [resolve(one, KNOWN, policy) for one in SETS]


@given(logs(2), expressions("person", "bool", depth=2), diseases("alpha"), diseases("beta"), st.integers(0, 99999))
def test_gaps_of_any_condition_close(log, numerator, alpha, beta, seed):
    """Whatever brings somebody into a numerator: what is possible was tried, what is not cannot be done by chance."""
    measure, random = sd.Measure(id="any", numerator=numerator), Random(seed)
    resolved = resolve(measure, {"alpha": alpha, "beta": beta}, {})
    definition = Definition(resolved.measure, resolved.diseases)
    check(log, [definition], YEAR.start + random.randrange(360), YEAR, random)

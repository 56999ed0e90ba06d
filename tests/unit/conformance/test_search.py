"""The search for histories that tell a mutant: what it begins with, what it tries, and what it goes on from."""

from __future__ import annotations

import singledisease as sd
from singledisease.conformance.asked import definition_of, known
from singledisease.conformance.histories import History
from singledisease.conformance.mutants import mutants_of
from singledisease.conformance.nearness import conditions_in, parts_compared
from singledisease.conformance.search import search
from singledisease.conformance.valued import Definition

PERIOD = sd.period("2024")
LAST = sd.events("follow_up").within(sd.PERIOD).last()


def told(measure, *kinds, **how_long):
    """Give the mutants of some kinds, in words, with whether a history was found that tells them."""
    mutants = [one for one in mutants_of(measure, known(None), {}, PERIOD) if one.kind in kinds]
    others = [Definition(one.measure, one.diseases) for one in mutants]
    found = search(definition_of(measure, known(None), {}), others, PERIOD, seed=1, **how_long).found
    return {one.names.en: i in found for i, one in enumerate(mutants)}


def test_bounds_that_depend_on_the_person_are_tried():
    """A bound that stands in a case is told at its value and one step beside it."""
    goal = sd.case((sd.age(on=sd.PERIOD.end) >= 65, 150), 140)
    found = told(sd.Measure(id="goal", numerator=LAST.sbp < goal), "bound", "sign", drawn=600, changed=300)
    assert len(found) >= 7
    assert [change for change, is_told in found.items() if not is_told] == []


def test_numbers_that_arithmetic_turns_into_a_bound_are_tried():
    """Of a reading that is converted before it is compared, those values are tried that come to the bound."""
    measure = sd.Measure(id="converted", numerator=(LAST.column("hba1c") - 2.15) / 0.0915 <= 58)
    found = told(measure, "bound", drawn=600, changed=300)
    assert len(found) == 6
    assert [change for change, is_told in found.items() if not is_told] == []


def test_what_it_begins_with_is_looked_at():
    """A history that is given is asked before any is drawn, and comes back as small as it can be."""
    one, other = (
        definition_of(sd.Measure(id=id, numerator=LAST.sbp < bound), known(None), {})
        for id, bound in (("a", 140), ("b", 141))
    )
    given = History({"birth_date": "1950-02-03"}, [{"date": "2024-05-05", "kind": "follow_up", "sbp": "140"}])
    found = search(one, [other], PERIOD, seed=1, drawn=0, rounds=1, start=[given])
    assert found.looked_at == 1
    assert [dict(row) for row in found.found[0][0].events] == [dict(row) for row in given.events]


def test_parts_that_differ_are_given_from_the_outside_in():
    """Of two measures that take other rows the conditions differ, and how many rows there are."""
    one, other = (
        sd.Measure(id="m", numerator=sd.events("follow_up").where(sd.column("mode") == mode).count() >= 2)
        for mode in ("clinic", "home")
    )
    parts = [type(part).__name__ for part, _ in parts_compared(one, other)]
    assert parts == ["Apply", "Reduce"]
    assert parts_compared(one, one) == []


def test_rules_that_are_not_alike_are_not_compared():
    """Measures whose rules have other names have no parts in common, and a condition is taken apart at and, or, not."""
    both = (LAST.sbp < 140) & ~(LAST.dbp >= 90)
    one = sd.Measure(id="m", numerator=both)
    assert parts_compared(one, sd.Measure(id="m", population=LAST.sbp > 0, numerator=both)) == []
    assert [getattr(each, "operation", "") for each in conditions_in(one)][:4] == ["and", "", "<", "not"]

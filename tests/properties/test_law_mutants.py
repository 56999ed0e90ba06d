"""Every mutant of a generated measure is sound, differs from it and from the others, and is said in words."""

from __future__ import annotations

from hypothesis import given

from singledisease.conformance.decisions import decided
from singledisease.conformance.mutants import mutants_of
from singledisease.conformance.valued import Definition
from singledisease.dates import period
from singledisease.definitions.resolve import resolve
from singledisease.testing import diseases, logs, measures

YEAR = period("2024")


@given(measures(max_rules=2), diseases("alpha"), diseases("beta"), logs(max_people=1))
def test_mutants_are_sound_and_differ(measure, alpha, beta, log):
    """They can be resolved and evaluated, none is the original, no two are one, and both languages say each."""
    known = {"alpha": alpha, "beta": beta}
    original = resolve(measure, known, {})
    found = mutants_of(measure, known, {}, YEAR)[:25]
    contents = [(each.measure.rules, each.measure.matures, tuple(each.diseases.items())) for each in found]
    assert (original.measure.rules, original.measure.matures, tuple(original.diseases.items())) not in contents
    assert all(one not in contents[:i] for i, one in enumerate(contents))
    assert all(each.names.zh.strip() and each.names.en.strip() for each in found)
    definitions = [Definition(each.measure, each.diseases) for each in found]
    answers = decided([Definition(original.measure, original.diseases), *definitions], log.as_of(None), YEAR)
    assert len(answers) == len(found) + 1

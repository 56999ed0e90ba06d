"""Mutants of a measure: each sound, each different, each said in words."""

from __future__ import annotations

import pytest

import singledisease as sd
from singledisease.definitions.checks import check_measure
from singledisease.language import nodes as n

YEAR = sd.period("2024")


@pytest.fixture(scope="module")
def control():
    """Give the mutants of control of hypertension."""
    return sd.mutants("hypertension.control", period="2024")


def changes(measure, **more):
    """Give what the mutants of a measure change, in words, by kind."""
    found = sd.mutants(measure, period="2024", **more)
    return {(mutant.kind, mutant.names.en) for mutant in found}


def measure(numerator, **more):
    """Make a measure of the people of a registry."""
    return sd.Measure(id="mine", numerator=numerator, **more)


def test_each_is_sound_and_differs(control):
    """No mutant has a fault, and no two mutants, nor any and the original, are the same definition."""
    rules = [(one.measure.rules, one.measure.of, one.measure.matures, tuple(one.diseases.values())) for one in control]
    assert all(not check_measure(one.measure, one.diseases, [YEAR]) for one in control)
    assert all(a != b for i, a in enumerate(rules) for b in rules[:i])
    assert len({one.measure.id for one in control}) == len(control)


def test_both_languages_say_before_and_after(control):
    """What was changed is said in Chinese and in English, and mostly as before → after."""
    assert all(one.names.zh and one.names.en for one in control)
    assert all("→" in one.names.en for one in control if one.kind != "rule_order")
    assert all(one.kind_names.zh for one in control)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("sign", "systolic pressure of the last follow-up < 140 mmHg → "
                 "systolic pressure of the last follow-up ≤ 140 mmHg"),
        ("bound", "systolic pressure of the last follow-up < 140 mmHg → "
                  "systolic pressure of the last follow-up < 141 mmHg"),
        ("dropped", "of Hypertension or of no disease named → (left out)"),
        ("policy", "reading=last_follow_up → reading=any_mode"),
        ("dropped", "diastolic pressure is known → (left out), missing taken for false"),
        ("words", "mode is clinic or home → mode is clinic or home or phone"),
        ("pick", "the last follow-up → the first follow-up"),
        ("kinds", "follow-ups → follow-ups or self-measurements"),
        ("day", "age on date of the last follow-up → age on the period's last day"),
        ("rule_dropped", "lost to follow-up → (left out)"),
        ("group", "last reading at goal: numerator → in the denominator only"),
        ("policy", "lost_after=12 → lost_after=11"),
        ("policy", "reading=last_follow_up → reading=day_lowest"),
    ],
)  # fmt: skip
def test_what_is_changed_in_control(control, kind, said):
    """Bounds, signs, conditions, words, rows, kinds, days, rules, groups and policies are each changed."""
    found = {(one.kind, one.names.en) for one in control}
    if kind == "day":
        # The other option of the policy says the same, and is listed first.
        assert ("policy", "age_on=reading → age_on=period_end") in found
    else:
        assert (kind, said) in found


def test_policy_of_the_original_is_followed():
    """Mutants are those of the definition under its policy, whose other options come with it."""
    found = changes("hypertension.control", policy={"lost": "exclude"})
    assert ("policy", "lost=exclude → lost=not_at_goal") in found
    assert ("group", "lost to follow-up: excluded → in the denominator only") not in found


@pytest.mark.parametrize(
    ("numerator", "said"),
    [
        (sd.events("checkup").within(sd.months(-2, 0)).exists(),
         {("window", -3, 0), ("window", -1, 0), ("window", -2, -1)}),
        (sd.events("checkup").within(sd.quarters(0, 0)).exists(), {("window", -1, 0), }),
    ],
)  # fmt: skip
def test_calendar_windows_move_by_a_month(numerator, said):
    """A calendar window is a month longer or shorter at either end, never beyond the period's last."""
    found = sd.mutants(measure(numerator), period="2024")
    windows = {
        (one.kind, window.first, window.last)
        for one in found
        for window in [w for rule in one.measure.rules for w in _calendar(rule.when)]
        if one.kind == "window"
    }
    assert said <= windows
    assert all(last <= 0 for _, _, last in windows)


def _calendar(node):
    from singledisease.language.traversal import inside

    return list(inside(node, n.CalendarWindow))


@pytest.mark.parametrize(
    ("numerator", "kind", "said"),
    [
        (sd.events("checkup").count() >= 2, "reduction", "number of checkups → number of days with checkups"),
        (sd.events("checkup").minimum("sbp") < 140, "reduction",
         "lowest systolic pressure of checkups → highest systolic pressure of checkups"),
        (sd.events("checkup").mean("fpg") < 7.0, "bound",
         "mean fasting glucose of checkups < 7 mmol/L → mean fasting glucose of checkups < 6.9 mmol/L"),
        (sd.events("checkup").latest(2).count() >= 2, "bound", "the last 2 checkups → the last checkup"),
        (sd.how_many(sd.age(on=sd.PERIOD.end) >= 65, sd.attribute("sex") == "male") >= 1, "dropped",
         "sex = male → (left out)"),
        (sd.coalesce(sd.events("checkup").last().fpg, sd.events("checkup").last().glucose) < 7, "dropped",
         "fasting glucose of the last checkup → (left out)"),
        (sd.events("checkup").where(sd.column("fpg") < 7).exists(), "dropped",
         "fasting glucose < 7 mmol/L → (left out)"),
        (sd.events("checkup").last().fpg < sd.case((sd.age(on=sd.PERIOD.end) >= 65, sd.quantity(8, "mmol/L")),
                                                   sd.quantity(7, "mmol/L")), "bound", "8 mmol/L → 8.1 mmol/L"),
    ],
)  # fmt: skip
def test_what_is_changed_elsewhere(numerator, kind, said):
    """Reductions, means, further rows, counts of conditions, alternatives and branches are changed too."""
    found = changes(measure(numerator))
    assert (kind, said) in found, sorted(text for each, text in found if each == kind)


def test_rows_that_are_counted_are_changed():
    """Of a measure of rows what is counted is changed as well, and the place says so."""
    of = sd.events("encounter").where(sd.column("setting") == "outpatient").within(sd.PERIOD)
    rows = sd.Measure(id="rows", of=of, numerator=sd.column("level").is_in("village", "township"))
    places = {one.place for one in sd.mutants(rows, period="2024")}
    assert {"of", "numerator", "numerator+otherwise"} - places <= {"numerator+otherwise"}


def test_what_has_no_mutants_is_refused():
    """A measure that is not there is refused with the way out."""
    with pytest.raises(sd.UsageError, match="did you mean"):
        sd.mutants("hypertension.contrl", period="2024")


def test_unknown_policy_is_refused():
    """A policy that the measure does not have is refused."""
    with pytest.raises(sd.UsageError, match="no policy is called 'colour'"):
        sd.mutants("hypertension.control", period="2024", policy={"colour": "red"})

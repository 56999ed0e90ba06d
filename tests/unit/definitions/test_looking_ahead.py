"""Windows that reach beyond what is looked at, and signals that would hear of what comes later."""

import pytest
from attrs import evolve
from definitions_world import gout

import singledisease as sd
from singledisease.dates import Maturity, period
from singledisease.definitions.aggregate import Ratio
from singledisease.definitions.checks import check, check_measure
from singledisease.definitions.measure import Measure
from singledisease.errors import DefinitionError
from singledisease.language.build import PERIOD, column, days_between, events
from singledisease.language.parse import parse

SAFE = (
    "PERIOD.end",
    "PERIOD.start",
    "PERIOD.end - 5",
    "PERIOD.end + 0",
    "0 + PERIOD.end",
    "PERIOD.end.plus(months=-2)",
    "PERIOD.end.plus(years=-1, days=365)",
    "start_of_quarter(PERIOD.end)",
    "earliest(events().last().until, PERIOD.end)",
    'earliest(start_of_month(PERIOD.end.plus(days=-3)), attribute("death_date"))',
    'earliest(events().last().date, breaches("gout").last().due)',
    "latest(PERIOD.start, events().first().date)",
    "coalesce(events().first().date, PERIOD.end)",
    'case((sex == "male", PERIOD.end - 1), PERIOD.end)',
    'choice("which", default="a", a=PERIOD.end, b=PERIOD.start)',
    'attribute("birth_date")',
    "events().first().date",
    'events().maximum("date")',
    'spells("gout").last().left',
    'services("gout").last().met',
    'breaches("gout").last().due',
    "events().within(until(PERIOD.end - 15)).last().date + 15",
    "events().within(between(None, PERIOD.end - 15)).where(sbp > 1).latest(2).last().date.plus(days=15)",
    'PERIOD.end.plus(months=-p("gout.visit_months"))',
)
AHEAD = (
    "PERIOD.end + 1",
    "1 + PERIOD.end",
    "PERIOD.end.plus(months=1)",
    "PERIOD.end.plus(years=-1, days=366)",
    "events().first().date + 15",
    "events().last().until",
    'services("gout").last().due',
    'attribute("death_date")',
    "latest(PERIOD.end, events().last().until)",
    "earliest(events().last().until, events().last().date)",
    "coalesce(events().last().until, PERIOD.end)",
    'case((sex == "male", PERIOD.end + 1), PERIOD.end)',
    'choice("which", default="a", a=PERIOD.end, b=PERIOD.end + 1)',
    "events().within(until(PERIOD.end - 15)).last().date + 16",
    "events().within(between(PERIOD.start, None)).last().date + 1",
    'PERIOD.end.plus(months=p("gout.visit_months"))',
    "PERIOD.end + events().count()",
    "PERIOD.end.plus(days=events().count())",
    "earliest(events().last().until, PERIOD.end + events().count())",
)


def faults(numerator, periods=(), **changes) -> set[str]:
    """Give the names of what is wrong with a measure."""
    measure = Measure(id="m", numerator=numerator, **changes)
    return {fault.check for fault in check_measure(measure, {"gout": gout()}, periods)}


@pytest.mark.parametrize("end", SAFE)
def test_a_window_that_ends_by_the_periods_end_passes(end):
    """Days of rows and of the period, and what lies before them, are looked at."""
    assert faults(parse(f"events().within(until({end})).exists()", "gout")) == set()


@pytest.mark.parametrize("end", AHEAD)
def test_a_window_that_may_end_later_is_refused(end):
    """A day after the period's end, or one that may be, is not looked at: the window would be cut in silence."""
    assert faults(parse(f"events().within(until({end})).exists()", "gout")) == {"looks_ahead"}


@pytest.mark.parametrize(
    "asked",
    [
        'managed("gout", during=between(PERIOD.start, PERIOD.end + 5))',
        'days_in(managed("gout"), until(PERIOD.end + 5)) > 1',
        'events().where(events().within(on(this("date") + 1)).exists()).exists()',
        'events().where(managed("gout", during=on(date + 1))).exists()',
        "events().covered(until(PERIOD.end + 1)) > 0",
        "events().gap(until(PERIOD.end + 1)) > 0",
        "events().overlapping(until(PERIOD.end + 1)).exists()",
        'tier("gout.x", on=PERIOD.end + 1) == "high"',
    ],
)
def test_every_window_is_held_to_it(asked):
    """States, coverage, tiers and windows inside conditions look as far as rows do."""
    assert "looks_ahead" in faults(parse(asked))


def test_both_ways_out_are_named_and_are_ways_out():
    """The fault says to let the figure mature or to end the window; either passes."""
    call = events("call").within(PERIOD).first().date
    visits = events("encounter").within(sd.between(call, call + 15)).exists()
    measure = Measure(id="m", numerator=visits)
    (fault,) = [each for each in check_measure(measure) if each.check == "looks_ahead"]
    assert "matures=15" in fault.hint
    assert "earliest(…, PERIOD.end)" in fault.hint
    assert "between(" in fault.where
    assert faults(visits, matures=15) == set()
    assert faults(visits, matures=Maturity(months=1)) == set()
    ended = sd.between(call, sd.earliest(call + 15, PERIOD.end))
    assert faults(events("encounter").within(ended).exists()) == set()


def test_rows_that_are_counted_may_look_as_far_as_they_were_selected():
    """A row of the first half looks fifteen days on; one of the whole period does not."""
    early = events("call").within(sd.until(PERIOD.end - 15))
    back = events("encounter").within(sd.between(sd.this("date"), sd.this("date") + 15)).exists()
    assert faults(back, of=early) == set()
    assert faults(back, of=events("call").within(PERIOD)) == {"looks_ahead"}
    assert faults(column("sbp") > 1, of=events("call").within(sd.until(PERIOD.end + 1))) == {"looks_ahead"}


def test_a_ratio_is_held_to_it_too():
    """Amounts look no further than conditions."""
    later = events().within(sd.until(PERIOD.end + 1)).count()
    ratio = Ratio(id="r", numerator=later, denominator=events().count())
    assert "looks_ahead" in {fault.check for fault in check_measure(ratio)}


def test_constant_days_are_held_against_the_periods_asked_about():
    """A fixed day, or one counted from the start, is refused only where it lies after the end of a period."""
    fixed = events().within(sd.until(sd.day("2024-06-30"))).exists()
    counted = events().within(sd.until(PERIOD.start + 89)).exists()
    for asked in (fixed, counted):
        assert faults(asked) == set()
        assert faults(asked, [period("2024"), period("2025")]) == set()
        assert faults(asked, [period("2024"), period("2024-02")]) == {"looks_ahead"}
    log = sd.simulate(patients=5, seed=1).log()
    with pytest.raises(DefinitionError, match="looks_ahead"):
        sd.evaluate(Measure(id="m", numerator=fixed), log, period="2024Q1")


def test_a_row_without_another_around_it_has_no_this():
    """In a rule of a measure of rows, and in the rows that are counted, ``this`` names nothing."""
    with pytest.raises(DefinitionError, match="no_outer_row"):
        Measure(id="m", of=events(), numerator=sd.this("sbp") > 1)
    for of in (events().same("link"), events().within(sd.until(sd.this("date")))):
        with pytest.raises(DefinitionError, match="no_outer_row"):
            Measure(id="m", of=of, numerator=column("sbp") > 1)
    inner = events().where(days_between(sd.this("date"), column("date")) > 1).exists()
    assert faults(inner, of=events()) == set()


SIGNALS = {
    'events("test").within(until(this("date") - 1)).exists()': set(),
    'events("test").within(between(this("date") - 90, this("date").plus(days=-1))).last().sbp > 140': set(),
    'events("test").same("link").within(until(this("date") - 1)).count_days() > 1': set(),
    'events("admission").within(until(this("date") - 1)).covered(between(this("date") - 90, this("date"))) > 9': set(),
    'events().within(until(this("date") - 1)).where(events().within(on(this("date"))).exists()).exists()': set(),
    'events("test").within(until(this("date").plus(months=-p("visit_months")))).exists()': set(),
    'events("test").within(until(this("date"))).exists()': {"looks_forward"},
    'events("test").within(until(this("date").plus(months=p("visit_months")))).exists()': {"looks_forward"},
    'events("test").same("link").exists()': {"looks_forward"},
    "events().last().sbp > 140": {"looks_forward"},
    'events().covered(until(this("date") - 1)) > 1': {"looks_forward"},
    'events().gap(until(this("date") - 1)) > 1': {"looks_forward"},
    'events().within(until(this("date") - 1)).where(events().exists()).exists()': {"looks_forward"},
    'tier("risk", on=date - 1) == "high"': {"unknown_tier"},
    'tier("risk", on=date) == "high"': {"unknown_tier", "looks_forward"},
    'in_tier("gout", "risk", "high", during=until(date - 1))': {"unknown_tier"},
    'in_tier("gout", "risk", "high", during=between(date - 9, None))': {"unknown_tier", "looks_forward"},
    'in_tier("gout", "risk", "high", during=between(date - 9, date))': {"unknown_tier", "looks_forward"},
    'this("sbp") > 1': {"no_outer_row"},
}


@pytest.mark.parametrize(("when", "expected"), SIGNALS.items(), ids=SIGNALS)
def test_a_signal_may_look_back_and_never_forward(when, expected):
    """What a signal selects has to end the day before the event: later rows of the day are not known yet."""
    made = gout()
    signals = (evolve(made.pathway.signals[0], when=parse(when, "gout")), *made.pathway.signals[1:])
    found = {fault.check for fault in check(evolve(made, pathway=evolve(made.pathway, signals=signals)))}
    ours = {"looks_forward", "unknown_tier", "no_outer_row"}
    assert found & ours == expected

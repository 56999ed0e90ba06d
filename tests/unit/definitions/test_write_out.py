"""Parameters, code sets and tiers in the place of their names, and what is refused on the way."""

import datetime as dt

import pytest
from attrs import evolve
from definitions_world import gout

from singledisease.definitions.checks import check, check_measure
from singledisease.definitions.citation import DatedValue, Names
from singledisease.definitions.code_set import CodeSet
from singledisease.definitions.measure import Measure
from singledisease.definitions.resolve import policies_of, resolve, resolve_disease, resolve_value
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.errors import DefinitionError, UsageError
from singledisease.language import nodes as n
from singledisease.language.build import PERIOD, column, events, in_tier, p, tier
from singledisease.language.parse import parse, write

uric = column("uric_acid", "number", "µmol/L")
RISK = Tier(
    id="risk",
    names=Names("风险", "risk"),
    levels=(TierLevel(id="low", names=Names("低", "low")), TierLevel(id="high", names=Names("高", "high"))),
    kinds=("checkup",),
    rules=(
        TierRule(level="high", when=uric >= p("gout.goal")),
        TierRule(level="low", when=True),
    ),
    valid=p("visit_months", disease="gout"),
)
STONES = CodeSet(name="stones", names=Names("结石", "stones"), codes=("N20",), prefixes=True)
MADE = evolve(gout(), code_sets=(STONES,), tiers=(RISK,))
KNOWN = {"gout": resolve_disease(MADE, {})}
LATER = DatedValue(value=300, valid_from=dt.date(2024, 7, 1))
DATED = evolve(
    MADE, parameters=(evolve(MADE.parameters[0], values=(DatedValue(value=360), LATER)), *MADE.parameters[1:])
)
ONLY_LATER = evolve(MADE, parameters=(evolve(MADE.parameters[0], values=(LATER,)), *MADE.parameters[1:]))


def written(text: str, disease=MADE, scope="person", **policy) -> str:
    """Write an expression after everything it names has been written out."""
    known = {"gout": resolve_disease(disease, policy)}
    return write(resolve_value(parse(text), known, policy, scope))


def test_a_code_set_becomes_its_codes():
    """A set is written with its system, names and codes; a disease's own codes are the set called disease."""
    assert written('code.is_in(codes("gout.stones"))') == (
        'code.is_in(codes("stones", "N20", zh="结石", prefixes=True))'
    )
    assert (
        written('code.is_in(codes("gout.disease"))')
        == 'code.is_in(codes("gout", "M10", zh="痛风", en="Gout", prefixes=True))'
    )


def test_a_dated_value_is_the_one_in_force_on_the_day_that_is_looked_at():
    """In a row that is its date, in a window of a selection for a row the outer row's, else the period's end."""
    case = '(%s >= day("2024-07-01"), quantity(300, "µmol/L")), quantity(360, "µmol/L")'
    day = {"person": "PERIOD.end", "row": "date", "window": 'this("date")'}
    for scope, text in day.items():
        assert written('p("gout.goal")', DATED, scope) == f"case({case % text})"
    assert written('p("gout.goal")', ONLY_LATER) == 'case((PERIOD.end >= day("2024-07-01"), quantity(300, "µmol/L")))'
    in_window = written('events().within(until(this("date") + p("gout.goal"))).exists()', DATED, "row")
    assert 'this("date") >= day("2024-07-01")' in in_window
    assert "PERIOD.end >=" in written("events().within(until(PERIOD.end - p('gout.goal'))).exists()", DATED)
    assert "PERIOD.end >=" in written("institutions().where(institution('x', 'number') > p('gout.goal'))", DATED)


def test_the_policy_in_force_takes_the_periods_end_everywhere():
    """Measures may hold every row to the value of the period's end; the disease itself keeps each event's own day."""
    measure = Measure(id="m", numerator=events().where(uric < p("gout.goal")).exists())
    (policy,) = [each for each in policies_of(measure, {"gout": DATED}) if each.name == "in_force"]
    assert (policy.options, policy.default) == (("own_day", "period_end"), "own_day")
    own, at_end = (resolve(measure, {"gout": DATED}, policy) for policy in ({}, {"in_force": "period_end"}))
    assert "date >= " in write(own.measure.rules[0].when)
    assert "PERIOD.end >= " in write(at_end.measure.rules[0].when)
    assert own.diseases == at_end.diseases
    assert "date >= " in write(own.diseases["gout"].pathway.signals[1].when)


def test_what_was_in_force_is_printed_with_the_figure():
    """The policies of a resolved measure say every value of a dated parameter that it names."""
    measure = Measure(id="m", numerator=events().where(uric < p("gout.goal")).exists())
    policy = dict(resolve(measure, {"gout": DATED}, {}).policy)
    assert policy["gout.goal"] == "360 µmol/L; ≥ 2024-07-01: 300 µmol/L"
    assert "gout.goal" not in resolve(measure, {"gout": MADE}, {}).policy
    unnamed = Measure(id="m", numerator=events().exists(), disease="gout")
    assert "in_force" not in resolve(unnamed, {"gout": DATED}, {}).policy


def test_a_number_that_may_be_set_keeps_its_dated_values_unless_it_is():
    """Without a policy the values stand as dated; a number in their place is one value for all days."""
    lost = next(each for each in MADE.parameters if each.policy)
    later = DatedValue(value=6, valid_from=dt.date(2024, 7, 1))
    made = evolve(
        MADE,
        parameters=(evolve(lost, values=(*lost.values, later)), *(each for each in MADE.parameters if each != lost)),
    )
    measure = Measure(id="m", numerator=events().exists(), disease="gout")
    assert resolve(measure, {"gout": made}, {}).policy["lost_after"] == "as_dated"
    assert len(resolve_disease(made, {"lost_after": "as_dated"}).parameter("lost_after").values) == 2
    assert len(resolve_disease(made, {"lost_after": "3"}).parameter("lost_after").values) == 1
    with pytest.raises(UsageError, match="unknown_option"):
        resolve_disease(MADE, {"lost_after": "as_dated"})


def test_a_tier_is_the_level_of_the_last_assessment():
    """A day's level is what the rules say of the last event of its kinds; a rule that is always true says nothing."""
    level = 'case((column("uric_acid", "number", "µmol/L") >= quantity(360, "µmol/L"), "high"), (True, "low"))'
    known = '(column("uric_acid", "number", "µmol/L") >= quantity(360, "µmol/L")).known()'
    last = f'events("checkup").where(concerns("gout") and {known}).within(until(PERIOD.end)).last()'
    valid = f'{last}.value(date.plus(months=quantity(3, "months")))'
    assert written('tier("gout.risk")') == f"case((PERIOD.end <= {valid}, {last}.value({level})))"


def test_a_tier_asked_in_a_row_is_that_of_the_rows_day():
    """Inside the window of the selection that picks the assessment the row's columns are the outer row's."""
    text = written('tier("gout.risk", on=date - 1)', scope="row")
    assert 'within(until(this("date") - 1))' in text
    assert text.startswith("case((date - 1 <= ")
    picked = written('tier("gout.risk", on=events("test").last().date)', scope="row")
    assert 'within(until(events("test").last().date))' in picked
    case = 'tier("gout.risk", on=case((managed("gout", on=date) and sbp > 1, date), PERIOD.end))'
    assert 'managed("gout", on=this("date")) and this("sbp") > 1, this("date")' in written(case, scope="row")


def test_a_tier_cannot_be_asked_two_rows_out():
    """From inside the tier's own selection only the nearest row can be named."""
    for day in ('this("date")', 'case((concerns("gout"), date), PERIOD.end)'):
        with pytest.raises(DefinitionError, match="too_far_inside"):
            written(f'tier("gout.risk", on={day}) == "high"', scope="row")


DURING = {
    "PERIOD": ("PERIOD.start", "PERIOD.start <= PERIOD.end and "),
    "months(-2, 0)": ("start_of_month(PERIOD.end.plus(months=-2))", None),
    "quarters(-1, 0)": ("start_of_quarter(PERIOD.end.plus(months=-3))", None),
    "years(-1, 0)": ("start_of_year(PERIOD.end.plus(years=-1))", None),
    "between(PERIOD.start, None)": ("PERIOD.start", ""),
    "between(PERIOD.start, PERIOD.end - 9)": ("PERIOD.start", "PERIOD.start <= PERIOD.end - 9 and "),
}


@pytest.mark.parametrize(("window", "first"), DURING.items(), ids=DURING)
def test_a_tier_during_a_window_stands_on_its_first_day_or_is_given_in_it(window, first):
    """Either the first day, if there is one, has a level that is asked for, or an assessment gives it."""
    day, there_is_one = first
    text = written(f'in_tier("gout", "risk", "high", during={window})')
    assert f"within({window}).where(" in text
    assert 'within(on(this("date"))).last().value(case(' in text
    assert f"within(until({day})).last()" in text
    assert (f"{day} <= PERIOD.end and " if there_is_one is None else there_is_one) in text


def test_a_window_that_is_open_at_its_start_has_no_first_day():
    """Before everything there was no level."""
    text = written('in_tier("gout", "risk", "high", during=until(PERIOD.end))')
    assert text.startswith('events("checkup")')
    assert text.endswith(".exists()")


UNKNOWN = {
    'tier("gout.riks") == "high"': ("unknown_tier", "did you mean risk?"),
    'in_tier("gout", "risk", "hihg", during=PERIOD)': ("unknown_level", "did you mean high?"),
    'code.is_in(codes("gout.stone"))': ("unknown_code_set", "did you mean stones?"),
    'code.is_in(codes("gou.stones"))': ("unknown_disease", "did you mean gout?"),
    'tier("gou.risk") == "high"': ("unknown_disease", "did you mean gout?"),
}


@pytest.mark.parametrize(("text", "fault"), UNKNOWN.items(), ids=UNKNOWN)
def test_what_is_not_declared_is_refused_with_the_way_out(text, fault):
    """A tier, level or code set that a disease does not declare is named with what was perhaps meant."""
    with pytest.raises(DefinitionError) as error:
        resolve_value(parse(text), KNOWN, {}, "row")
    first = error.value.faults[0]
    assert (first.check, first.hint) == fault


def test_a_tier_read_from_itself_is_refused():
    """A rule that asks for its own tier would never end."""
    rule = TierRule(level="high", when=tier("gout.risk", on=column("date") - 1) == "low")
    with pytest.raises(DefinitionError, match="tier_cycle"):
        resolve_disease(evolve(MADE, tiers=(evolve(RISK, rules=(rule,)),)), {})


CHECKED = {
    'tier("gout.riks") == "high"': {"unknown_tier"},
    'tier("gout.risk") == "hihg"': {"unknown_level"},
    '"hihg" != tier("gout.risk")': {"unknown_level"},
    'tier("gout.risk") == sex': set(),
    'in_tier("gout", "risk", "hihg", on=PERIOD.end)': {"unknown_level"},
    'in_tier("gout", "risk", "hihg", during=PERIOD)': {"unknown_level"},
    'in_tier("gout", "riks", "high", during=PERIOD)': {"unknown_tier"},
    'in_tier("gout", "risk", "high", during=PERIOD)': set(),
    'events().where(code.is_in(codes("gout.stone"))).exists()': {"unknown_code_set"},
    'events().where(code.is_in(codes("gout.disease"))).exists()': set(),
    'tier("mumps.risk") == "hihg"': {"unknown_disease"},
}


@pytest.mark.parametrize(("text", "expected"), CHECKED.items(), ids=CHECKED)
def test_a_measure_is_checked_against_the_tiers_and_code_sets_of_its_diseases(text, expected):
    """What a measure names of a disease has to be declared there."""
    faults = check_measure(Measure(id="m", numerator=parse(text)), {"gout": MADE})
    assert {fault.check for fault in faults} == expected


def test_a_disease_names_its_own_tiers_and_code_sets():
    """A signal that names what is not declared, or what another disease declares, is refused."""
    when = parse('code.is_in(codes("stone")) or code.is_in(codes("mumps.stones")) or tier("mumps.risk") == "x"', "gout")
    signals = (evolve(MADE.pathway.signals[0], when=when), *MADE.pathway.signals[1:])
    faults = check(evolve(MADE, pathway=evolve(MADE.pathway, signals=signals)))
    found = [fault for fault in faults if fault.check in ("unknown_tier", "unknown_code_set")]
    assert [fault.message for fault in found] == [
        "no code set of gout is called 'stone'",
        "'stones' belongs to mumps",
        "'risk' belongs to mumps",
    ]


def test_rows_that_are_counted_take_the_value_of_their_own_day():
    """A measure of rows asks its rules of each row, which stands on its date."""
    of = events("test").within(PERIOD)
    measure = Measure(id="m", of=of, numerator=uric < p("gout.goal"))
    assert "date >= " in write(resolve(measure, {"gout": DATED}, {}).measure.rules[0].when)
    asked = Measure(id="m", of=of, numerator=in_tier("gout", "risk", "high", on=column("date")))
    assert 'until(this("date"))' in write(resolve(asked, {"gout": MADE}, {}).measure.rules[0].when)
    assert not [part for part in (n.TierOn, n.ParameterOf) if part.__name__ in repr(resolve(asked, {"gout": MADE}, {}))]

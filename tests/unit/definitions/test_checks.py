"""Checks of diseases and measures: each finds its fault, and a sound definition has none."""

from __future__ import annotations

import datetime as dt

import pytest
from attrs import evolve
from catalogue_world import FULLY_WORKED
from definitions_world import gout, small

from singledisease.catalogue import disease, measure_set
from singledisease.definitions.checks import CHECKS, check, check_measure, sound
from singledisease.definitions.checks.signal_overlap import implies
from singledisease.definitions.citation import DatedValue, Names
from singledisease.definitions.measure import Measure
from singledisease.definitions.pathway import Signal
from singledisease.errors import DefinitionError
from singledisease.io.definitions import read_disease_text
from singledisease.language import nodes as n
from singledisease.language.build import (
    PERIOD,
    choice,
    events,
    in_stage,
    in_state,
    managed,
    p,
    sbp,
)
from singledisease.language.parse import parse
from singledisease.vocabulary import Quantity

WELL_TO_LOST = '\n[[pathway.transitions]]\nfrom = ["well"]\non = "contact"\nto = "lost"\n'

SPOILED = {
    "two signals with one id": (
        [('id = "contact"', 'id = "exit"'), ('on = "contact"', 'on = "exit"')],
        {"duplicate_id signals", "two_transitions_on_one_signal pathway.states.lost"},
    ),
    "a timing and a service with one id": ([('id = "visit"', 'id = "silence"')], {"duplicate_id timings and services"}),
    "a quantity with the name of a column": (
        [("[quantities.uric_acid]", "[quantities.sbp]")],
        {
            "duplicate_id quantities.sbp",
            "unknown_name pathway.signals.high.when, character 1",
            "unknown_name targets.control.goal, character 1",
            "unknown_quantity targets.control.columns",
        },
    ),
    "a name blank in Chinese": ([('zh = "结案"', 'zh = " "')], {"blank_name pathway.states.closed"}),
    "a step blank in English": ([('en = "visit" } }', 'en = "" } }')], {"blank_name pathway.states.managed.next_step"}),
    "an id with a dot": ([('id = "gout"', 'id = "gout.1"')], {"blank_name id"}),
    "a code that is none": ([('"M10"', '"M10", "痛风"')], {"wrong_code codes"}),
    "a letter in the place of a digit": ([('"M10"', '"M10", "M1O"')], {"wrong_code codes"}),
    "a stage that is none": ([('"prevention"', '"preventive"')], {"unknown_stage pathway.states.well"}),
    "an initial state that is none": (
        [('initial = "well"', 'initial = "wel"')],
        {
            "unknown_state pathway.initial",
            *(f"unreachable_state pathway.states.{state}" for state in ("well", "managed", "lost", "closed")),
        },
    ),
    "a state of death that is none": (
        [('died = "died"', 'died = "dead"')],
        {"unknown_state pathway.died", "unreachable_state pathway.states.died"},
    ),
    "a transition to a state that is none": (
        [('on = "high"\nto = "managed"', 'on = "high"\nto = "manged"')],
        {"unknown_state the transition on high to manged"},
    ),
    "a transition from nowhere": (
        [('from = ["well"]\non = "high"', 'from = []\non = "high"')],
        {"unknown_state the transition on high to managed"},
    ),
    "a timing in a state that is none": (
        [
            (
                'states = ["managed"]\nafter = { months = "visit_months"',
                'states = ["mangd"]\nafter = { months = "visit_months"',
            )
        ],
        {"unknown_state services.visit"},
    ),
    "a timing in no state": (
        [('states = ["managed"]\nafter = { months = "visit_months"', 'states = []\nafter = { months = "visit_months"')],
        {"unknown_state services.visit"},
    ),
    "a condition on a state that is none": (
        [("""'sex == "male"'""", """'in_state("gout", "wel", on=PERIOD.end)'""")],
        {"unknown_state services.visit.applies"},
    ),
    "a condition on a stage that is none": (
        [("""'sex == "male"'""", """'in_stage("other", "manage", on=PERIOD.end)'""")],
        {"unknown_stage services.visit.applies"},
    ),
    "a signal that is none": (
        [('on = "high"', 'on = "hihg"')],
        {"unknown_signal the transition to managed", "unused_signal pathway.signals.high"},
    ),
    "a role and a level that are none": (
        [('role = "doctor"', 'role = "nurse"'), ('"township"', '"town"')],
        {"unknown_role services.visit", "unknown_level services.visit"},
    ),
    "a service at no level": ([('levels = ["village", "township"]', "levels = []")], {"unknown_level services.visit"}),
    "a kind misspelt": ([('kinds = ["exit"]', 'kinds = ["exits"]')], {"unknown_kind pathway.signals.exit"}),
    "a blank kind": ([('kinds = ["exit"]', 'kinds = [" "]')], {"unknown_kind pathway.signals.exit"}),
    "a kind misspelt in an expression": (
        [("""'sex == "male"'""", """'events("followup").exists()'""")],
        {"unknown_kind services.visit.applies"},
    ),
    "a parameter that is none": ([('< p("goal")', '< p("gaol")')], {"unknown_parameter targets.control.goal"}),
    "a parameter of another disease": (
        [('< p("goal")', '< p("goal", disease="hypertension")')],
        {"unknown_parameter targets.control.goal"},
    ),
    "a length by a parameter that is none": (
        [('months = "visit_months"', 'months = "visit_month"')],
        {"unknown_parameter services.visit.after"},
    ),
    "a quantity that is not declared": (
        [("""'uric_acid >= p("goal")'""", """'column("urat", "number", "µmol/L") >= p("goal")'""")],
        {"unknown_quantity pathway.signals.high.when"},
    ),
    "a column misspelt": (
        [("'mode in (", """'column("moode") == "clinic" and mode in (""")],
        {"unknown_column services.visit.met_by"},
    ),
    "a target of a quantity that is none": (
        [('columns = ["uric_acid"]', 'columns = ["uric"]')],
        {"unknown_quantity targets.control.columns"},
    ),
    "a target of no quantity": (
        [('columns = ["uric_acid"]', "columns = []")],
        {"unknown_quantity targets.control.columns"},
    ),
    "a citation that is none": (
        [('citation = "guide"\nstatus = "unverified"', 'citation = "gide"\nstatus = "unverified"')],
        {"unknown_citation parameters.goal"},
    ),
    "a status that is none": ([('"unverified"', '"sure"')], {"unknown_status parameters.goal"}),
    "a number in an expression": (
        [('>= p("goal")', ">= 360")],
        {"number_without_citation pathway.signals.high.when"},
    ),
    "a number as a length": (
        [('months = "visit_months"', "months = 3")],
        {"number_without_citation services.visit.after"},
    ),
    "days of a transition without a source": (
        [('after_days = 7\ncitation = "guide"', "after_days = 7")],
        {"number_without_citation the transition on contact to managed"},
    ),
    "a parameter without a source": (
        [('citation = "guide"\nstatus = "unverified"', 'citation = ""\nstatus = "unverified"')],
        {"number_without_citation parameters.goal"},
    ),
    "a parameter that is not finite": ([("value = 360", "value = nan")], {"unsound_parameter parameters.goal"}),
    "a policy that is no whole number": (
        [("value = 12\n", "value = 0.5\n")],
        {
            "unsound_parameter parameters.lost_after",
            "timing_not_whole pathway.timings.silence.after",
        },
    ),
    "units that differ once values are put in": (
        [('value = 360\nunit = "µmol/L"', 'value = 6\nunit = "mg/dL"')],
        {
            'unit_differs pathway.signals.high.when, column("uric_acid", "number", "µmol/L") >= quantity(6, "mg/dL")',
            'unit_differs targets.control.goal, column("uric_acid", "number", "µmol/L") < quantity(6, "mg/dL")',
        },
    ),
    "a signal that is no condition": (
        [("""'uric_acid >= p("goal")'""", "'uric_acid'")],
        {"wrong_kind pathway.signals.high.when"},
    ),
    "a service that asks for a row": (
        [("""'sex == "male"'""", """'mode == "clinic"'""")],
        {"row_not_person services.visit.applies"},
    ),
    "a signal that looks at the period": (
        [("""'uric_acid >= p("goal")'""", "'date >= PERIOD.start'")],
        {"looks_forward pathway.signals.high.when"},
    ),
    "a signal that asks for a state": (
        [("""'uric_acid >= p("goal")'""", """'managed("gout", on=date)'""")],
        {"looks_forward pathway.signals.high.when"},
    ),
    "a signal that counts over all time": (
        [("""'uric_acid >= p("goal")'""", """'events("test").count() > 1'""")],
        {"looks_forward pathway.signals.high.when"},
    ),
    "a policy in a pathway": (
        [("""'uric_acid >= p("goal")'""", """'choice("x", default="a", a=uric_acid > 0, b=uric_acid > 1)'""")],
        {"policy_in_disease pathway.signals.high.when"},
    ),
    "people born dead": (
        [('initial = "well"', 'initial = "died"')],
        {
            "initial_is_died pathway.initial",
            *(f"unreachable_state pathway.states.{state}" for state in ("well", "managed", "lost", "closed")),
        },
    ),
    "a death that is left": (
        [('from = ["lost"]', 'from = ["lost", "died"]')],
        {"died_is_left the transition on contact to managed"},
    ),
    "a death with a clock": (
        [
            (
                'states = ["managed"]\nafter = { months = "visit_months"',
                'states = ["managed", "died"]\nafter = { months = "visit_months"',
            )
        ],
        {"died_in_timing services.visit"},
    ),
    "a death that is not closed": (
        [('died = { stage = "closed"', 'died = { stage = "management"')],
        {"died_not_closed pathway.states.died", "no_way_to_closed pathway.states.died"},
    ),
    "a closed state that is managed": (
        [('closed = { stage = "closed"', 'closed = { stage = "closed", managed = true')],
        {"managed_closed pathway.states.closed"},
    ),
    "two transitions on one signal": (
        [("[[pathway.timings]]", WELL_TO_LOST.replace("contact", "high") + "after_days = 1\n\n[[pathway.timings]]")],
        {"two_transitions_on_one_signal pathway.states.well"},
    ),
    "a transition to itself": (
        [('from = ["lost"]', 'from = ["lost", "managed"]')],
        {"self_transition the transition on contact to managed"},
    ),
    "a state that cannot be reached": (
        [('leads_to = "lost"', 'leads_to = "closed"')],
        {"unreachable_state pathway.states.lost"},
    ),
    "a state without a way out": (
        [('from = ["well", "managed", "lost"]', 'from = ["well"]')],
        {"no_way_to_closed pathway.states.managed", "no_way_to_closed pathway.states.lost"},
    ),
    "a timing of zero": ([("value = 3\n", "value = 0\n")], {"timing_of_zero services.visit.after"}),
    "a timing in another unit": (
        [('{ months = "visit_months" }', '{ days = "visit_months" }')],
        {"unit_differs services.visit.after"},
    ),
    "a cycle that takes no time": (
        [
            ("value = 12\n", "value = 0\n"),
            (
                "[[services]]",
                '[[pathway.timings]]\nid = "back"\nzh = "回"\nen = "back"\nstates = ["lost"]\n'
                'after = { months = "lost_after" }\nleads_to = "managed"\n\n[[services]]',
            ),
        ],
        {
            "unsound_parameter parameters.lost_after",
            "timing_of_zero pathway.timings.silence.after",
            "timing_of_zero pathway.timings.back.after",
            "instant_cycle pathway.timings",
        },
    ),
    "a timing that leads within": (
        [('leads_to = "lost"', 'leads_to = "managed"')],
        {"leads_within pathway.timings.silence", "unreachable_state pathway.states.lost"},
    ),
    "a timing without effect": (
        [('met_by_kinds = ["follow_up"]\nmet_by = \'mode in ("clinic", "home")\'\n', "")],
        {"never_met services.visit"},
    ),
    "a signal that an earlier one implies": (
        [
            (
                'zh = "接触"\nen = "contact"',
                'zh = "接触"\nen = "contact"\nkinds = ["test"]\nwhen = \'uric_acid > p("goal") and sex == "male"\'',
            ),
            ("[[pathway.timings]]", WELL_TO_LOST + "another_day = true\n\n[[pathway.timings]]"),
        ],
        {"implied_signal pathway.signals.contact"},
    ),
    "a pathway over what is no sequence": (
        [('died = "died"', 'died = "died"\nsequence = "lnik"')],
        {"unknown_sequence pathway.sequence"},
    ),
    "a pathway of people that begins with an event, and hears tags by no rule": (
        [('died = "died"', 'died = "died"\nbegins_with = ["referral"]\ntags = "all"')],
        {"unknown_tags pathway.tags", "begins_with pathway.begins_with"},
    ),
    "a length that depends on the state": (
        [('months = "visit_months"', 'months = \'case((managed("gout", on=PERIOD.end), p("visit_months")), 1)\'')],
        {"asks_for_states services.visit.after"},
    ),
    "a length that counts stays": (
        [('months = "visit_months"', "months = 'spells(\"gout\").count() + 1'")],
        {"asks_for_states services.visit.after"},
    ),
    "dated values out of order": (
        [("value = 360", "values = [{ value = 360, valid_from = 2026-01-01 }, { value = 300 }]")],
        {"unsound_parameter parameters.goal"},
    ),
}


@pytest.mark.parametrize(("changes", "expected"), SPOILED.values(), ids=SPOILED.keys())
def test_a_spoiled_disease_is_refused_with_exactly_its_faults(changes, expected):
    """Each check finds the fault it is for, and no other check speaks up."""
    with pytest.raises(DefinitionError) as error:
        read_disease_text(small(*changes))
    assert {f"{fault.check} {fault.where}" for fault in error.value.faults} == expected


@pytest.mark.parametrize(
    "change",
    [
        ('months = "visit_months"', "months = 'p(\"visit_months\") + 1'"),
        ("value = 12", "values = [{ value = 12 }, { value = 6, valid_from = 2026-01-01 }]"),
        ('months = "visit_months"', "weeks = 'p(\"visit_months\") + 1'"),
        ('after = { months = "visit_months" }', 'after = { months = "visit_months" }\nfrom = "until"'),
        ('died = "died"', 'died = "died"\nsequence = "link"'),
    ],
    ids=["worked out", "dated", "in weeks", "from a date in the event", "over linked sequences"],
)
def test_lengths_and_sequences_of_every_form_are_sound(change):
    """A length may be worked out, dated, in weeks, and count from a date in the event; a pathway may run over links."""
    assert check(read_disease_text(small(change))) == ()


@pytest.mark.parametrize("name", FULLY_WORKED)
def test_the_catalogue_is_sound(name):
    """No check finds fault with a disease of the catalogue, asked either way, or the measures made of it."""
    found = disease(name)
    assert check(found) == ()
    assert sound(found) is found
    for measure in measure_set("cn-bphs-2017", [found]):
        assert check_measure(measure, {name: found}) == ()


def test_all_faults_are_told_at_once():
    """A disease with many faults is refused once, with all of them."""
    made = gout()
    states = tuple(evolve(state, stage="nowhere", names=Names("", "")) for state in made.pathway.states)
    with pytest.raises(DefinitionError) as error:
        sound(evolve(made, pathway=evolve(made.pathway, states=states)))
    assert len([fault for fault in error.value.faults if fault.check == "blank_name"]) == 10
    assert len([fault for fault in error.value.faults if fault.check == "unknown_stage"]) == 5


def test_every_check_says_what_it_is_for():
    """Every check has a line that says which fault it finds."""
    assert all(one.__doc__ for one in CHECKS)


def test_a_parameter_without_a_value_is_found():
    """A parameter made in Python without any value is a fault, and leaves the rest to be checked."""
    made = gout()
    bare = evolve(made, parameters=(evolve(made.parameters[0], values=()), *made.parameters[1:]))
    assert [fault.check for fault in check(bare)] == ["unsound_parameter"]


def test_two_values_for_one_day_are_found():
    """Two values from one day on leave open which holds."""
    made = gout()
    twice = evolve(made.parameters[0], values=(DatedValue(value=1), DatedValue(value=2)))
    faults = check(evolve(made, parameters=(twice, *made.parameters[1:])))
    assert "unsound_parameter" in [fault.check for fault in faults]


def test_a_signal_may_ask_for_another_kind_of_its_own():
    """A kind that resembles no built-in one is a further kind, and allowed."""
    read_disease_text(small(('kinds = ["exit"]', 'kinds = ["exit", "health_lecture"]')))


def test_a_target_may_ask_for_the_state_of_a_row():
    """A goal is asked by a measure, after the day's state is known."""
    read_disease_text(small(("goal = 'uric_acid", """goal = 'managed("gout", on=date) and uric_acid""")))


@pytest.mark.parametrize(
    ("one", "other", "holds"),
    [
        ("sbp >= 160", "sbp >= 140", True),
        ("sbp >= 140", "sbp >= 160", False),
        ("sbp > 140", "sbp >= 140", True),
        ("sbp >= 140", "sbp > 140", False),
        ("sbp < 120", "sbp <= 120", True),
        ("sbp <= 120", "sbp < 120", False),
        ("sbp <= 119", "sbp < 120", True),
        ("sbp >= 140", "sbp < 150", False),
        ("sbp >= 140", "dbp >= 90", False),
        ("sbp == 140", "sbp >= 140", True),
        ("sbp == 140", "sbp <= 140", True),
        ("sbp == 140", "sbp > 140", False),
        ("sbp == 140", "sbp < 141", True),
        ("sbp == 140", "sbp == 140.0", True),
        ("sbp == 140", "sbp == 141", False),
        ("sbp >= 140", "sbp == 140", False),
        ("150 <= sbp", "sbp >= 140", True),
        ("sbp != 140", "sbp >= 140", False),
        ("sbp != 140", "sbp != 140", True),
        ("sbp >= 140", "sbp.known()", True),
        ("dbp >= 90", "sbp.known()", False),
        ('mode in ("clinic",)', "mode.known()", True),
        ("adverse_reaction", "sbp.known()", False),
        ('mode == "clinic"', 'mode in ("clinic", "home")', True),
        ('mode in ("clinic", "home")', 'mode == "clinic"', False),
        ('mode == "clinic"', 'mode == "home"', False),
        ("item == status", 'item == "a"', False),
        ('"a" == item', 'item in ("a", "b")', False),
        ("sbp >= dbp", "sbp >= 140", False),
        ("sbp >= 140 and dbp >= 90", "sbp >= 140", True),
        ("sbp >= 140", "sbp >= 140 and dbp >= 90", False),
        ("sbp >= 140 or dbp >= 90", "sbp >= 140", False),
        ("sbp >= 160 or dbp >= 100", "sbp >= 140 or dbp >= 90", True),
        ("sbp >= 140 and dbp >= 90", "dbp >= 80 and sbp >= 130", True),
        ("sbp >= 150 and dbp >= 90", "sbp < 100 or dbp < 60", False),
        ("date >= day('2024-02-01')", "date > day('2024-01-01')", True),
        ("sbp >= 140", "True", True),
    ],
)
def test_implication_of_conditions(one, other, holds):
    """One condition is said to imply another exactly in the cases the check understands."""
    assert implies(parse(one), parse(other)) is holds


def test_a_condition_that_is_always_true_is_implied_and_implies_only_itself():
    """No condition at all is the weakest one."""
    assert implies(parse("sbp >= 140"), None)
    assert implies(None, None)
    assert not implies(None, parse("sbp >= 140"))


@pytest.mark.parametrize(
    ("earlier", "later", "silent"),
    [((), ("test",), True), (("test",), (), False), (("test", "call"), ("test",), True), (("test",), ("call",), False)],
)
def test_implied_signals_by_kinds(earlier, later, silent):
    """A signal covers a later one if it is heard on each of its kinds."""
    made = gout()
    signals = {signal.id: signal for signal in made.pathway.signals}
    first = Signal(id="enrolment", names=Names("一", "one"), kinds=earlier)
    second = Signal(id="high", names=Names("二", "two"), kinds=later)
    pathway = evolve(made.pathway, signals=(first, second, signals["exit"], signals["contact"]))
    faults = [fault for fault in check(evolve(made, pathway=pathway)) if fault.where == "pathway.signals.high"]
    assert [fault.check for fault in faults] == (["implied_signal"] if silent else [])


@pytest.mark.parametrize(("days", "silent"), [(2, False), (1, True), (0, True)])
def test_a_signal_heard_later_does_not_silence_an_earlier_day(days, silent):
    """A signal that is heard only from the second day on leaves the first day to the one after it."""
    made = gout()
    signals = tuple(evolve(signal, kinds=(), when=None) for signal in made.pathway.signals[:2])
    transitions = list(made.pathway.transitions)
    transitions[0] = evolve(transitions[0], after_days=days, citation="guide")
    pathway = evolve(made.pathway, signals=(*signals, *made.pathway.signals[2:]), transitions=tuple(transitions))
    found = [fault.where for fault in check(evolve(made, pathway=pathway)) if fault.check == "implied_signal"]
    assert ("pathway.signals.high" in found) is silent


# MEASURES AND EXPRESSIONS


def test_a_measure_of_another_unit_has_to_say_which_rows_it_counts():
    """A measure counts people unless it names rows."""
    with pytest.raises(DefinitionError) as refused:
        Measure(id="m", numerator=True, unit="referral")
    assert [fault.check for fault in refused.value.faults] == ["unit_without_rows"]


def test_what_a_measure_names_has_to_be_there():
    """Diseases, states, stages, parameters, quantities and units of a measure are checked against the diseases."""
    uric = events("test").last().column("urate", "number", "µmol/L")
    wrong = (
        in_state("gout", "wel", on=PERIOD.end)
        | in_stage("gout", "manage", on=PERIOD.end)
        | managed("gut", on=PERIOD.end)
        | (events().last().sbp < p("gout.gaol"))
        | (events().last().sbp < p("gout.goal"))
        | (uric > 1)
        | (events().last().sbp < p("gut.goal"))
    )
    faults = check_measure(Measure(id="m", numerator=wrong), {"gout": gout()})
    assert sorted({fault.check for fault in faults}) == [
        "unit_differs",
        "unknown_disease",
        "unknown_parameter",
        "unknown_quantity",
        "unknown_stage",
        "unknown_state",
    ]
    assert all("did you mean" in fault.hint or fault.check == "unit_differs" for fault in faults[:3])


def test_what_a_disease_declares_passes():
    """A measure may name a quantity that a disease declares, and a parameter with several values by date."""
    made = gout()
    uric = events("test").last().column("uric_acid", "number", "µmol/L")
    measure = Measure(id="m", numerator=uric < p("goal", disease=made))
    assert check_measure(measure, {"gout": made}) == ()
    later = DatedValue(value=2, valid_from=dt.date(2024, 7, 1))
    dated = evolve(made.parameters[0], values=(DatedValue(value=1), later))
    assert check_measure(measure, {"gout": evolve(made, parameters=(dated, *made.parameters[1:]))}) == ()


def test_a_choice_in_a_target_is_found():
    """A target with a policy would leave an engine with a choice to make."""
    made = gout()
    goal = choice("strict", default="no", no=sbp > 0, yes=sbp > 1)
    target = evolve(made.targets[0], goal=goal)
    assert "policy_in_disease" in [fault.check for fault in check(evolve(made, targets=(target,)))]


def test_a_number_declared_in_another_unit_is_no_known_quantity():
    """A column of a declared quantity has its unit."""
    made = gout()
    goal = n.Apply("<", (n.Column("uric_acid", "number", "mg/dL"), n.Literal(1.0, "number")))
    faults = check(evolve(made, targets=(evolve(made.targets[0], goal=goal),)))
    assert [fault.check for fault in faults] == ["unknown_quantity"]


def test_two_quantities_with_one_name_are_found():
    """A quantity is declared once."""
    made = gout()
    twice = (*made.quantities, Quantity("uric_acid", "µmol/L", 1, 2, "尿酸", "uric acid"))
    assert [fault.check for fault in check(evolve(made, quantities=twice))] == ["duplicate_id"]


def test_columns_of_other_rows_are_no_quantities():
    """The count of an activity and the days of a stay are columns of theirs; of events they would be quantities."""
    longest = Measure(id="m", numerator=parse('spells("gout").where(column("days", "number", "days") > 3).exists()'))
    trained = Measure(id="m", of=parse('activities("training")'), numerator=parse('column("count", "number") > 3'))
    counted = Measure(id="m", numerator=parse('events().where(column("count", "number") > 3).exists()'))
    assert [[fault.check for fault in check_measure(one, {"gout": gout()})] for one in (longest, trained, counted)] == [
        [],
        [],
        ["unknown_quantity"],
    ]

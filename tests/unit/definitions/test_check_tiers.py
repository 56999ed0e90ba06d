"""Checks of code sets, tiers, typed columns and clocks that start from a date: each fault is found by name."""

from __future__ import annotations

import pickle

import pytest
from attrs import evolve
from definitions_world import gout

from singledisease import CodeSet
from singledisease.definitions.checks import check
from singledisease.definitions.citation import Names
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.definitions.timing import Length
from singledisease.definitions.typed_column import TypedColumn
from singledisease.definitions.wording.sentences import wording
from singledisease.errors import DefinitionError
from singledisease.language.build import column, p

LOW = TierLevel(id="low", names=Names("低", "low"), colour="green")
HIGH = TierLevel(id="high", names=Names("高", "high"))
RISK = Tier(
    id="risk",
    names=Names("风险", "risk"),
    levels=(LOW, HIGH),
    kinds=("checkup",),
    rules=(
        TierRule(level="high", when=column("uric_acid", "number", "µmol/L") >= p("goal", disease="gout")),
        TierRule(level="low", when=True),
    ),
    valid=p("visit_months", disease="gout"),
    citation="guide",
)
STONES = CodeSet(name="stones", names=Names("结石", "stones"), codes=("N20",), prefixes=True, citation="guide")
GOAL = TypedColumn(name="own_goal", names=Names("个体目标", "own goal"), kind="number", unit="µmol/L")


def faults(**changes) -> set[str]:
    """Give the faults of the small disease with some parts changed, as check and place."""
    return {f"{fault.check} {fault.where}" for fault in check(evolve(gout(), **changes))}


def timing(**changes) -> set[str]:
    """Give the faults of the small disease with the clock of its service changed."""
    service = gout().services[0]
    return faults(services=(evolve(service, timing=evolve(service.timing, **changes)),))


def test_sound_ones_pass():
    """A code set, a tier and columns that are all right have no fault, and pickle."""
    made = evolve(gout(), code_sets=(STONES,), tiers=(RISK,), attributes=(GOAL,), institution_columns=(GOAL,))
    assert check(made) == ()
    assert pickle.loads(pickle.dumps(made)) == made
    assert (made.code_set("stones"), made.tier("risk")) == (STONES, RISK)
    assert (RISK.rank("low"), RISK.rank("high"), RISK.level("low")) == (0, 1, LOW)


@pytest.mark.parametrize("ask", [gout().code_set, gout().tier, RISK.level, RISK.rank])
def test_what_is_not_there_is_a_key_error(ask):
    """Asking for a set, a tier or a level that is not declared raises KeyError."""
    with pytest.raises(KeyError):
        ask("nothing")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"codes": ()}, {"empty_code_set codes.stones"}),
        ({"codes": ("N20", "N20")}, {"empty_code_set codes.stones"}),
        ({"codes": (" ",)}, {"empty_code_set codes.stones"}),
        ({"codes": ("N2O",)}, {"wrong_code codes.stones"}),
        ({"name": "disease"}, {"duplicate_id codes.disease"}),
        ({"citation": "nowhere"}, {"unknown_citation codes.stones"}),
        ({"names": Names("", "stones")}, {"blank_name codes.stones"}),
    ],
)
def test_code_sets(changes, expected):
    """Sets that are empty, repeat a code, or name what is not there are found."""
    assert faults(code_sets=(evolve(STONES, **changes),)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kinds": ()}, {"unsound_tier tiers.risk"}),
        ({"kinds": ("checkupp",)}, {"unknown_kind tiers.risk"}),
        ({"rules": RISK.rules[1:]}, {"unsound_tier tiers.risk.levels.high"}),
        ({"levels": (LOW,)}, {"unknown_level tiers.risk"}),
        ({"levels": (LOW, HIGH, HIGH)}, {"duplicate_id tiers.risk.levels"}),
        ({"valid": p("goal", disease="gout")}, {"unit_differs tiers.risk.valid"}),
        ({"valid": 0}, {"timing_of_zero tiers.risk.valid"}),
        ({"valid": 1.5}, {"timing_not_whole tiers.risk.valid", "number_without_citation tiers.risk.valid"}),
        ({"status": "sure"}, {"unknown_status tiers.risk"}),
        ({"citation": "nowhere"}, {"unknown_citation tiers.risk"}),
        ({"names": Names("", "")}, {"blank_name tiers.risk"}),
    ],
)
def test_tiers(changes, expected):
    """Tiers without a part, and with parts that do not fit, are found."""
    assert faults(tiers=(evolve(RISK, **changes),)) == expected


def test_a_tier_may_hold_until_the_next_assessment():
    """Without a time for which it is valid, a tier is sound."""
    assert faults(tiers=(evolve(RISK, valid=None),)) == set()


def test_a_rule_of_a_tier_is_a_condition_on_one_event():
    """A rule that asks for a number, or counts over all time, is found where it stands."""
    rules = (TierRule(level="high", when=column("uric_acid", "number", "µmol/L")), RISK.rules[1])
    assert faults(tiers=(evolve(RISK, rules=rules),)) == {"wrong_kind tiers.risk.high"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "sex"}, {"duplicate_id attributes.sex"}),
        ({"kind": "integer", "unit": ""}, {"unknown_kind attributes.own_goal"}),
        ({"kind": "text"}, {"unknown_kind attributes.own_goal"}),
        ({"names": Names("", "own goal")}, {"blank_name attributes.own_goal"}),
    ],
)
def test_columns_of_people(changes, expected):
    """Columns that are built in already, of no kind of value, or with a unit that fits nothing are found."""
    assert faults(attributes=(evolve(GOAL, **changes),)) == expected


def test_columns_of_institutions_have_names_of_their_own():
    """A column of institutions may not take the name of a built-in one, nor stand twice."""
    assert faults(institution_columns=(evolve(GOAL, name="region"),)) == {"duplicate_id institutions.region"}
    assert faults(institution_columns=(GOAL, GOAL)) == {"duplicate_id institution columns"}


def test_a_clock_starts_from_a_date():
    """A clock that starts from no date column is found."""
    assert "unknown_column services.visit.from" in timing(starts_from="untill")
    assert "unknown_column services.visit.from" not in timing(starts_from="until")


def test_weeks_fit_weeks():
    """A parameter in months is no number of weeks."""
    assert "unit_differs services.visit.after" in timing(length=Length(p("visit_months", disease="gout"), "weeks"))


def test_a_string_is_no_list_of_codes():
    """Codes given as one string are refused, with the list they should be."""
    with pytest.raises(DefinitionError, match=r"expected a list of codes, got the string 'O1'(.|\n)*codes=\['O1'\]"):
        CodeSet(name="pregnancy", codes="O1")
    assert CodeSet(name="pregnancy", codes=["O1"]).names == Names("pregnancy", "pregnancy")


@pytest.mark.parametrize(("code", "held"), [("N20", True), ("N20.1", True), ("N2", False), ("M10", False)])
def test_a_set_holds_codes_by_their_beginning_or_whole(code, held):
    """A set of beginnings holds every code that begins so, a set of codes only those."""
    assert STONES.holds(code) is held
    assert evolve(STONES, prefixes=False).holds(code) is (code == "N20")


def test_they_are_said_in_both_languages():
    """Code sets say system and codes, tiers their levels, kinds, rules and how long they hold; clocks their start."""
    service = gout().services[0]
    clock = evolve(service.timing, starts_from="until", length=Length(6, "weeks"))
    whole = RISK.rules[1:]
    made = evolve(
        gout(),
        code_sets=(STONES, evolve(STONES, name="own", prefixes=False, system="local")),
        tiers=(RISK, evolve(RISK, valid=None, rules=whole)),
        services=(evolve(service, timing=clock),),
    )
    english, chinese = wording(made, "en"), wording(made, "zh")
    assert "Code set stones: ICD-10, beginning with N20" in english
    assert "Code set stones: local, codes N20" in english
    assert "Tier risk: low (green) < high; checkups: high ← uric acid ≥ " in english
    assert "low ← otherwise; valid for " in english
    assert "within 6 weeks; counted from the last day of the event that starts it; in managed" in english
    assert "期限 6 周；自事件的截止日期起算；适用状态 管" in chinese
    assert "编码集 结石: ICD-10, 前缀 N20" in chinese
    assert "低 ← 其余；有效期 " in chinese

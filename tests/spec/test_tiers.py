"""Tiers: a level that an assessment gives, and that holds until the next."""

import pytest
from attrs import evolve
from pathways import CARE, timing
from tables import Engine, lines

from singledisease.definitions.citation import Names
from singledisease.definitions.resolve import resolve_disease
from singledisease.definitions.tier import Tier, TierLevel, TierRule
from singledisease.language.nodes import Literal
from singledisease.language.parse import parse

NAMED = {"low": ("低", "low"), "middle": ("中", "middle"), "high": ("高", "high")}


def tier(rules: dict[str, str], *kinds: str, valid: int | None = None) -> Tier:
    """Give a tier whose rules are written as text."""
    return Tier(
        id="risk",
        names=Names("风险", "risk"),
        levels=tuple(TierLevel(id=id, names=Names(*names)) for id, names in NAMED.items()),
        kinds=kinds,
        rules=tuple(TierRule(level=level, when=parse(when)) for level, when in rules.items()),
        valid=None if valid is None else Literal(float(valid), "number"),
    )


GRADES = {"high": "sbp >= 160", "middle": "sbp >= 140", "low": "sbp < 140"}
GRADED = evolve(CARE, tiers=(tier(GRADES, "checkup"),))
YEARLY = evolve(CARE, tiers=(tier(GRADES, "checkup", valid=12),))

CHECKUPS = """
    who date       kind      sbp disease
    a   2023-06-30 checkup   165 .
    a   2024-03-01 checkup   130 .
    a   2024-05-01 follow_up 190 .
    a   2024-06-01 checkup   .   .
    a   2024-07-01 checkup   150 other
    a   2024-09-01 checkup   141 care
"""


def on(day: str) -> str:
    """Ask for the level on a day."""
    return f'tier("care.risk", on=day("{day}"))'


def level(engine: Engine, day: str, disease=GRADED, events: str = CHECKUPS) -> str:
    """Give the level of the one person on a day."""
    (_, found) = engine.values(on(day), events, diseases=[disease], people="who sex birth\na male .")
    return found.removeprefix("a ")


def test_a_level_holds_from_its_assessment_to_the_next(engine):
    """From the day of an assessment on, that day included, until the day before the next, its level holds."""
    days = ("2023-06-29", "2023-06-30", "2024-02-29", "2024-03-01", "2024-08-31", "2024-09-01")
    assert [level(engine, day) for day in days] == ["?", "high", "high", "low", "low", "middle"]


def test_only_the_kinds_it_names_and_its_disease_change_a_level(engine):
    """An event of another kind, of another disease, or for which no rule is known leaves the level as it is."""
    days = ("2024-05-01", "2024-06-01", "2024-07-01")
    assert [level(engine, day) for day in days] == ["low", "low", "low"]


def test_a_level_is_unknown_after_the_months_for_which_it_is_valid(engine):
    """A level of 2024-09-01 that is valid for twelve months holds on 2025-09-01 and no longer."""
    found = engine.values(on("2025-09-01"), CHECKUPS, diseases=[YEARLY], period="2025")
    assert found == ["who value", "a middle"]
    assert engine.values(on("2025-09-02"), CHECKUPS, diseases=[YEARLY], period="2025") == ["who value", "a ?"]


def test_a_month_that_lacks_the_day_takes_its_last(engine):
    """A level of 29 February that is valid for twelve months holds on 28 February of the next year and no longer."""
    events = "who date kind sbp\na 2024-02-29 checkup 150"
    assert engine.values(on("2025-02-28"), events, diseases=[YEARLY], period="2025") == ["who value", "a middle"]
    assert engine.values(on("2025-03-01"), events, diseases=[YEARLY], period="2025") == ["who value", "a ?"]


def test_of_several_assessments_on_a_day_the_last_counts(engine):
    """The level at the end of a day is that of the day's last assessment in canonical order."""
    events = "who date kind sequence sbp\na 2024-02-01 checkup 1 170\na 2024-02-01 checkup 2 120"
    assert level(engine, "2024-02-01", events=events) == "low"


def test_the_first_rule_that_is_true_gives_the_level(engine):
    """Rules are read in order; where one before the true one is unknown so is the level, yet it is an assessment."""
    rules = {"high": "dbp >= 100", "middle": "sbp >= 140", "low": "True"}
    graded = evolve(CARE, tiers=(tier(rules, "checkup"),))
    events = """
        who date       kind    sbp dbp
        a   2024-01-01 checkup 150 110
        a   2024-02-01 checkup 150 90
        a   2024-03-01 checkup 120 80
        a   2024-04-01 checkup 150 .
        a   2024-05-01 checkup 130 85
        a   2024-06-01 checkup .   .
    """
    days = ("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01")
    expected = ["high", "middle", "low", "?", "low", "low"]
    assert [level(engine, day, graded, events) for day in days] == expected


def test_an_assessment_that_no_rule_fits_leaves_no_level(engine):
    """Where every rule is false the level is unknown, and the one before is over."""
    graded = evolve(CARE, tiers=(tier({"high": "sbp >= 160", "low": "sbp < 120"}, "checkup"),))
    events = "who date kind sbp\na 2024-01-01 checkup 170\na 2024-02-01 checkup 140"
    assert [level(engine, day, graded, events) for day in ("2024-01-31", "2024-02-01")] == ["high", "?"]


def test_a_level_is_compared_like_a_text(engine):
    """``in_tier`` on a day is true for one of the levels, false for another, and unknown where the level is."""
    for day, expected in (("2023-06-30", "yes"), ("2024-03-01", "no"), ("2023-06-29", "?")):
        asked = f'in_tier("care", "risk", "high", "middle", on=day("{day}"))'
        assert engine.values(asked, CHECKUPS, diseases=[GRADED]) == lines(f"who value\na {expected}")


def test_the_interval_of_a_timing_may_be_that_of_the_level(engine):
    """Each check-up sets the level, and when the next is due; who enters without a level has no clock."""
    months = 'case((tier("care.risk", on=PERIOD.end) == "high", 1), (in_tier("care", "risk", "low", on=PERIOD.end), 6))'
    checked = timing("t", "stable", months=months, kinds="checkup", repeats=True)
    disease = resolve_disease(evolve(GRADED, pathway=evolve(GRADED.pathway, timings=(checked,))), {})
    events = """
        who date       kind      sbp
        a   2023-12-01 checkup   165
        a   2024-01-10 diagnosis .
        a   2024-01-31 checkup   170
        a   2024-02-28 checkup   130
        b   2024-01-10 diagnosis .
        b   2024-01-20 checkup   130
    """
    assert engine.obligations(disease, events, until="2024-03-31") == lines("""
        who timing started    due        outcome ended      by        resolved
        a   t      2024-01-10 2024-02-10 met     2024-01-31 checkup#3 .
        a   t      2024-01-31 2024-02-29 met     2024-02-28 checkup#4 .
        a   t      2024-02-28 2024-08-28 open    .          .         .
    """)


DURING = {
    "2024-02-01..2024-02-20": ("high", "yes"),
    "2024-03-01..2024-03-31": ("high", "no"),
    "2024-02-20..2024-03-31": ("low", "yes"),
    "2024-05-01..2024-08-31": ("middle", "no"),
    "2024-05-01..2024-09-01": ("middle", "yes"),
    "2023-01-01..2023-05-31": ("high", "?"),
    "2023-01-01..2023-06-30": ("high", "yes"),
}


@pytest.mark.parametrize(("period", "asked"), DURING.items(), ids=DURING)
def test_a_tier_stood_in_a_level_on_a_day_of_the_window(engine, period, asked):
    """The level of the first day counts, and every level that an assessment gives on a later day of the window."""
    wanted, expected = asked
    text = f'in_tier("care", "risk", "{wanted}", during=PERIOD)'
    assert engine.values(text, CHECKUPS, diseases=[GRADED], period=period) == lines(f"who value\na {expected}")


def test_a_level_that_is_replaced_on_its_day_never_stood(engine):
    """Of two assessments on one day only the last is the day's level."""
    events = (
        "who date kind sequence sbp\na 2024-01-01 checkup . 130\na 2024-02-01 checkup 1 170\na 2024-02-01 checkup 2 120"
    )
    assert engine.values(
        'in_tier("care", "risk", "high", during=PERIOD)', events, diseases=[GRADED], period="2024-02"
    ) == [
        "who value",
        "a no",
    ]


def test_calendar_windows_begin_with_their_first_day(engine):
    """The level of the first day of the month, quarter or year before counts, even if it ended on the next day."""
    events = "who date kind sbp\na 2023-06-01 checkup 170\na 2024-01-02 checkup 120"
    for window, expected in (
        ("years(0, 0)", "yes"),
        ("quarters(-1, -1)", "yes"),
        ("months(-4, 0)", "no"),
        ("months(1, 1)", "no"),
    ):
        asked = f'in_tier("care", "risk", "high", during={window})'
        assert engine.values(asked, events, diseases=[GRADED], period="2024Q2") == lines(f"who value\na {expected}")


def test_a_tier_asked_in_a_row_is_that_of_the_rows_day(engine):
    """Each follow-up is counted by the level in which the person stood on its date."""
    events = """
        who date       kind      sbp
        a   2024-01-01 checkup   170
        a   2024-02-01 follow_up .
        a   2024-03-01 checkup   120
        a   2024-03-01 follow_up .
        a   2024-04-01 follow_up .
    """
    asked = 'events("follow_up").where(in_tier("care", "risk", "high", on=date)).count()'
    assert engine.values(asked, events, diseases=[GRADED]) == lines("who value\na 1")
    asked = 'events("follow_up").where(in_tier("care", "risk", "high", during=between(date - 30, date))).count()'
    assert engine.values(asked, events, diseases=[GRADED]) == lines("who value\na 2")


def test_a_rule_may_look_back(engine):
    """A level that two readings in ninety days give is given by the second, not by the first."""
    before = 'events("checkup").where(sbp >= 140).within(between(this("date") - 90, this("date") - 1)).exists()'
    rule = f"sbp >= 140 and {before}"
    graded = evolve(CARE, tiers=(tier({"high": rule, "low": "sbp.known()"}, "checkup"),))
    events = "who date kind sbp\na 2024-01-01 checkup 150\na 2024-02-01 checkup 145\na 2024-06-01 checkup 150"
    days = ("2024-01-01", "2024-02-01", "2024-06-01")
    assert [level(engine, day, graded, events) for day in days] == ["low", "high", "low"]

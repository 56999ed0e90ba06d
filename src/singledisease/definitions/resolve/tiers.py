"""Tiers in other nodes: the level that the last assessment gave, as a value of the row that it picks.

An assessment is an event of a kind that the tier names, of the disease or of none named, for which some rule is known.
"""

from __future__ import annotations

from singledisease.definitions.tier import Tier
from singledisease.language import nodes as n
from singledisease.language.scopes import Scope, seen_from_inside

_DATE = n.Column("date", "date")


def tier_on(disease: str, tier: Tier, on: n.Value, scope: Scope) -> n.Value:
    """Give the level in which a tier stands at the end of a day; ``tier`` has no parameters left."""
    # From a window of a selection that stands in a row, the row's columns are those of the outer row.
    day = seen_from_inside(on) if scope == "row" else on
    last = n.Pick(n.Within(_assessments(disease, tier), n.Between(None, day)), "last")
    level = n.Picked(last, _level(tier))
    if tier.valid is None:
        return level
    ends = n.Picked(last, n.Apply("plus_months", (_DATE, tier.valid)))
    return n.Case(((n.Apply("<=", (on, ends)), level),))


def tier_during(disease: str, tier: Tier, levels: tuple[str, ...], window: n.Window, scope: Scope) -> n.Value:
    """Ask whether a tier stood in one of some levels at the end of a day of a window.

    It did if it does at the end of the window's first day, or if an assessment in the window that is the last of its
    day gives one of them.
    """
    rows = _assessments(disease, tier)
    that_day = n.Within(rows, _on(n.This("date", "date")))
    gives = n.Apply("is_in", (n.Picked(n.Pick(that_day, "last"), _level(tier)),), levels)
    inside = seen_from_inside(window) if scope == "row" else window
    given = n.Reduce("exists", n.Where(n.Within(rows, inside), gives))
    first, last = _ends(window)
    if first is None:
        return given
    stands = n.Apply("is_in", (tier_on(disease, tier, first, scope),), levels)
    there_is_one = () if last is None else (n.Apply("<=", (first, last)),)
    return n.Apply("or", (given, n.Apply("and", (*there_is_one, stands)) if there_is_one else stands))


def _assessments(disease: str, tier: Tier) -> n.Selection:
    # A rule that is always true says nothing about the event.
    known = tuple(n.Apply("known", (rule.when,)) for rule in tier.rules if not isinstance(rule.when, n.Literal))
    some = (n.Apply("or", known),) if len(known) > 1 else known
    of_disease = n.Concerns(disease)
    return n.Where(n.Events(tier.kinds), n.Apply("and", (of_disease, *some)) if some else of_disease)


def _level(tier: Tier) -> n.Value:
    return n.Case(tuple((rule.when, n.Literal(rule.level, "text")) for rule in tier.rules))


def _on(day: n.Value) -> n.Between:
    return n.Between(day, day)


def _ends(window: n.Window) -> tuple[n.Value | None, n.Value | None]:
    """Give the first day of a window, and the day before which it has to lie for there to be any."""
    match window:
        case n.PeriodWindow():
            return n.PeriodStart(), n.PeriodEnd()
        case n.CalendarWindow(unit, first, _):
            months = 3 * first if unit == "quarters" else first
            by = n.Literal(float(months), "number")
            day = n.Apply("plus_years" if unit == "years" else "plus_months", (n.PeriodEnd(), by))
            return n.Apply(f"start_of_{unit.removesuffix('s')}", (day,)), n.PeriodEnd()
        case _:
            return window.start, window.end

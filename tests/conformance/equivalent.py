"""Proofs that a mutant is the same measure: rewritten by rules that change no meaning, both come to the same form.

Each rule stands here with the reason that it gives.  What no rule proves is argued by hand in ``reasons.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import evolve

from singledisease.conformance.valued import Definition
from singledisease.language import nodes as n
from singledisease.language.traversal import inside, rewrite

Rewriting = Callable[[Any, bool], Any]
"""Gives what stands in the place of a part; whether nothing after the period's last day is seen."""

_END = n.PeriodEnd()
_FALSE = n.Literal(False, "bool")


def _not_seen(part: Any, ends: bool) -> Any:
    """Leave out that rows end with the period, where nothing after it is seen."""
    if isinstance(part, n.Within) and ends and isinstance(part.window, n.Between):
        window = part.window
        if window.end is not None and (window.end == _END or _days_after_end(window.end) > 0):
            window = evolve(window, end=None)
        return part.source if window == n.Between(None, None) else evolve(part, window=window)
    if isinstance(part, n.Within) and ends and isinstance(part.window, n.PeriodWindow):
        return evolve(part, window=n.Between(n.PeriodStart(), None))
    return part


def _days_after_end(day: Any) -> int:
    match day:
        case n.Apply(operation="+", args=(n.PeriodEnd(), n.Literal(value=value))):
            return int(float(value))
    return 0


def _kind_named(part: Any, ends: bool) -> Any:
    """Write kinds that a condition on the rows names into the rows themselves."""
    if not isinstance(part, n.Where):
        return part
    named = _kinds_of(part.condition)
    if named is None:
        return part
    return evolve(part, source=_of_kinds(part.source, named))


def _of_kinds(source: Any, named: frozenset[str]) -> Any:
    if isinstance(source, n.Events):
        return n.Events(tuple(sorted(named.intersection(source.kinds) if source.kinds else named)))
    if isinstance(source, n.Where | n.Within | n.Same):
        return evolve(source, source=_of_kinds(source.source, named))
    return source


def _kinds_of(condition: Any) -> frozenset[str] | None:
    """Give the kinds that rows have that meet a condition; ``None``: any."""
    match condition:
        case n.Apply(operation="is_in", args=(n.Column(name="kind"),)):
            return frozenset(condition.texts)
        case n.Apply(operation="==", args=(n.Column(name="kind"), n.Literal(value=value))):
            return frozenset({str(value)})
        case n.Apply(operation="and"):
            known = [found for each in condition.args if (found := _kinds_of(each)) is not None]
            return frozenset.intersection(*known) if known else None
        case n.Apply(operation="or"):
            found = [_kinds_of(each) for each in condition.args]
            return None if None in found else frozenset().union(*found)  # type: ignore[arg-type]
    return None


def _same_day(part: Any, ends: bool) -> Any:
    """Read the day of a row of one day off that day."""
    match part:
        case n.Picked(
            row=n.Pick(source=n.Within(window=n.Between(start=day, end=other))), value=n.Column(name="date")
        ) if day == other and _is_date_of(day, part.row.source.source):
            return day
    return part


def _is_date_of(day: Any, source: Any) -> bool:
    """Say whether a day is that of a row of some rows, so that there is one on it whenever there is any."""
    match day:
        case n.Picked(row=n.Pick(source=rows), value=n.Column(name="date")):
            return bool(rows == source)
    return False


def _is_there(part: Any, ends: bool) -> Any:
    """Ask whether there is a row, where it is asked whether the day of one is known: each has a day."""
    match part:
        case n.Apply(operation="known", args=(n.Picked(row=n.Pick(source=rows), value=n.Column(name="date")),)):
            return n.Reduce("exists", rows)
        case n.Apply(operation=">=" | ">", args=(n.Reduce(how="count" | "count_days", source=rows), n.Literal())) if (
            float(part.args[1].value) == (1.0 if part.operation == ">=" else 0.0)
        ):
            return n.Reduce("exists", rows)
    return part


def _one_day_exists(part: Any, ends: bool) -> Any:
    """Ask whether there is a row at all, where it is asked for one on the day of one."""
    match part:
        case n.Reduce(how="exists", source=n.Within(window=n.Between(start=day, end=other))) if day == other:
            if _is_date_of(day, part.source.source):
                return n.Reduce("exists", part.source.source)
    return part


def _once(part: Any, ends: bool) -> Any:
    """Say a condition once, of several joined by and, or by or, and leave out one that another holds in itself."""
    match part:
        case n.Apply(operation="and" | "or" as joined):
            other = "or" if joined == "and" else "and"
            args: list[Any] = []
            for arg in part.args:
                args += arg.args if isinstance(arg, n.Apply) and arg.operation == joined else [arg]
            kept = list(dict.fromkeys(args))
            kept = [one for one in kept if not _holds(one, other, kept)]
            return kept[0] if len(kept) == 1 else n.Apply(joined, tuple(sorted(kept, key=repr)))
    return part


def _holds(one: Any, joined: str, others: list[Any]) -> bool:
    """Say whether a condition is some of the others joined the other way with more: p and (p or q) is p."""
    return isinstance(one, n.Apply) and one.operation == joined and any(each in others for each in one.args)


def _turned_twice(part: Any, ends: bool) -> Any:
    """Leave out two negations of one condition."""
    match part:
        case n.Apply(operation="not", args=(n.Apply(operation="not", args=(inner,)),)):
            return inner
    return part


def _asked_before(part: Any, ends: bool) -> Any:
    """Take a comparison for false where a value is missing, if it is asked beforehand whether it is."""
    match part:
        case n.Apply(operation="and"):
            asked = [arg.args[0] for arg in part.args if isinstance(arg, n.Apply) and arg.operation == "known"]
            args, gone = list(part.args), set()
            for k, arg in enumerate(args):
                for value in asked:
                    if _compares(arg, value, written=True):
                        args[k] = n.Apply("coalesce", (arg, _FALSE))
                        gone.add(value)
            kept = [arg for arg in args if not (_is_known(arg) and arg.args[0] in gone)]
            return kept[0] if len(kept) == 1 else n.Apply("and", tuple(kept))
    return part


def _is_known(part: Any) -> bool:
    return isinstance(part, n.Apply) and part.operation == "known"


def _compares(part: Any, value: Any, *, written: bool) -> bool:
    """Say whether a comparison is of a value, so that it is missing where that is; ``written``: with literals only."""
    match part:
        case n.Apply(operation="<" | "<=" | ">" | ">=" | "==" | "!=" | "is_in" | "starts_with"):
            others = [arg for arg in part.args if arg != value]
            return value in part.args and not (written and any(not isinstance(arg, n.Literal) for arg in others))
    return False


def _value_known(part: Any, ends: bool) -> Any:
    """Ask whether a value is known, where it is asked whether a comparison of it with a number is."""
    match part:
        case n.Apply(operation="known", args=(n.Apply(operation="<" | "<=" | ">" | ">=" | "==" | "!="),)):
            value, *others = part.args[0].args
            if not isinstance(value, n.Literal) and all(isinstance(other, n.Literal) for other in others):
                return n.Apply("known", (value,))
    return part


def _not_taken(part: Any, ends: bool) -> Any:
    """Select rows by what is true: whether anything is false or missing then leaves the same rows."""
    return evolve(part, condition=_true_if(part.condition)) if isinstance(part, n.Where) else part


def _true_if(condition: Any) -> Any:
    """Give a condition that is true where another is, and else false or missing."""
    match condition:
        case n.Apply(operation="coalesce", args=(first, n.Literal(value=False))):
            return _true_if(first)
        case n.Apply(operation="and"):
            args = [_true_if(arg) for arg in condition.args]
            kept = [
                arg
                for arg in args
                if not (_is_known(arg) and any(_compares(other, arg.args[0], written=False) for other in args))
            ]
            return kept[0] if len(kept) == 1 else n.Apply("and", tuple(kept))
        case n.Apply(operation="or"):
            return n.Apply("or", tuple(_true_if(arg) for arg in condition.args))
    return condition


def _no_day_no_row(part: Any, ends: bool) -> Any:
    """Leave out that a day is known where there is a row in a window that begins or ends with it."""
    match part:
        case n.Apply(operation="and"):
            days = {day for arg in part.args for day in _days_needed(arg)}
            kept = [arg for arg in part.args if not (_is_known(arg) and arg.args[0] in days)]
            if kept and len(kept) < len(part.args):
                return kept[0] if len(kept) == 1 else n.Apply("and", tuple(kept))
    return part


def _days_needed(part: Any) -> Iterator[Any]:
    """Give days without which a condition is false: of windows in which there has to be a row."""
    source = part.source if isinstance(part, n.Reduce) and part.how == "exists" else None
    while isinstance(source, n.Where | n.Within | n.Same):
        if isinstance(source, n.Within) and isinstance(source.window, n.Between):
            yield from (day for day in (source.window.start, source.window.end) if day is not None)
        source = source.source


RULES: Mapping[str, tuple[Rewriting, ...]] = {
    "not seen": (_not_seen,),
    "kind named": (_kind_named,),
    "same day": (_same_day, _one_day_exists),
    "is there": (_is_there, _one_day_exists),
    "said twice": (_once,),
    "not taken": (_asked_before, _not_taken),
    "no day no row": (_no_day_no_row,),
    "value known": (_value_known, _once),
    "turned twice": (_turned_twice,),
}


def proof(original: Definition, other: Definition) -> str | None:
    """Give the name of the reason for which two definitions are the same, ``None`` if no rule shows that they are."""
    if original.diseases != other.diseases:
        return "deadline" if _without_deadlines(original) == _without_deadlines(other) else None
    for name, rules in RULES.items():
        if _form(original, rules) == _form(other, rules):
            return name
    every = tuple(dict.fromkeys(rule for rules in RULES.values() for rule in rules))
    return "several" if _form(original, every) == _form(other, every) else None


def _without_deadlines(definition: Definition) -> Any:
    """Give a definition without what only says that something is late, if the measure does not ask what is late."""
    measure = definition.measure
    if [*inside(measure, n.Breaches, n.Services)]:
        return definition
    diseases = {}
    for name, disease in definition.diseases.items():
        moving = tuple(each for each in disease.timings if each.leads_to is not None)
        # The next step of a state says the deadline in words, and moves nobody.
        states = tuple((each.id, each.stage, each.managed) for each in disease.pathway.states)
        ways = disease.pathway.initial, disease.pathway.signals, disease.pathway.transitions
        diseases[name] = (states, ways, moving, disease.tiers)
    return tuple((rule.when, rule.group) for rule in measure.rules), measure.of, measure.matures, diseases


def _form(definition: Definition, rules: tuple[Rewriting, ...]) -> Any:
    measure = definition.measure
    ends = not measure.matures

    def change(part: Any) -> Any:
        for rule in rules:
            part = rule(part, ends)
        return part

    conditions = tuple((rewrite(rule.when, change), rule.group) for rule in measure.rules)
    return conditions, measure.of and rewrite(measure.of, change), measure.matures


def reads_states(definition: Definition) -> bool:
    """Say whether a measure can see when somebody becomes lost: in stays, breaches and services, states or stages."""
    measure = definition.measure
    runs = [*inside(measure, n.Spells, n.Breaches, n.Services)]
    return bool(runs) or any(status.of == "stage" or "lost" in status.values for status in inside(measure, n.Status))

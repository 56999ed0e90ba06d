"""What a value depends on, and so on which domain it has to be worked out: rows, outer rows, moments, periods."""

from __future__ import annotations

from typing import Any, get_args

from singledisease.engines.columnar.common_subexpressions import CommonSubexpressions
from singledisease.language import nodes as n
from singledisease.language.traversal import parts, rewrite

_SELECTIONS: tuple[type, ...] = get_args(n.Selection)
_WINDOWED: frozenset[type] = frozenset({n.Within, n.Overlapping, n.Covered, n.Gap})
_OUTER: frozenset[type] = frozenset({n.This})


def with_own_columns(node: Any) -> Any:
    """Write the outer row's columns in the windows of selections as columns of the row in which the selection stands.

    A window is not asked of the rows that are selected: what is ``This`` to them is the row's own where the window is
    worked out.
    """

    def change(part: Any) -> Any:
        if not names_outer_row(part.window):
            return part
        window = _own(part.window)
        match part:
            case n.Within():
                return n.Within(part.source, window)
            case n.Overlapping():
                return n.Overlapping(part.source, window)
            case n.Covered():
                return n.Covered(part.source, window, part.open_ended)
            case _:
                return n.Gap(part.source, window, part.open_ended)

    return rewrite(node, change, *_WINDOWED, holding=_OUTER)


def _own(node: Any) -> Any:
    match node:
        case n.This(name, kind, unit):
            return n.Column(name, kind, unit)
        case n.Between(start, end):
            return n.Between(start and _own(start), end and _own(end))
        case n.Apply(operation, args, texts):
            return n.Apply(operation, tuple(map(_own, args)), texts)
        case n.Case(whens, otherwise):
            return n.Case(tuple((_own(when), _own(value)) for when, value in whens), otherwise and _own(otherwise))
        case n.Age(on):
            return n.Age(_own(on))
        case n.StatusOn(status, on):
            return n.StatusOn(status, _own(on))
        case n.StatusDuring(status, window):
            return n.StatusDuring(status, _own(window))
        case n.DaysIn(status, window):
            return n.DaysIn(status, _own(window))
        case n.HasCode(code, system, codes):
            return n.HasCode(_own(code), system and _own(system), codes)
    # What stands in a selection has this row as its outer row already.
    return node


def names_outer_row(node: Any) -> bool:
    """Say whether a value names the outer row itself; what a selection inside it names is another one."""
    if isinstance(node, n.This):
        return True
    if isinstance(node, (*_SELECTIONS, n.Pick, n.Picked)):
        return False
    return any(map(names_outer_row, parts(node)))


def asks_linked(common: CommonSubexpressions, node: Any) -> frozenset[str]:
    """Give the diseases of which each linked sequence has a course, and of which a node asks states, stays or runs.

    What is asked of them depends on the sequence in whose row the node stands, however far outside.
    """
    if not common.linked:
        return common.linked

    def work() -> frozenset[str]:
        found = frozenset[str]().union(*(asks_linked(common, part) for part in parts(node)))
        match node:
            case n.StatusOn() | n.StatusDuring() | n.DaysIn():
                return found | common.linked & {node.status.disease}
            case n.Spells() | n.Services() | n.Breaches() | n.Sequences():
                return found | common.linked & {node.disease}
        return found

    found: frozenset[str] = common.fact(("linked", common.of(node)), work)
    return found


def names_row(common: CommonSubexpressions, node: Any, pick: int | None = None) -> bool:
    """Say whether a value depends on the row it stands in, or on the row outside.

    Among the rows that a pick found, the columns of the pick are those of the row.
    """

    def work() -> bool:
        if asks_linked(common, node):
            return True
        match node:
            case n.Column() | n.This() | n.Concerns():
                return True
            case n.Picked():
                return pick == common.of(node.row) or is_correlated(common, node)
            case n.Reduce():
                return is_correlated(common, node)
            case n.Covered() | n.Gap():
                return is_correlated(common, node) or names_row(common, node.window)
        return any(names_row(common, part, pick) for part in parts(node))

    found: bool = common.fact(("row", common.of(node), pick), work)
    return found


def is_correlated(common: CommonSubexpressions, node: Any) -> bool:
    """Say whether a selection, a pick or a reduction is made anew for each row in which it stands."""

    def work() -> bool:
        match node:
            case n.Picked():
                return is_correlated(common, node.row) or names_outer_row(node.value)
            case n.Where():
                return names_outer_row(node.condition) or is_correlated(common, node.source)
            case n.Within() | n.Overlapping():
                return names_row(common, node.window) or is_correlated(common, node.source)
            case n.Same():
                return True
            case n.Outermost() | n.Pick() | n.Reduce() | n.Covered() | n.Gap():
                return is_correlated(common, node.source)
        return False

    found: bool = common.fact(("correlated", common.of(node)), work)
    return found


_OF_PERIOD = (
    n.PeriodStart,
    n.PeriodEnd,
    n.Picked,
    n.Reduce,
    n.Covered,
    n.Gap,
    n.Institution,
    n.StatusOn,
    n.StatusDuring,
    n.DaysIn,
)


def names_moment(common: CommonSubexpressions, node: Any) -> bool:
    """Say whether a value of a person depends on the day on which it is asked, or on events."""

    def work() -> bool:
        return isinstance(node, _OF_PERIOD) or any(names_moment(common, part) for part in parts(node))

    found: bool = common.fact(("moment", common.of(node)), work)
    return found


def is_timeless(
    common: CommonSubexpressions, node: Any, as_seen: frozenset[str] = frozenset(), pick: int | None = None
) -> bool:
    """Say whether a value of a row is the same in all periods, and for all outer rows.

    ``as_seen`` has the columns that change with the last day seen.  Among the rows that a pick found, the columns of
    the pick are those of the row.
    """

    def work() -> bool:
        if isinstance(node, n.Picked):
            return pick == common.of(node.row) and is_timeless(common, node.value, as_seen)
        # No selected row is dated after the last day seen: its own date is never too late to know the state.
        if isinstance(node, n.StatusOn) and is_own_date(node.on):
            return True
        if isinstance(node, n.This) or (isinstance(node, n.Column) and node.name in as_seen):
            return False
        return not isinstance(node, _OF_PERIOD) and all(
            is_timeless(common, part, as_seen, pick) for part in parts(node)
        )

    found: bool = common.fact(("timeless", common.of(node), as_seen, pick), work)
    return found


_OF_CODES = ("and", "or", "not", "known", "is_in", "starts_with", "==", "!=")


def is_of_codes(common: CommonSubexpressions, node: Any) -> bool:
    """Say whether a condition on a row only asks for codes, a byte or two each, and so costs next to nothing."""

    def work() -> bool:
        match node:
            case n.Column():
                return node.kind in ("text", "bool")
            case n.StatusOn():
                return is_own_date(node.on)
            case n.Apply():
                return node.operation in _OF_CODES and all(is_of_codes(common, arg) for arg in node.args)
        return isinstance(node, n.Concerns | n.Literal)

    found: bool = common.fact(("codes", common.of(node)), work)
    return found


def is_own_date(node: Any) -> bool:
    """Say whether a value is the date of the row it stands in."""
    return isinstance(node, n.Column) and node.name == "date"

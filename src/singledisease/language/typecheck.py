"""What an expression is: its level, kind and unit, and whether it is well made.

A value is *constant*, belongs to a *person*, or to a *row* (it names a column of the row it stands in).
The unit is blank where nothing is known about it, as for a bare number: a blank unit fits any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from keyword import iskeyword
from typing import Any, Literal, TypeVar, get_args

from attrs import evolve, field, frozen

from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.language import nodes as n
from singledisease.language.format import write
from singledisease.language.node_memory import memory_of
from singledisease.language.operations import COMPARE, OPERATIONS, Infix, Operation, Signature, is_operation
from singledisease.language.row_sources import COLUMNS, EVERY_COLUMN, FURTHER, LASTING, Shape, Source, source_of
from singledisease.language.traversal import parts
from singledisease.language.units import plain_unit
from singledisease.vocabulary import CODE_LISTS, INSTITUTION_COLUMNS, PERSON_COLUMNS, SEXES, ValueKind

Level = Literal["constant", "person", "row"]
_RANK: dict[Level, int] = {"constant": 0, "person": 1, "row": 2}
_SELECTIONS: tuple[type, ...] = get_args(n.Selection)
_OF_SELECTIONS = (n.Picked, n.Reduce, n.Covered, n.Gap)
_OF_NO_PERSON: tuple[Source | None, ...] = ("institutions", "activities")
_REDUCED: dict[n.Reduction, tuple[int, int | None, tuple[ValueKind, ...]]] = {
    "count": (0, 0, ()),
    "count_days": (0, 0, ()),
    "exists": (0, 0, ()),
    "count_distinct": (1, None, ("bool", "number", "date", "text")),
    "minimum": (1, 1, ("number", "date")),
    "maximum": (1, 1, ("number", "date")),
    "sum": (1, 1, ("number",)),
    "mean": (1, 1, ("number",)),
    "median": (1, 1, ("number",)),
}
"""How many columns a reduction takes at least and at most, and of which kinds."""
AnyNode = TypeVar("AnyNode")


@frozen
class ValueType:
    """Level, kind and unit of a value."""

    level: Level
    kind: ValueKind
    unit: str = ""


def sort_of(node: n.Value, source: Source | None = None) -> ValueType:
    """Say what a value is; ``source`` says from where the row it stands in comes.

    Raises
    ------
    DefinitionError
        If it is not well made, with every fault.

    >>> sort_of(n.Age(n.PeriodEnd()))
    ValueType(level='person', kind='number', unit='years')
    """
    scope = _TypeChecker(source)
    sort = scope.sort(node)
    _refuse(scope.faults)
    return sort


def level_of(node: n.Value) -> Level:
    """Say whether a value is constant, a person's or a row's."""
    return sort_of(node).level


def kind_of(node: n.Value) -> ValueKind:
    """Say whether a value is a condition, a number, a date or text."""
    return sort_of(node).kind


def unit_of(node: n.Value) -> str:
    """Give the unit of a number, blank if it has none or none is known."""
    return sort_of(node).unit


def is_of_row(selection: n.Selection) -> bool:
    """Say whether a selection is made anew for each row of another: it names ``this`` or ``same``."""
    return _TypeChecker().selection(selection) == "row"


def faults_of(node: Any, source: Source | None = None) -> tuple[Fault, ...]:
    """Give everything that is wrong with any node.

    Parameters
    ----------
    node
        A value, a selection, a window …
    source
        From where the row comes that it is asked of, by itself: outside that row there is none.  ``None``: it may be
        part of anything.
    """
    scope = _TypeChecker(source=source, outer=None if source is None else "nothing")
    scope.any(node)
    return tuple(dict.fromkeys(scope.faults)) if scope.faults else ()


def checked(node: AnyNode) -> AnyNode:
    """Give a node back if it is well made.

    Raises
    ------
    DefinitionError
        With every fault, if it is not.
    """
    faults = faults_of(node)
    if faults:
        _refuse(faults)
    return node


def _refuse(faults: Iterable[Fault]) -> None:
    found = tuple(dict.fromkeys(faults))
    if found:
        raise DefinitionError("this expression cannot be asked", found)


def highest(levels: Iterable[Level]) -> Level:
    """Give the highest of some levels: a value made of a row's and a person's is a row's."""
    return max(levels, key=_RANK.__getitem__, default="constant")


@frozen
class _TypeChecker:
    """Where a node stands, and the faults found.

    Attributes
    ----------
    source
        From where the row comes in which the node stands, whose ``Column`` it may name; ``None`` if that is not known.
    outer
        From where the row outside that one comes, which is ``This``; ``nothing`` if there is none.
    in_window
        Whether it stands in a window of a selection: there ``This`` is the row in which the selection stands.
    """

    source: Source | None = None
    outer: Source | Literal["nothing"] | None = None
    in_window: bool = False
    faults: list[Fault] = field(factory=list)

    def wrong(self, check: str, node: Any, message: str, hint: str = "") -> None:
        self.faults.append(Fault(check, write(node) or type(node).__name__, message, hint))

    def any(self, node: Any) -> None:
        if node.__class__ in _RULES:
            self.sort(node)
        elif isinstance(node, n.Status):
            self.status(node)
        elif isinstance(node, n.PeriodWindow | n.CalendarWindow | n.Between):
            self.window(node)
        elif isinstance(node, n.Codes | n.CodesOf):
            self.code_set(node)
        elif isinstance(node, n.Pick):
            self.selection(node.source)
        elif isinstance(node, _SELECTIONS):
            self.selection(node)
        else:
            self.sort(node)

    def sort(self, node: Any) -> ValueType:
        kind, rule = type(node), _RULES[type(node)]
        found: ValueType = rule(self, node) if kind in _SIMPLE else self.remembered(node, rule)
        return found

    def selection(self, node: Any) -> Level:
        level: Level = self.remembered(node, _TypeChecker.selected)
        return level

    def remembered(self, node: Any, rule: Callable[[_TypeChecker, Any], Any]) -> Any:
        """Check a node where it stands, once: an operator looks at its operands, and not at all that is inside them."""
        about, place = memory_of(node), (self.source, self.outer, self.in_window)
        if place in about:
            found, faults = about[place]
            self.faults.extend(faults)
            return found
        before = len(self.faults)
        found = rule(self, node)
        about[place] = found, tuple(self.faults[before:])
        return found

    # WHAT A PART HAS TO BE

    def expect(self, node: Any, kind: ValueKind, user: Any, role: str) -> ValueType:
        sort = self.sort(node)
        if sort.kind != kind:
            hint = _column_hint(node) or _date_hint(node, kind) or _bracket_hint(user)
            message = f"{role} has to be {_KIND_WORDS[kind]}, but {write(node)} is {_KIND_WORDS[sort.kind]}"
            self.wrong("kind_differs", user, message, hint)
        return sort

    def same(self, nodes: Iterable[Any], user: Any) -> ValueType:
        """Check that values can stand for one another; the level is the highest, the unit the one known."""
        values = list(nodes)
        return self.agreeing(values, [self.sort(value) for value in values], user)

    def agreeing(self, values: list[Any], sorts: list[ValueType], user: Any) -> ValueType:
        for value, sort in zip(values[1:], sorts[1:], strict=True):
            if sort.kind != sorts[0].kind:
                text = f"{write(values[0])} is {_KIND_WORDS[sorts[0].kind]}, {write(value)} is {_KIND_WORDS[sort.kind]}"
                hint = _column_hint(values[0]) or _column_hint(value) or _date_hint(value, sorts[0].kind)
                self.wrong("kind_differs", user, text, hint)
        units = list(dict.fromkeys(sort.unit for sort in sorts if sort.unit))
        if len(units) > 1 and len({sort.kind for sort in sorts}) == 1:
            self.wrong("unit_differs", user, f"the units differ: {' and '.join(units)}", "bring both to one unit first")
        return ValueType(highest(sort.level for sort in sorts), sorts[0].kind, units[0] if units else "")

    def conditions(self, args: Iterable[Any], user: Any) -> Level:
        return highest([self.expect(arg, "bool", user, "each part").level for arg in args])

    def at_least(self, count: int, args: tuple[Any, ...], user: Any) -> None:
        if len(args) < count:
            self.wrong("too_few", user, f"needs at least {count}, got {len(args)}")

    def named(self, disease: str, user: Any) -> None:
        if not disease:
            self.wrong("disease_missing", user, "names no disease", 'write the id of the disease: "hypertension"')

    def row_of(self, selection: Any) -> _TypeChecker:
        """Give the place of what is asked about a row of a selection that stands here."""
        return evolve(self, source=source_of(selection), outer=self.source, in_window=False)

    # SELECTIONS, WINDOWS, STATES

    def selected(self, node: Any) -> Level:
        match node:
            case n.Where():
                return self.where(node)
            case n.Within():
                self.dated(node)
                return highest((self.selection(node.source), self.selecting(node.window)))
            case n.Overlapping():
                self.lasting(node)
                return highest((self.selection(node.source), self.selecting(node.window)))
            case n.Same():
                return self.same_columns(node)
            case n.Outermost():
                if isinstance(node.number, bool) or not isinstance(node.number, int) or node.number < 1:
                    self.wrong("no_number", node, "expected a whole number of rows, at least 1", f".{node.which}(2)")
                return self.selection(node.source)
            case n.Breaches() | n.Spells() | n.Services() | n.Sequences():
                self.named(node.disease, node)
        return "person"

    def selecting(self, window: Any) -> Level:
        """Check a window of a selection, which is worked out before there are any rows."""
        level = evolve(self, in_window=True).window(window)
        return "row" if level == "row" else "person"

    def dated(self, node: Any) -> None:
        if source_of(node) == "institutions":
            self.wrong("unknown_column", node, "institutions have no column 'date'")

    def lasting(self, node: Any) -> None:
        source = source_of(node)
        if source not in LASTING:
            self.wrong("unknown_column", node, f"{source} last one day, they have no column 'until'", ".within(window)")

    def where(self, node: n.Where) -> Level:
        level = self.selection(node.source)
        self.row_of(node.source).expect(node.condition, "bool", node, "the condition of where")
        return "row" if _names_outer(node.condition) else level

    def same_columns(self, node: n.Same) -> Level:
        self.at_least(1, node.columns, node)
        self.selection(node.source)
        sources = {source_of(node.source)} if self.source is None else {source_of(node.source), self.source}
        for source in sorted(sources - set(FURTHER)):
            for name in node.columns:
                if name not in COLUMNS[source]:
                    hint = did_you_mean(name, COLUMNS[source])
                    self.wrong("unknown_column", node, f"{source} have no column {name!r}", hint)
        return "row"

    def rows(self, selection: Any, user: Any) -> Level:
        """Check a selection that is made into one value: whose rows it takes has to be clear."""
        level = self.selection(selection)
        source, of_person = source_of(selection), self.source not in _OF_NO_PERSON
        shares = any("institution" in same.columns for same in _narrowing(selection) if isinstance(same, n.Same))
        hint = 'write .same("institution")'
        if of_person and source in _OF_NO_PERSON and (self.source is not None or not shares):
            message = f"{source} are about no one person"
            self.wrong("no_person", user, message, hint + ", and ask in a row of institutions or of activities")
        elif not of_person and (source not in ("events", "activities") or not shares):
            message = f"{self.source} are no person, so their rows are events or activities of the same institution"
            self.wrong("no_person", user, message, hint)
        return level

    def window(self, node: Any) -> Level:
        match node:
            case n.Between(start, end):
                ends = [end for end in (start, end) if end is not None]
                return highest([self.expect(end, "date", node, "an end of a window").level for end in ends])
            case n.CalendarWindow(unit, first, last):
                if not all(isinstance(number, int) for number in (first, last)):
                    message = f"{unit} are whole numbers, counted from the one that holds the period's end"
                    self.wrong("no_month", node, message, f"{unit}(-2, 0)")
                elif first > last:
                    self.wrong("window_turned", node, "ends before it starts", f"write {unit}({last}, {first})")
        return "person"

    def status(self, node: n.Status) -> None:
        self.named(node.disease, node)
        self.person(node)
        if (node.of == "managed") == bool(node.values):
            self.wrong("too_few", node, f"name the {node.of}s: in_{node.of}(disease, {node.of}, …)")

    def person(self, node: Any) -> None:
        if self.source in _OF_NO_PERSON:
            self.wrong("no_person", node, f"{self.source} are about no one person", "name their own columns")

    # VALUES

    def column(self, node: n.Column) -> ValueType:
        if self.in_window:
            self.wrong(
                "window_of_row",
                node,
                "a window of a selection cannot look at the rows it selects",
                f'use where(…) for a condition on the row, or this("{node.name}") for the outer row',
            )
        self.shape(node, self.source)
        return ValueType("row", node.kind, plain_unit(node.unit))

    def shape(self, node: n.Column | n.This, source: Source | None) -> None:
        known = EVERY_COLUMN if source is None else COLUMNS[source]
        shape = known.get(node.name)
        if shape is None:
            self.further(node, source, known)
        elif (shape.kind, shape.unit) != (node.kind, node.unit):
            held = f"{shape.kind} in {shape.unit}" if shape.unit else shape.kind
            self.wrong("unknown_column", node, f"the column {node.name!r} holds {held}", f'write column("{node.name}")')

    def further(self, node: n.Column | n.This, source: Source | None, known: Mapping[str, Shape]) -> None:
        """Check a column that no table has by itself: what it may have meant is looked for only if it is wrong."""
        if source is not None and source not in FURTHER:
            message = f"{source} have no column {node.name!r}"
        elif node.kind not in ("text", "number"):
            message = f"a further column holds text or a number, not a {node.kind}"
        else:
            return
        self.wrong("unknown_column", node, message, did_you_mean(node.name, known))

    def this(self, node: n.This) -> ValueType:
        outer = self.source if self.in_window else self.outer
        if outer == "nothing":
            hint = f'name the row\'s own column: column("{node.name}")'
            self.wrong("no_outer_row", node, "there is no row outside this one", hint)
        else:
            self.shape(node, outer)
        return ValueType("row", node.kind, plain_unit(node.unit))

    def concerns(self, node: n.Concerns) -> ValueType:
        self.named(node.disease, node)
        if self.source not in (None, "events"):
            self.wrong("unknown_column", node, f"{self.source} are of one disease; only events can concern another")
        return ValueType("row", "bool")

    def picked(self, node: n.Picked) -> ValueType:
        level = self.rows(node.row.source, node)
        value = self.row_of(node.row.source).sort(node.value)
        return evolve(value, level=highest((level, "row" if _names_outer(node.value) else "person")))

    def reduce(self, node: n.Reduce) -> ValueType:
        level = self.rows(node.source, node)
        least, most, kinds = _REDUCED[node.how]
        columns = node.columns if most is None else node.columns[:most]
        if len(node.columns) > len(columns):
            takes = f"takes {'no column' if most == 0 else 'one column'}"
            self.wrong("column_not_needed", node, f"{node.how} {takes}", f"write .{node.how}({'…' * least})")
        elif len(columns) < least:
            self.wrong("column_missing", node, f"{node.how} of which column?", f'write .{node.how}("sbp")')
        sorts = [self.row_of(node.source).column(column) for column in columns]
        for column, sort in zip(columns, sorts, strict=True):
            if sort.kind not in kinds:
                held = f"{column.name!r}, which is {_KIND_WORDS[sort.kind]}"
                self.wrong("kind_differs", node, f"{node.how} of {held}")
        if node.how == "exists":
            return ValueType(level, "bool")
        counts = node.how in ("count", "count_days", "count_distinct") or not sorts
        return ValueType(level, "number") if counts else evolve(sorts[0], level=level)

    def spread(self, node: n.Covered | n.Gap) -> ValueType:
        self.lasting(node.source)
        return ValueType(highest((self.rows(node.source, node), self.selecting(node.window))), "number", "days")

    def attribute(self, node: n.Attribute) -> ValueType:
        self.person(node)
        kind = PERSON_COLUMNS.get(node.name, node.kind)
        if kind != node.kind:
            self.wrong("unknown_column", node, f"the attribute {node.name!r} holds {kind}", "leave the kind out")
        return self.declared(node, "person")

    def institution(self, node: n.Institution) -> ValueType:
        if node.name in INSTITUTION_COLUMNS and node.kind != "text":
            self.wrong("unknown_column", node, f"{node.name!r} of an institution holds text", "leave the kind out")
        return self.declared(node, "row" if self.source in _OF_NO_PERSON else "person")

    def declared(self, node: n.Attribute | n.Institution, level: Level) -> ValueType:
        if node.unit and node.kind != "number":
            self.wrong("unit_differs", node, f"is {_KIND_WORDS[node.kind]}, so it has no unit", "leave the unit out")
        return ValueType(level, node.kind, plain_unit(node.unit))

    def literal(self, node: n.Literal) -> ValueType:
        types = {"bool": bool, "number": int | float, "date": int, "text": str}[node.kind]
        is_bool = isinstance(node.value, bool)
        if not isinstance(node.value, types) or is_bool != (node.kind == "bool"):
            self.faults.append(Fault("kind_differs", repr(node.value), f"is not {_KIND_WORDS[node.kind]}"))
        elif node.kind == "number" and not math.isfinite(float(node.value)):
            self.faults.append(Fault("not_finite", repr(node.value), "a number has to be finite"))
        return ValueType("constant", node.kind, plain_unit(node.unit))

    def parameter(self, node: n.ParameterOf) -> ValueType:
        self.named(node.disease, node)
        return ValueType("constant", "number")

    def code_set(self, node: n.Codes | n.CodesOf) -> None:
        if isinstance(node, n.CodesOf):
            self.named(node.disease, node)
        elif not node.codes or not all(code.strip() for code in node.codes):
            self.wrong("empty_code_set", node, "has no codes, or a blank one", 'codes("pregnancy", "O14", …)')

    def has_code(self, node: n.HasCode) -> ValueType:
        self.code_set(node.codes)
        sort = self.expect(node.code, "text", node, "what is looked up in a code set")
        system = [] if node.system is None else [self.expect(node.system, "text", node, "the system of a code")]
        return ValueType(highest(each.level for each in (sort, *system)), "bool")

    def choice(self, node: n.Choice) -> ValueType:
        names = [option.name for option in node.options]
        if node.default not in names:
            hint = did_you_mean(node.default, names)
            self.wrong("unknown_option", node, f"the default {node.default!r} is none of the options", hint)
        for name in names:
            if not name.isidentifier() or iskeyword(name) or name == "default" or names.count(name) > 1:
                self.wrong("option_name", node, f"{name!r} cannot name an option", "a plain word, once: any_time")
        return self.same([option.value for option in node.options] or [n.Literal(False, "bool")], node)

    # OPERATORS

    def applied(self, node: n.Apply) -> ValueType:
        """Check an operator by its row in the table."""
        operation = OPERATIONS.get(node.operation)
        if operation is None:
            hint = did_you_mean(node.operation, OPERATIONS)
            self.faults.append(Fault("unknown_operator", repr(node.operation), "is no operator", hint))
            return ValueType("constant", "bool")
        found = [self.sort(arg) for arg in node.args]
        if not self.counted(operation, node):
            return ValueType("constant", _result(operation.signatures[0], found))
        kinds = tuple(each.kind for each in found)
        signature = _signature(node.operation, kinds)
        if signature is None:
            return self.misfit(operation, node, found)
        self.constants(operation, node)
        level = highest(each.level for each in found)
        return ValueType(level, _result(signature, found), self.unit(signature, node, found))

    def counted(self, operation: Operation, node: n.Apply) -> bool:
        least = operation.least or len(operation.signatures[0].operands)
        self.at_least(least, node.args, node)
        if not operation.least and len(node.args) > least:
            self.wrong("too_many", node, f"takes {least}, got {len(node.args)}")
        if operation.texts:
            self.at_least(1, node.texts, node)
        return len(node.args) >= least

    def misfit(self, operation: Operation, node: n.Apply, found: list[ValueType]) -> ValueType:
        """Say which operand has another kind than the operator takes."""
        first = operation.signatures[0]
        single = len(operation.signatures) == 1 and first.operands[0] not in ("same", "any")
        if single:
            for i, (arg, each) in enumerate(zip(node.args, found, strict=True)):
                self.is_kind(arg, each, _operand_kind(first, i), node)
        elif len({each.kind for each in found}) == 1:
            kind = _KIND_WORDS[found[0].kind]
            message = f"{kind} has no order; only == and != compare it"
            if not _compares(operation):
                message = f"{node.operation} of {kind} is nothing that can be worked out"
            self.wrong("kind_differs", node, message, _column_hint(node.args[0]))
        elif _compares(operation) or first.operands[0] == "same":
            self.agreeing(list(node.args), found, node)
        else:
            words = f" {node.operation} ".join(_KIND_WORDS[each.kind] for each in found)
            hint = next(filter(None, map(_column_hint, node.args)), "")
            self.wrong("kind_differs", node, f"{words} is nothing that can be worked out", hint)
        return ValueType(highest(each.level for each in found), _result(first, found))

    def is_kind(self, arg: Any, found: ValueType, kind: Any, user: Any) -> None:
        if found.kind != kind:
            hint = _column_hint(arg) or _date_hint(arg, kind) or _bracket_hint(user)
            message = f"each part has to be {_KIND_WORDS[kind]}, but {write(arg)} is {_KIND_WORDS[found.kind]}"
            self.wrong("kind_differs", user, message, hint)

    def unit(self, signature: Signature, node: n.Apply, found: list[ValueType]) -> str:
        if 0 <= signature.shift < len(found):
            unit = found[signature.shift].unit
            if unit not in ("", signature.shift_unit):
                message = f"a date moves by {signature.shift_unit} here, not by {unit}"
                self.wrong("unit_differs", node, message, "use .plus(months=…) or .plus(years=…) for calendar time")
            return ""
        match signature.unit:
            case "none":
                return ""
            case "agree":
                unit = self.agreeing(list(node.args), found, node).unit
                return unit if signature.result not in ("bool", "text", "date") else ""
            case "composed":
                return _composed(node.operation, found[0].unit, found[1].unit)
        return signature.unit

    def constants(self, operation: Operation, node: n.Apply) -> None:
        """Check constant texts against the list of codes of the column they are compared with."""
        if node.operation == "is_in":
            self.codes(node.args[0], node.texts, node)
        elif node.operation == "worst" and len(set(node.texts)) < len(node.texts):
            self.wrong("repeated_text", node, "a text stands twice in the order", 'order=("low", "high")')
        elif _compares(operation):
            for coded, value in (node.args, node.args[::-1]):
                if isinstance(value, n.Literal) and value.kind == "text":
                    self.codes(coded, (str(value.value),), node)

    def codes(self, coded: Any, values: Iterable[str], user: Any) -> None:
        column = coded.value if isinstance(coded, n.Picked) else coded
        name = getattr(column, "name", "")
        known = CODE_LISTS.get(name, ()) if isinstance(column, n.Column | n.This) else ()
        if isinstance(column, n.Attribute) and name == "sex":
            known = SEXES
        if is_operation(coded, "worst"):
            known, name = coded.texts, "worst(…)"
        for value in values if known else ():
            if value not in known:
                self.wrong("unknown_code", user, f"{value!r} is never in {name!r}", did_you_mean(value, known))

    def case(self, node: n.Case) -> ValueType:
        self.at_least(1, node.whens, node)
        level = self.conditions([when for when, _ in node.whens], node)
        values = [value for _, value in node.whens] + ([] if node.otherwise is None else [node.otherwise])
        sort = self.same(values or [n.Literal(False, "bool")], node)
        return evolve(sort, level=highest((level, sort.level)))

    def age(self, node: n.Age) -> ValueType:
        self.person(node)
        on = self.expect(node.on, "date", node, "the day on which the age is asked")
        return ValueType(highest((on.level, "person")), "number", "years")

    def status_on(self, node: n.StatusOn) -> ValueType:
        self.status(node.status)
        on = self.expect(node.on, "date", node, "the day on which the state is asked")
        return ValueType(highest((on.level, "person")), "bool")

    def status_window(self, node: n.StatusDuring | n.DaysIn) -> ValueType:
        self.status(node.status)
        level = highest((self.window(node.window), "person"))
        return ValueType(level, "number", "days") if isinstance(node, n.DaysIn) else ValueType(level, "bool")

    def tier_on(self, node: n.TierOn) -> ValueType:
        self.tier(node)
        on = self.expect(node.on, "date", node, "the day on which the level is asked")
        return ValueType(highest((on.level, "person")), "text")

    def tier_during(self, node: n.TierDuring) -> ValueType:
        self.tier(node)
        self.at_least(1, node.levels, node)
        return ValueType(highest((self.window(node.window), "person")), "bool")

    def tier(self, node: n.TierOn | n.TierDuring) -> None:
        self.named(node.disease, node)
        self.person(node)
        if not node.tier:
            self.wrong("tier_missing", node, "names no tier", 'write tier("hypertension.risk", on=…)')


@lru_cache(maxsize=4096)
def _signature(operation: str, kinds: tuple[ValueKind, ...]) -> Signature | None:
    """Give the signature of an operator that fits operands of some kinds; ``None``: it takes no such."""
    return next((each for each in OPERATIONS[operation].signatures if _fits(each, kinds)), None)


def _operand_kind(signature: Signature, place: int) -> str:
    return signature.operands[min(place, len(signature.operands) - 1)]


def _fits(signature: Signature, kinds: tuple[ValueKind, ...]) -> bool:
    wanted = [_operand_kind(signature, place) for place in range(len(kinds))]
    same = {kind for kind, want in zip(kinds, wanted, strict=True) if want == "same"}
    return len(same) <= 1 and all(want in ("same", "any", kind) for kind, want in zip(kinds, wanted, strict=True))


def _result(signature: Signature, found: list[ValueType]) -> Any:
    return (found[0].kind if found else "bool") if signature.result == "same" else signature.result


def _compares(operation: Operation) -> bool:
    return isinstance(operation.notation, Infix) and operation.notation.tightness == COMPARE


def _is_connective(node: Any) -> bool:
    return isinstance(node, n.Apply) and node.operation in ("and", "or")


def _composed(op: str, left: str, right: str) -> str:
    """Give the unit of a product or quotient; one that is made of two is not followed further."""
    if left and right:
        return ""
    return left if op != "*" else left or right


def _narrowing(selection: Any) -> Iterator[Any]:
    """Give a selection and those it narrows, outermost first."""
    while selection is not None:
        yield selection
        selection = getattr(selection, "source", None)


def _names_outer(node: Any) -> bool:
    """Say whether an expression of a row names the row outside that one; a selection's outer row is the row itself."""
    if isinstance(node, _OF_SELECTIONS):
        return False
    about = memory_of(node)
    if _names_outer not in about:
        about[_names_outer] = isinstance(node, n.This) or any(map(_names_outer, parts(node)))
    found: bool = about[_names_outer]
    return found


_KIND_WORDS = {"bool": "a condition", "number": "a number", "date": "a date", "text": "text"}


def _column_hint(node: Any) -> str:
    """Say that a column is a further one, if that may be a slip of the pen."""
    column = node.value if isinstance(node, n.Picked) else node
    if isinstance(column, n.Column | n.This) and column.name not in EVERY_COLUMN:
        return f"{column.name!r} is a further column; {did_you_mean(column.name, EVERY_COLUMN)}"
    return ""


def _date_hint(node: Any, kind: ValueKind) -> str:
    is_text = isinstance(node, n.Literal) and node.kind == "text"
    return f"a date is written day({write(node)})" if kind == "date" and is_text else ""


def _bracket_hint(user: Any) -> str:
    """Say what is the matter if ``a < 1 & b < 2`` was written: & binds tighter than <."""
    return "put brackets around each comparison: (a < 1) & (b < 2)" if _is_connective(user) else ""


_RULES: dict[type, Callable[[_TypeChecker, Any], ValueType]] = {
    n.Column: _TypeChecker.column,
    n.This: _TypeChecker.this,
    n.Concerns: _TypeChecker.concerns,
    n.Attribute: _TypeChecker.attribute,
    n.Institution: _TypeChecker.institution,
    n.PeriodStart: lambda *_: ValueType("person", "date"),
    n.PeriodEnd: lambda *_: ValueType("person", "date"),
    n.Literal: _TypeChecker.literal,
    n.ParameterOf: _TypeChecker.parameter,
    n.Picked: _TypeChecker.picked,
    n.Reduce: _TypeChecker.reduce,
    n.Covered: _TypeChecker.spread,
    n.Gap: _TypeChecker.spread,
    n.Age: _TypeChecker.age,
    n.StatusOn: _TypeChecker.status_on,
    n.StatusDuring: _TypeChecker.status_window,
    n.DaysIn: _TypeChecker.status_window,
    n.TierOn: _TypeChecker.tier_on,
    n.TierDuring: _TypeChecker.tier_during,
    n.HasCode: _TypeChecker.has_code,
    n.Choice: _TypeChecker.choice,
    n.Apply: _TypeChecker.applied,
    n.Case: _TypeChecker.case,
}

_SIMPLE: frozenset[type] = frozenset(
    {n.Column, n.This, n.Concerns, n.Attribute, n.Institution, n.PeriodStart, n.PeriodEnd, n.Literal, n.ParameterOf}
)
"""Nodes that hold no others: to check them takes no longer than to remember that they were checked."""

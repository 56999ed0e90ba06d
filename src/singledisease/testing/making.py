"""Making expressions node by node out of what hypothesis draws.

Not by nested strategies: a strategy of this depth has millions of branches, all of which hypothesis would build.
The plainest choice always stands first, because that is where examples shrink to.  Operators are those of the table:
a new one is made as soon as it has a row there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from attrs import evolve, frozen
from hypothesis import strategies as st

from singledisease.language import nodes as n
from singledisease.language.operations import COMPARISONS, OPERATIONS, Operation, Signature
from singledisease.language.row_sources import system_beside
from singledisease.testing import making_rows as rows
from singledisease.testing.places import PartContext
from singledisease.testing.world import CODES, MODES, NUMBERS, PARAMETERS, REASONS, TIER, TIER_LEVELS, UNITS, days
from singledisease.vocabulary import ValueKind

T = TypeVar("T")

_KINDS: tuple[ValueKind, ...] = ("bool", "number", "date", "text")
_UNITS = ("", "days", "months", "years", *dict.fromkeys(UNITS.values()))
_LIMITS = (0.0, 1.0, 2.0, 65.0, 90.0, -1.0, *sorted({value for values in NUMBERS.values() for value in values}))
_TEXTS = (*MODES, *REASONS, "north", "follow_up", "t0", "s0", "met", "l1")
_BEGINNINGS = ("c", "follow", "n", "f", "A")
_OF_PEOPLE: Mapping[ValueKind, Sequence[str]] = {"date": ("birth_date",), "text": ("sex", "institution", "region")}
_CODED: dict[str, Sequence[str]] = {"mode": MODES, "sex": ("female", "male"), "level": ("county", "village")}
_STEPS = {
    "days": (1.0, -1.0, 28.0, -90.0, 0.5, -1.5),
    "months": (1.0, -1.0, 12.0, -13.0, 1.5),
    "years": (1.0, -1.0, -4.0, 0.5),
}
_CODE_SETS = (
    n.Codes("short", "短", "short", "", ("A1", "B1"), True),
    n.Codes("whole", "整", "whole", "", ("A1.9", "Z9"), False),
    n.Codes("foreign", "外", "foreign", "icpc", ("A1",), True),
)

Make = Callable[[], Any]


def _giving(kind: ValueKind) -> list[tuple[Operation, Signature]]:
    return [
        (operation, signature)
        for operation in OPERATIONS.values()
        for signature in operation.signatures
        if signature.result in (kind, "same")
    ]


_GIVING: Mapping[ValueKind, list[tuple[Operation, Signature]]] = {kind: _giving(kind) for kind in _KINDS}


@frozen(eq=False)
class Maker:
    """Makes nodes for one place, and no deeper than it may go.

    Attributes
    ----------
    named
        Whether parameters, code sets and tiers of the diseases may be named, which have to be resolved.
    """

    draw: st.DrawFn
    place: PartContext
    diseases: tuple[str, ...]
    states: tuple[str, ...]
    depth: int
    named: bool = False

    # CHOOSING

    @property
    def inner(self) -> Maker:
        """Make the parts of a node."""
        return evolve(self, depth=self.depth - 1)

    def at(self, place: PartContext) -> Maker:
        """Make what stands in another place: a condition on a row, a bound of a window; not deep."""
        return evolve(self, place=place, depth=min(self.depth, 1))

    def one(self, values: Sequence[T]) -> T:
        """Choose one."""
        return self.draw(st.sampled_from(values))

    def some(self, values: Sequence[T], most: int = 2) -> tuple[T, ...]:
        """Choose one or a few different ones."""
        return tuple(self.draw(st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)))

    def several(self, make: Callable[[], T], least: int, most: int) -> tuple[T, ...]:
        """Make several."""
        return tuple(make() for _ in range(self.draw(st.integers(least, most))))

    # VALUES

    def whole(self, kind: ValueKind, unit: str | None = None) -> n.Value:
        """Make a value that is more than a constant, if it may go so deep; a number of a unit, by default of any."""
        if self.depth == 0:
            return self.value(kind, unit)
        if kind == "number" and unit is None:
            unit = self.one(_UNITS)
        made: n.Value = self.one(self.branches(kind, unit or ""))()
        return made

    def value(self, kind: ValueKind, unit: str | None = None) -> n.Value:
        """Make a value of a kind; a number of a unit, by default of any."""
        unit = self.one(_UNITS) if kind == "number" and unit is None else unit or ""
        makers: list[Make] = [lambda: self.literal(kind), *(lambda leaf=leaf: leaf for leaf in self.leaves(kind, unit))]
        if self.depth > 0:
            makers += self.branches(kind, unit)
        made: n.Value = self.one(makers)()
        return made

    def literal(self, kind: ValueKind) -> n.Literal:
        """Make a constant."""
        match kind:
            case "bool":
                return n.Literal(self.draw(st.booleans()), kind)
            case "number":
                return n.Literal(self.one(_LIMITS), kind)
            case "date":
                return n.Literal(self.draw(days()), kind)
            case "text":
                return n.Literal(self.one(_TEXTS), kind)

    def leaves(self, kind: ValueKind, unit: str) -> list[n.Value]:
        """Give the columns and other plain values of a kind that can be named here."""
        found = self.place.columns(kind, unit)
        if kind == "bool" and self.place.source == "events" and not self.place.in_window:
            found += [n.Concerns(disease) for disease in self.diseases]
        if kind == "date":
            found += [n.PeriodStart(), n.PeriodEnd()]
        if kind in _OF_PEOPLE and not self.place.is_of_no_person:
            found += [n.Attribute(name, kind) for name in _OF_PEOPLE[kind]]
        if kind == "text":
            found.append(n.Institution("level", "text"))
        if kind == "number" and self.named:
            names = [name for name, of in PARAMETERS.items() if of == unit]
            found += [n.ParameterOf(disease, name) for disease in self.diseases for name in names]
        return found

    # WAYS TO MAKE A VALUE

    def branches(self, kind: ValueKind, unit: str) -> list[Make]:
        """Give the ways to make a value of a kind out of others; operators are as many ways as all the others."""
        ways = [*rows.values_of_rows(self.inner, kind, unit), *self.structures(kind, unit)]
        return [lambda: self.operator(kind, unit)] * len(ways) + ways

    def structures(self, kind: ValueKind, unit: str) -> list[Make]:
        """Give the ways that are neither operators nor made of rows."""
        part = self.inner

        def case() -> n.Value:
            whens = part.several(lambda: (part.value("bool"), part.value(kind, unit)), 1, 2)
            return n.Case(whens, part.value(kind, unit) if self.draw(st.booleans()) else None)

        found: list[Make] = [case]
        if kind == "bool":
            found.append(part.has_code)
        if self.place.is_of_no_person:
            return found
        if kind == "number" and unit == "years":
            found.append(lambda: n.Age(part.value("date")))
        if self.diseases:
            found += self.of_states(kind, unit)
        return found

    def of_states(self, kind: ValueKind, unit: str) -> list[Make]:
        """Give the ways to ask about states and tiers of a disease."""
        part = self.inner
        found: list[Make] = []
        if kind == "bool":
            found.append(lambda: n.StatusOn(rows.status(self), part.value("date")))
            found.append(lambda: n.StatusDuring(rows.status(self), rows.window(part, part.place)))
        if kind == "number" and unit == "days":
            found.append(lambda: n.DaysIn(rows.status(self), rows.window(part, part.place)))
        if kind == "bool" and self.named:
            found += [self.tier_on, self.tier_during]
        return found

    def tier_on(self) -> n.Value:
        """Ask whether a tier stands in some levels on a day."""
        tier = n.TierOn(self.one(self.diseases), TIER, self.inner.value("date"))
        return n.Apply("is_in", (tier,), self.some(TIER_LEVELS))

    def tier_during(self) -> n.Value:
        """Ask whether a tier stood in some levels during a window."""
        window = rows.window(self.inner, self.place)
        return n.TierDuring(self.one(self.diseases), TIER, self.some(TIER_LEVELS), window)

    def has_code(self) -> n.Value:
        """Ask for a code in a code set: of the row, or of a picked one."""
        events = n.Same(n.Events(), ("institution",)) if self.place.is_of_no_person else n.Events()
        picked = n.Picked(n.Pick(events, "last"), n.Column("code", "text"))
        codes = [each for each in self.place.columns("text", "") if getattr(each, "name", "") == "code"]
        of_people = [] if self.place.is_of_no_person else [n.Attribute("region", "text")]
        code = self.one([*codes, picked, *of_people])
        system = self.one((system_beside(code), None))
        if self.named and self.draw(st.booleans()):
            return n.HasCode(code, system, n.CodesOf(self.one(self.diseases), self.one(("disease", "chosen"))))
        return n.HasCode(code, system, self.one(_CODE_SETS))

    # OPERATORS

    def operator(self, kind: ValueKind, unit: str) -> n.Value:
        """Apply an operator of the table that gives a value of a kind and unit."""
        operation, signature = self.one([each for each in _GIVING[kind] if _gives(each[1], kind, unit)])
        same = kind if signature.result == "same" else self.one(_KINDS)
        agreed = unit if signature.result in ("number", "same") else self.one(_UNITS)
        count = operation.least and self.draw(st.integers(operation.least, operation.least + 1))
        kinds = _operand_kinds(signature, count, same, lambda: self.one(_KINDS))
        args = tuple(self.operand(signature, place, each, agreed) for place, each in enumerate(kinds))
        if operation.name in COMPARISONS and kinds[0] == "text":
            args = (args[0], n.Literal(self.one(_texts_of(args[0])), "text"))
        return n.Apply(operation.name, args, self.texts(operation, args))

    def operand(self, signature: Signature, place: int, kind: ValueKind, unit: str) -> n.Value:
        """Make one operand; by how much a date moves is a constant."""
        if place == signature.shift:
            return n.Literal(self.one(_STEPS[signature.shift_unit]), "number")
        if kind != "number":
            return self.inner.value(kind)
        if signature.unit == "composed" and place > 0:
            return self.literal("number")
        return self.inner.value(kind, unit if signature.unit in ("agree", "composed") else None)

    def texts(self, operation: Operation, args: tuple[n.Value, ...]) -> tuple[str, ...]:
        """Choose the constant texts of an operator; a coded column is only asked for its codes."""
        if not operation.texts:
            return ()
        return self.some(_BEGINNINGS if operation.name == "starts_with" else _texts_of(args[0]))


def _gives(signature: Signature, kind: ValueKind, unit: str) -> bool:
    if kind != "number" or signature.unit in ("agree", "composed"):
        return True
    return unit == ("" if signature.unit == "none" else signature.unit)


def _operand_kinds(signature: Signature, count: int, same: ValueKind, any_kind: Callable[[], ValueKind]) -> list[Any]:
    places = range(count or len(signature.operands))
    wanted = [signature.operands[min(place, len(signature.operands) - 1)] for place in places]
    return [same if want == "same" else any_kind() if want == "any" else want for want in wanted]


def _texts_of(node: n.Value) -> Sequence[str]:
    if isinstance(node, n.Apply) and node.operation == "worst":
        return node.texts
    column = node.value if isinstance(node, n.Picked) else node
    return _CODED.get(getattr(column, "name", ""), (*_TEXTS, *CODES["alpha"]))

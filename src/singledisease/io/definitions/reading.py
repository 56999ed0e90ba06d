"""Reading the values of a definition's tables, collecting everything that is wrong with them."""

from __future__ import annotations

from itertools import chain
from typing import Any

from attrs import field, frozen

from singledisease.errors import DefinitionError, Fault, did_you_mean
from singledisease.io.definitions.source import Path, TomlSource, written
from singledisease.language.nodes import Apply, Attribute, Column, Literal
from singledisease.language.operations import is_operation
from singledisease.language.parse import parse
from singledisease.language.traversal import rewrite
from singledisease.vocabulary import Quantity


class Missing:
    """What is given in the place of a value that could not be read; the fault has been collected."""


MISSING = Missing()


@frozen
class Spot:
    """Where a value stands: in which text, by which keys, and what checks call the place."""

    source: TomlSource
    path: Path
    place: str

    def inner(self, key: str | int) -> Spot:
        """Give the spot of a value inside this one."""
        place = f"{self.place}[{key}]" if isinstance(key, int) else f"{self.place}.{key}".removeprefix(".")
        return Spot(self.source, (*self.path, key), place)


_ALWAYS = Literal(True, "bool")


def flattened(node: Any) -> Any:
    """Give an expression with every ``and`` that stands in an ``and`` made one with it, and every ``or`` likewise.

    ``True`` in an ``and`` says nothing and is left out: it is what a fragment takes where no condition was given.
    """

    def join(part: Any) -> Any:
        if not is_operation(part, "and", "or"):
            return part
        args = [arg.args if is_operation(arg, part.operation) else (arg,) for arg in part.args]
        kept = [arg for arg in chain.from_iterable(args) if part.operation == "or" or arg != _ALWAYS]
        if len(kept) == 1:
            return kept[0]
        return part if tuple(kept) == part.args else Apply(part.operation, tuple(kept)) if kept else _ALWAYS

    return rewrite(node, join, Apply)


@frozen
class ValueReader:
    """Reads values of one disease: its id and quantities, without which expressions cannot be read.

    ``units`` are those of its parameters, for lengths that do not say their own.  Where it ``flattens``, an ``and``
    within an ``and`` becomes one with it, as if what was put into a fragment's text had been written there.
    """

    disease: str
    quantities: tuple[Quantity, ...] = ()
    units: dict[str, str] = field(factory=dict)
    flattens: bool = False
    shape: list[Fault] = field(factory=list)
    faults: list[Fault] = field(factory=list)

    def wrong(self, spot: Spot, message: str, hint: str = "") -> Missing:
        """Collect that a value does not have the shape it should have."""
        where = written(spot.path) or "the file"
        self.shape.append(Fault("file_shape", where, message, hint, spot.source.at(spot.path)))
        return MISSING

    def unknown_key(self, spot: Spot, key: str, known: list[str]) -> None:
        """Collect that a table has a key which nobody reads."""
        hint = did_you_mean(key, known)
        at = spot.source.at((*spot.path, key))
        message = f"the key {key!r} is not known; {hint}"
        self.shape.append(Fault("file_shape", written(spot.path) or "the file", message, "", at))

    def expression(self, text: str, spot: Spot, *, of_person: bool = False) -> Any:
        """Read an expression.

        One that cannot be read is collected, and something that says nothing stands in its place, so that the
        checks find the other faults too and none that is not there.
        """
        try:
            node = parse(text, self.disease, self.quantities)
            return flattened(node) if self.flattens else node
        except DefinitionError as error:
            for fault in error.faults:
                message = f"{fault.message} in {text!r}"
                where = f"{spot.place}, {fault.where}"
                self.faults.append(Fault(fault.check, where, message, fault.hint, spot.source.at(spot.path)))
            unknown = Attribute(spot.place, "text") if of_person else Column(spot.place, "text")
            return Apply("known", (unknown,))

"""How one kind of table is laid out: its keys, and how it becomes a part of a definition and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import field, frozen

from singledisease.definitions.citation import Names
from singledisease.io.definitions.kinds import Kind, Schema, Writer
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader

Values = Mapping[str, Any]
"""Values of a table by key, as the definition has them."""


@frozen(kw_only=True)
class Key:
    """One key of a table.

    Attributes
    ----------
    says
        What it says, in Chinese and English.
    needed
        Whether it has to be there.
    default
        What it means if it is not there; such a value is not written, unless it is ``kept``.
    """

    name: str
    kind: Kind
    says: Names
    needed: bool = False
    default: Any = None
    kept: bool = False


def key(name: str, kind: Kind, zh: str, en: str, **more: Any) -> Key:
    """Make a key that may be missing."""
    return Key(name=name, kind=kind, says=Names(zh, en), **more)


def needed(name: str, kind: Kind, zh: str, en: str) -> Key:
    """Make a key that has to be there."""
    return Key(name=name, kind=kind, says=Names(zh, en), needed=True)


@frozen(kw_only=True)
class TableLayout:
    """One kind of table.

    Attributes
    ----------
    name
        The table's head: ``pathway.states.ID``.
    make
        From the id and the values by key to the part of the definition.  Every key that may be missing is there.
    take
        From the part to the values by key.
    misfit
        Says what is wrong with the values together, and the way out; ``None``: nothing.
    known, of_disease
        The names of its keys; of those whose values depend on the disease in which the table stands.
    """

    name: str
    says: Names
    keys: tuple[Key, ...]
    make: Callable[[str, Values], Any]
    take: Callable[[Any], Values]
    misfit: Callable[[Values], tuple[str, str] | None] = lambda values: None
    known: frozenset[str] = field(init=False)
    of_disease: frozenset[str] = field(init=False)

    @known.default
    def _known(self) -> frozenset[str]:
        return frozenset(key.name for key in self.keys)

    @of_disease.default
    def _of_disease(self) -> frozenset[str]:
        return frozenset(key.name for key in self.keys if key.kind.of_disease)


def read_table(layout: TableLayout, reader: ValueReader, value: Any, spot: Spot, id: str = "") -> Any:
    """Read one table; ``MISSING`` if anything in it cannot be read."""
    if not isinstance(value, dict):
        return reader.wrong(spot, f"expected a table, got {value!r}", f"[{layout.name}]")
    for name in value.keys() - layout.known:
        reader.unknown_key(spot, name, [key.name for key in layout.keys])
    values: dict[str, Any] = {}
    for each in layout.keys:
        if each.name in value:
            held, kind = value[each.name], each.kind
            # Most values are texts, and need no place to be told of.
            plain = held.__class__ is kind.plain
            values[each.name] = held if plain else kind.read(reader, held, spot.inner(each.name))
        elif each.needed:
            values[each.name] = reader.wrong(spot.inner(each.name), f"the key {each.name!r} is missing")
        else:
            values[each.name] = each.default
    if MISSING in values.values():
        return MISSING
    wrong = layout.misfit(values)
    return layout.make(id, values) if wrong is None else reader.wrong(spot, *wrong)


def write_table(layout: TableLayout, writer: Writer, part: Any) -> dict[str, Any]:
    """Write one part as keys and values, those that say nothing new left out."""
    values = layout.take(part)
    return {
        each.name: each.kind.write(writer, values[each.name])
        for each in layout.keys
        if each.needed or each.kept or (values[each.name] is not None and values[each.name] != each.default)
    }


# TABLES WITHIN TABLES


def list_of(layout: TableLayout, names: Names) -> Kind:
    """Make the kind of value that is a list of tables."""

    def read(reader: ValueReader, value: Any, spot: Spot) -> Any:
        if not isinstance(value, list):
            return reader.wrong(spot, f"expected a list of tables, got {value!r}", f"[[{layout.name}]]")
        parts = [read_table(layout, reader, each, spot.inner(i)) for i, each in enumerate(value)]
        return MISSING if any(part is MISSING for part in parts) else tuple(parts)

    def write(writer: Writer, parts: Iterable[Any]) -> Any:
        return [write_table(layout, writer, part) for part in parts]

    schema = {"type": "array", "items": schema_of(layout)}
    return Kind(names, read, write, schema, of_disease=bool(layout.of_disease))


def schema_of(layout: TableLayout) -> Schema:
    """Give the JSON Schema of one table, with what each key says as its description."""
    properties = {
        each.name: {"description": f"{each.says.zh} / {each.says.en}", **each.kind.schema} for each in layout.keys
    }
    return {
        "type": "object",
        "description": f"{layout.says.zh} / {layout.says.en}",
        "properties": properties,
        "required": [each.name for each in layout.keys if each.needed],
        "additionalProperties": False,
    }

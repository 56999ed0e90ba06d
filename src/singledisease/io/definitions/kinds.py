"""The kinds of value that a definition's keys hold: how each is read, written, and described to an editor."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from singledisease.definitions.citation import Names
from singledisease.definitions.timing import LENGTH_UNITS, Length
from singledisease.errors import DefinitionError
from singledisease.io.definitions.reading import MISSING, Spot, ValueReader
from singledisease.io.definitions.toml_text import ExpressionText
from singledisease.language.nodes import Literal, ParameterOf
from singledisease.language.parse import write
from singledisease.language.traversal import rewrite
from singledisease.language.typecheck import unit_of
from singledisease.language.units import plain_unit
from singledisease.vocabulary import Quantity

PARAMETER_NAME = re.compile(r"[\w-]+")
"""What is read as the name of a parameter where a length is expected; anything else is an expression."""

Schema = Mapping[str, Any]


@frozen
class Writer:
    """Writes values of one disease: its id and quantities, by which expressions are written short."""

    disease: str
    quantities: tuple[Quantity, ...] = ()

    def expression(self, node: Any) -> ExpressionText:
        """Write an expression."""
        return ExpressionText(write(node, self.disease, self.quantities))


@frozen
class Kind:
    """A kind of value.

    Attributes
    ----------
    names
        What is expected, in words.
    read
        From the value in the file to that of the definition; ``MISSING`` if it cannot be read.
    write
        From the value of the definition to that in the file; ``None``: leave the key out.
    schema
        What a JSON Schema says of it.
    plain
        The type of values that are taken as they are, without being read; ``None``: every value is read.
    of_disease
        Whether what is read depends on the disease in which the value stands: it holds an expression.
    """

    names: Names
    read: Callable[[ValueReader, Any, Spot], Any]
    write: Callable[[Writer, Any], Any]
    schema: Schema
    plain: type | None = None
    of_disease: bool = False


# PLAIN VALUES


def _plain(names: Names, types: tuple[type, ...], schema: Schema, convert: Callable[[Any], Any] | None = None) -> Kind:
    """Make a kind of plain value: of these types and no others, though true is a whole number to Python."""

    def read(reader: ValueReader, value: Any, spot: Spot) -> Any:
        bool_for_number = isinstance(value, bool) and bool not in types
        if bool_for_number or isinstance(value, dt.datetime) or not isinstance(value, types):
            return reader.wrong(spot, f"expected {names.en}, got {value!r}")
        return convert(value) if convert else value

    return Kind(names, read, lambda _, value: value, schema, None if convert else types[0])


TEXT = _plain(Names("文本", "text"), (str,), {"type": "string"})
FLAG = _plain(Names("true 或 false", "true or false"), (bool,), {"type": "boolean"})
WHOLE = _plain(Names("整数", "a whole number"), (int,), {"type": "integer"})
NUMBER = _plain(Names("数值", "a number"), (int, float), {"type": "number"}, float)
DATE = _plain(Names("日期", "a date"), (dt.date,), {"type": "string", "format": "date"})


def _read_texts(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return reader.wrong(spot, f"expected a list of texts, got {value!r}", 'write ["…", "…"]')
    return tuple(value)


TEXTS = Kind(
    Names("文本列表", "a list of texts"),
    _read_texts,
    lambda _, value: list(value),
    {"type": "array", "items": {"type": "string"}},
)


def one_of(words: Sequence[str]) -> Kind:
    """Make a kind of text that is one of a closed list: an editor offers the words, a check refuses others."""
    return evolve(TEXT, schema={"type": "string", "enum": list(words)})


def some_of(words: Sequence[str]) -> Kind:
    """Make a kind of texts, each one of a closed list."""
    return evolve(TEXTS, schema={"type": "array", "items": {"type": "string", "enum": list(words)}})


_ZH_EN = {"zh", "en"}


def _read_names(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if not isinstance(value, dict):
        return reader.wrong(spot, f"expected names in two languages, got {value!r}", '{ zh = "…", en = "…" }')
    if value.keys() == _ZH_EN and all(isinstance(each, str) for each in value.values()):
        return Names(value["zh"], value["en"])
    for key in value:
        if key not in ("zh", "en"):
            reader.unknown_key(spot, key, ["zh", "en"])
    for key in ("zh", "en"):
        if key not in value:
            reader.wrong(spot.inner(key), f"the key {key!r} is missing")
    read = [TEXT.read(reader, value[key], spot.inner(key)) for key in ("zh", "en") if key in value]
    return Names(*read) if len(read) == 2 and MISSING not in read else MISSING


NAMES = Kind(
    Names("中英文名称", "names in Chinese and English"),
    _read_names,
    lambda _, names: {"zh": names.zh, "en": names.en},
    {
        "type": "object",
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
        "required": ["zh", "en"],
        "additionalProperties": False,
    },
)


# EXPRESSIONS


def _expression(names: Names, *, of_person: bool) -> Kind:
    def read(reader: ValueReader, value: Any, spot: Spot) -> Any:
        if not isinstance(value, str):
            return reader.wrong(spot, f"expected an expression as text, got {value!r}")
        return reader.expression(value, spot, of_person=of_person)

    return Kind(names, read, lambda writer, node: writer.expression(node), {"type": "string"}, of_disease=True)


ON_EVENT = _expression(Names("关于一个事件的条件", "a condition on one event"), of_person=False)
ON_PERSON = _expression(Names("关于一个人的条件", "a condition on the person"), of_person=True)


# LENGTHS


def _read_amount(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return reader.wrong(spot, f"expected text or a number, got {value!r}")
    if not isinstance(value, str):
        return Literal(float(value), "number")
    if PARAMETER_NAME.fullmatch(value):
        return ParameterOf(reader.disease, value)
    return reader.expression(value, spot, of_person=True)


def _write_amount(writer: Writer, amount: Any) -> Any:
    own = isinstance(amount, ParameterOf) and amount.disease == writer.disease
    if own and PARAMETER_NAME.fullmatch(amount.name):
        return amount.name
    if isinstance(amount, Literal) and amount.kind == "number" and not amount.unit:
        return float(amount.value)
    return writer.expression(amount)


AMOUNT = Kind(
    Names("参数名、数值或关于人的表达式", "the name of a parameter, a number, or an expression about the person"),
    _read_amount,
    _write_amount,
    {"type": ["string", "number"]},
    of_disease=True,
)

_LENGTH_HINT = 'after = { months = "…" }, { weeks = "…" } or { days = "…" }, with the name of a parameter'


def _read_length(reader: ValueReader, value: Any, spot: Spot) -> Any:
    if isinstance(value, str):
        return _length_in_its_unit(reader, value, spot)
    if not isinstance(value, dict):
        return reader.wrong(spot, f"expected a table, got {value!r}", _LENGTH_HINT)
    for key in value:
        if key not in LENGTH_UNITS:
            reader.unknown_key(spot, key, list(LENGTH_UNITS))
    given = [unit for unit in LENGTH_UNITS if unit in value]
    if len(given) != 1:
        return reader.wrong(spot, "needs one of days, weeks and months", _LENGTH_HINT)
    amount = _read_amount(reader, value[given[0]], Spot(spot.source, (*spot.path, given[0]), spot.place))
    return MISSING if amount is MISSING else Length(amount, given[0])


def _length_in_its_unit(reader: ValueReader, text: str, spot: Spot) -> Any:
    """Read a length that does not name its unit: it is that of the parameters it is made of."""
    known = len(reader.faults)
    amount = _read_amount(reader, text, spot)
    if len(reader.faults) > known:
        # It cannot be read, so nothing more can be said about it.
        return Length(amount, "days")
    try:
        unit = plain_unit(unit_of(rewrite(amount, lambda node: _with_unit(node, reader.units), ParameterOf)))
    except DefinitionError:
        unit = ""
    if unit not in LENGTH_UNITS:
        message = f"{text!r} is in {unit or 'no unit'}, a length is in days, weeks or months"
        return reader.wrong(spot, message, _LENGTH_HINT)
    return Length(amount, unit)


def _with_unit(node: Any, units: Mapping[str, str]) -> Any:
    known = isinstance(node, ParameterOf) and node.name in units
    return Literal(1.0, "number", units[node.name]) if known else node


LENGTH = Kind(
    Names("时长", "a length of time"),
    _read_length,
    lambda writer, length: {length.unit: _write_amount(writer, length.amount)},
    {
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": dict.fromkeys(LENGTH_UNITS, AMOUNT.schema),
                "minProperties": 1,
                "maxProperties": 1,
                "additionalProperties": False,
            },
        ]
    },
    of_disease=True,
)

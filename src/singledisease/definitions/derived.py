"""Figures made of other figures, once everything has been merged: scores, shares of a target, outer denominators."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, Union

from attrs import Converter, evolve, field, frozen

from singledisease.definitions.citation import Names
from singledisease.errors import DefinitionError, Fault, did_you_mean

FIGURES: tuple[str, ...] = (
    "rate",
    "numerator",
    "denominator",
    "unknown",
    "excluded",
    "initial_population",
    "people",
    "count",
    "mean",
    "median",
)
"""What can be asked of another measure, by its id: ``rate("hypertension.control")``."""

_COMBINED = ("min", "max")
_SIGNS: Mapping[type, str] = MappingProxyType({ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"})


@frozen
class FigureOf:
    """A figure of a measure in the same period and stratum."""

    what: str
    measure: str


@frozen
class OfInstitution:
    """A number in a column of the stratum's institution."""

    column: str


@frozen
class Constant:
    """A constant."""

    value: float


@frozen
class Combined:
    """Figures combined by a sign, or by ``min`` or ``max``; missing where one is missing."""

    by: Literal["+", "-", "*", "/", "min", "max"]
    parts: tuple[Figure, ...]


@frozen
class Total:
    """A number of each institution, added up over those of the stratum; each place is counted once.

    An institution that states it stands for all below it; one that does not has the sum of those below.  It is missing
    where a place would be left out.
    """

    part: Figure


Figure = Union[FigureOf, OfInstitution, Constant, Combined, Total]  # noqa: UP007 - forward references


def _own_name(given: Names | None, made: Any) -> Names:
    return given or Names(made.id, made.id)


@frozen(kw_only=True)
class Derived:
    """A figure made of figures of other measures in the same scorecard, worked out once everything is merged.

    Parameters
    ----------
    value
        What it is, as text: figures of measures by id (``rate("…")``, ``numerator``, ``denominator``, ``unknown``,
        ``people``, ``count``, ``mean``, ``median`` …), numbers in columns of the stratum's institution
        (``institution("target")``), their sum over institutions (``total(institution("adults"))``: the stratum's own,
        or without strata by institution all of them), constants, ``+ - * /``, ``min(…)``, ``max(…)``.
    unit
        In which it is shown.

    Raises
    ------
    DefinitionError
        If the text cannot be read, with the place and the way out.

    >>> score = Derived(id="score", value='100 * min(1, rate("hypertension.control") / institution("target"))')
    >>> score.measures, score.columns
    (('hypertension.control',), ('target',))
    """

    id: str
    version: str = "1"
    names: Names = field(default=None, converter=Converter(_own_name, takes_self=True))  # type: ignore[misc]
    value: str
    unit: str = ""
    citation: str = ""
    status: str = "proposal"
    figure: Figure = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "figure", _Reader(self.id, self.value).whole())

    @property
    def measures(self) -> tuple[str, ...]:
        """The ids of the measures it is made of."""
        return tuple(dict.fromkeys(part.measure for part in self.asked if isinstance(part, FigureOf)))

    @property
    def asked(self) -> tuple[FigureOf | OfInstitution, ...]:
        """The figures and columns that it is made of, each once."""
        named = (part for part in _inside(self.figure) if isinstance(part, FigureOf | OfInstitution))
        return tuple(dict.fromkeys(named))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that institutions have to have; without strata by institution it is missing."""
        needed = (part.column for part in _inside(self.figure, totals=False) if isinstance(part, OfInstitution))
        return tuple(dict.fromkeys(needed))

    def __repr__(self) -> str:
        return f"<Derived {self.id} {self.version}: {self.value}>"


def _inside(figure: Figure, *, totals: bool = True) -> Iterator[Figure]:
    yield figure
    if isinstance(figure, Combined):
        for part in figure.parts:
            yield from _inside(part, totals=totals)
    elif isinstance(figure, Total) and totals:
        yield from _inside(figure.part)


# READING


@frozen
class _Reader:
    measure: str
    text: str

    def whole(self) -> Figure:
        """Read the text."""
        line = " ".join(self.text.split())
        try:
            tree = ast.parse(line, mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise self.wrong("syntax", getattr(error, "offset", 1) or 1, f"cannot be read: {error}") from None
        return evolve(self, text=line).figure(tree)

    def wrong(self, check: str, place: int, message: str, hint: str = "") -> DefinitionError:
        where = f"{self.text}, character {place}"
        example = '100 * min(1, rate("hypertension.control") / institution("target"))'
        return DefinitionError(f"measure {self.measure} is not sound", [Fault(check, where, message, hint or example)])

    def figure(self, tree: ast.expr) -> Figure:
        read = _FORMS.get(type(tree))
        if read is None:
            message = f"{type(tree).__name__} has no meaning in a figure"
            raise self.wrong("not_allowed", tree.col_offset + 1, message)
        return read(self, tree)

    def constant(self, tree: ast.Constant) -> Figure:
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | float):
            raise self.wrong("not_allowed", tree.col_offset + 1, f"expected a number, got {tree.value!r}")
        return Constant(float(tree.value))

    def combined(self, tree: ast.BinOp) -> Figure:
        sign = _SIGNS.get(type(tree.op))
        if sign is None:
            name = type(tree.op).__name__
            raise self.wrong("not_allowed", tree.col_offset + 1, f"{name} has no meaning in a figure", "+ - * /")
        return Combined(sign, (self.figure(tree.left), self.figure(tree.right)))  # type: ignore[arg-type]

    def negative(self, tree: ast.UnaryOp) -> Figure:
        if not isinstance(tree.op, ast.USub):
            raise self.wrong("not_allowed", tree.col_offset + 1, "only a minus may stand before a figure")
        return Combined("-", (Constant(0.0), self.figure(tree.operand)))

    def call(self, tree: ast.Call) -> Figure:
        name, place = getattr(tree.func, "id", ""), tree.col_offset + 1
        if tree.keywords:
            raise self.wrong("not_allowed", place, f"{name} takes no named argument")
        if name in _COMBINED:
            if len(tree.args) < 2:
                raise self.wrong("too_few", place, f"{name} needs at least two figures, got {len(tree.args)}")
            return Combined(name, tuple(self.figure(arg) for arg in tree.args))  # type: ignore[arg-type]
        if name == "total":
            return self.total(tree)
        text = self.named(name, tree)
        if name == "institution":
            return OfInstitution(text)
        if name not in FIGURES:
            hint = did_you_mean(name, (*FIGURES, "institution", "total", *_COMBINED))
            raise self.wrong("unknown_name", place, f"unknown word {name!r}", hint)
        return FigureOf(name, text)

    def total(self, tree: ast.Call) -> Figure:
        """Read what is added up over institutions: their columns and constants, no figure of a measure."""
        parts = [self.figure(arg) for arg in tree.args]
        inner = [each for part in parts for each in _inside(part)]
        if len(parts) != 1 or any(isinstance(each, FigureOf | Total) for each in inner):
            message = "total takes one number of an institution"
            raise self.wrong("arguments", tree.col_offset + 1, message, 'total(institution("adults"))')
        return Total(parts[0])

    def named(self, name: str, tree: ast.Call) -> str:
        """Give the one text in brackets."""
        values = [getattr(arg, "value", None) for arg in tree.args]
        if len(values) != 1 or not isinstance(values[0], str):
            message = f"{name or ast.unparse(tree.func)} takes one text in quotation marks"
            raise self.wrong("arguments", tree.col_offset + 1, message, f'{name or "rate"}("…")')
        return values[0]


_FORMS: Mapping[type, Callable[[_Reader, Any], Figure]] = MappingProxyType(
    {
        ast.Constant: _Reader.constant,
        ast.BinOp: _Reader.combined,
        ast.UnaryOp: _Reader.negative,
        ast.Call: _Reader.call,
    }
)

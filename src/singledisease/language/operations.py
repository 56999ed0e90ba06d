"""The table of operators: everything that is applied to values and has no structure of its own.

One row says of an operator how it is written, which kinds and units it takes and gives, what it does with what is
unknown, and how it is said in Chinese and English.  The parser, the printer, the wording, the type check and the
generators of the tests walk this table; each engine has a dictionary of functions with the same names, and a test
holds the three equal.  A new operator is one row here, one function in each engine, and a test of its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from attrs import frozen

from singledisease.language.nodes import Apply

# How tightly the outermost sign of a piece of text binds; an operand that binds less tightly needs brackets.
OR, AND, NOT, COMPARE, ADD, MULTIPLY, SIGN, ATOM = range(1, 9)


# HOW AN OPERATOR IS WRITTEN


@frozen
class Infix:
    """Between its operands: ``a < b``.  ``chained``: any number of operands, ``a and b and c``."""

    sign: str
    tightness: int
    chained: bool = False


@frozen
class Prefix:
    """Before its operand: ``not a``."""

    sign: str
    tightness: int


@frozen
class Membership:
    """``a in ("x", "y")``, in Python ``a.is_in("x", "y")``."""


@frozen
class Function:
    """As a function of its operands: ``coalesce(a, b)``.

    With a ``keyword`` the constant texts are named: ``worst(a, b, order=("low", "high"))``; without, they stand last.
    """

    keyword: str = ""


@frozen
class Method:
    """As a method of its first operand: ``a.known()``, ``a.starts_with("x")``.

    ``name`` is the method; with a ``keyword`` the second operand is named: ``day.plus(months=3)``.
    """

    name: str
    keyword: str = ""


Notation = Infix | Prefix | Membership | Function | Method


# WHAT IT TAKES AND GIVES

OperandKind = Literal["bool", "number", "date", "text", "same", "any"]
UnitRule = Literal["none", "agree", "composed", "days", "months", "years"]


@frozen
class Signature:
    """The kinds of the operands and of the result.

    Attributes
    ----------
    operands
        ``same`` is one kind, whichever, wherever it stands; ``any`` is any kind.
    result
        A kind, or ``same``.
    unit
        Of a number that results: ``agree`` that of the operands, which have to agree; ``composed`` that of a product
        or quotient; a unit of time; or ``none``.
    shift
        Which operand is a number by which a date moves, -1 if none is; its unit is blank or ``shift_unit``.
    """

    operands: tuple[OperandKind, ...]
    result: OperandKind
    unit: UnitRule = "none"
    shift: int = -1
    shift_unit: Literal["days", "months", "years"] = "days"


# HOW IT IS SAID


@frozen
class Phrase:
    """A sentence in both languages: ``{0}``, ``{1}`` are operands, ``{all}`` all of them, ``{texts}`` the constants.

    Attributes
    ----------
    operands
        How the operands are said: ``bracketed``; ``compared``, so that a bare number takes the unit of the other side;
        ``amount``, so that a bare number beside a date has the unit by which it moves; ``clauses``, bracketed only
        where they would be misread; ``plain``.
    joined
        What stands between the operands of ``{all}``.
    texts
        What stands between the constant texts of ``{texts}``.
    is_joined
        Whether the whole needs brackets inside another sentence.
    """

    zh: str
    en: str
    operands: Literal["bracketed", "compared", "amount", "clauses", "plain"] = "bracketed"
    joined: tuple[str, str] = ("、", ", ")
    texts: tuple[str, str] = ("或", " or ")
    is_joined: bool = False


# AN OPERATOR


@frozen(kw_only=True)
class Operation:
    """One operator.

    Attributes
    ----------
    least
        How many operands at least, where any number is taken: the last kind of the signature repeats.  0: exactly
        those of the signature.
    texts
        Whether it also takes constant texts, at least one.
    unknown
        ``strict``: unknown if an operand is; ``kleene``: three-valued logic; ``total``: never unknown on that account.
    example
        An expression as text.
    """

    name: str
    notation: Notation
    signatures: tuple[Signature, ...]
    least: int = 0
    texts: bool = False
    unknown: Literal["strict", "kleene", "total"] = "strict"
    phrase: Phrase
    says: str
    example: str


def _comparison(sign: str, shown: str, says: str, *, ordered: bool) -> Operation:
    kinds: tuple[OperandKind, ...] = ("number", "date") if ordered else ("same",)
    return Operation(
        name=sign,
        notation=Infix(sign, COMPARE),
        signatures=tuple(Signature((kind, kind), "bool", "agree") for kind in kinds),
        phrase=Phrase(f"{{0}} {shown} {{1}}", f"{{0}} {shown} {{1}}", "compared", is_joined=True),
        says=says,
        example=f"sbp {sign} 140",
    )


_NUMBERS = Signature(("number", "number"), "number", "agree")
_COMPOSED = Signature(("number", "number"), "number", "composed")


def _arithmetic(sign: str, shown: tuple[str, str], says: str, *signatures: Signature, tightness: int) -> Operation:
    return Operation(
        name=sign,
        notation=Infix(sign, tightness),
        signatures=signatures,
        phrase=Phrase(*shown, "amount", is_joined=True),
        says=says,
        example=f"sbp {sign} 2",
    )


def _distance(unit: Literal["days", "months", "years"], zh: str, en: str, says: str) -> Operation:
    return Operation(
        name=f"{unit}_between",
        notation=Function(),
        signatures=(Signature(("date", "date"), "number", unit),),
        phrase=Phrase(f"自{{0}}至{{1}}的{zh}", f"{en} from {{0}} to {{1}}"),
        says=says,
        example=f"{unit}_between(PERIOD.start, date)",
    )


def _shift(unit: Literal["days", "months", "years"], says: str) -> Operation:
    return Operation(
        name=f"plus_{unit}",
        notation=Method("plus", keyword=unit),
        signatures=(Signature(("date", "number"), "date", shift=1, shift_unit=unit),),
        phrase=Phrase("{0}后 {1}", "{1} after {0}", "amount"),
        says=says,
        example=f"date.plus({unit}=1)",
    )


def _start(unit: Literal["month", "quarter", "year"], zh: str) -> Operation:
    return Operation(
        name=f"start_of_{unit}",
        notation=Function(),
        signatures=(Signature(("date",), "date"),),
        phrase=Phrase(f"{{0}}所在{zh}的第一天", f"the first day of the {unit} of {{0}}"),
        says=f"the first day of the calendar {unit} that holds a day",
        example=f"start_of_{unit}(PERIOD.end)",
    )


def _extreme(name: str, kind: Literal["date", "number"], zh: str, en: str, says: str) -> Operation:
    return Operation(
        name=name,
        notation=Function(),
        signatures=(Signature((kind,), kind, "agree"),),
        least=1,
        unknown="total",
        phrase=Phrase(f"{{all}}中{zh}", f"the {en} of {{all}}"),
        says=says,
        example=f"{name}(PERIOD.start, date)" if kind == "date" else f"{name}(sbp, dbp)",
    )


_OPERATIONS = (
    _comparison("<", "<", "less than; unknown if a side is missing", ordered=True),
    _comparison("<=", "≤", "at most; unknown if a side is missing", ordered=True),
    _comparison(">", ">", "more than; unknown if a side is missing", ordered=True),
    _comparison(">=", "≥", "at least; unknown if a side is missing", ordered=True),
    _comparison("==", "=", "equal; unknown if a side is missing", ordered=False),
    _comparison("!=", "≠", "different; unknown if a side is missing", ordered=False),
    _arithmetic(
        "+",
        ("{0} + {1}", "{0} + {1}"),
        "the sum; of a date and days: that many days later, cut to a whole day",
        _NUMBERS,
        Signature(("date", "number"), "date", shift=1),
        Signature(("number", "date"), "date", shift=0),
        tightness=ADD,
    ),
    _arithmetic(
        "-",
        ("{0} − {1}", "{0} − {1}"),
        "the difference; of a date and days: that many days before; of two dates: days",
        _NUMBERS,
        Signature(("date", "number"), "date", shift=1),
        Signature(("date", "date"), "number", "days"),
        tightness=ADD,
    ),
    _arithmetic("*", ("{0} × {1}", "{0} × {1}"), "the product", _COMPOSED, tightness=MULTIPLY),
    _arithmetic("/", ("{0} ÷ {1}", "{0} ÷ {1}"), "the quotient; by 0: missing", _COMPOSED, tightness=MULTIPLY),
    _arithmetic(
        "//",
        ("{0} ÷ {1}（向下取整）", "{0} ÷ {1} rounded down"),
        "the quotient rounded down; by 0: missing",
        _COMPOSED,
        tightness=MULTIPLY,
    ),
    Operation(
        name="and",
        notation=Infix("and", AND, chained=True),
        signatures=(Signature(("bool",), "bool"),),
        least=2,
        unknown="kleene",
        phrase=Phrase("{all}", "{all}", "clauses", (" 且 ", " and "), is_joined=True),
        says="false if one is false, else unknown if one is unknown, else true",
        example="sbp >= 140 and dbp >= 90",
    ),
    Operation(
        name="or",
        notation=Infix("or", OR, chained=True),
        signatures=(Signature(("bool",), "bool"),),
        least=2,
        unknown="kleene",
        phrase=Phrase("{all}", "{all}", "clauses", (" 或 ", " or "), is_joined=True),
        says="true if one is true, else unknown if one is unknown, else false",
        example="sbp >= 140 or dbp >= 90",
    ),
    Operation(
        name="not",
        notation=Prefix("not", NOT),
        signatures=(Signature(("bool",), "bool"),),
        unknown="kleene",
        phrase=Phrase("并非（{0}）", "not ({0})", "plain"),
        says="true if false, false if true, else unknown",
        example="not sbp >= 140",
    ),
    Operation(
        name="is_in",
        notation=Membership(),
        signatures=(Signature(("text",), "bool"),),
        texts=True,
        phrase=Phrase("{0}为{texts}", "{0} is {texts}"),
        says="whether a text is one of the given; unknown if it is missing",
        example='mode in ("clinic", "home")',
    ),
    Operation(
        name="starts_with",
        notation=Method("starts_with"),
        signatures=(Signature(("text",), "bool"),),
        texts=True,
        phrase=Phrase("{0}以{texts}开头", "{0} starts with {texts}"),
        says="whether a text starts with one of the given; unknown if it is missing",
        example='code.starts_with("I10")',
    ),
    Operation(
        name="known",
        notation=Method("known"),
        signatures=(Signature(("any",), "bool"),),
        unknown="total",
        phrase=Phrase("{0}有记录", "{0} is known"),
        says="whether there is a value; never unknown",
        example="sbp.known()",
    ),
    Operation(
        name="coalesce",
        notation=Function(),
        signatures=(Signature(("same",), "same", "agree"),),
        least=1,
        unknown="total",
        phrase=Phrase("{all}中第一个有值者", "the first known of {all}"),
        says="the first of the values that is there",
        example="coalesce(fpg, glucose)",
    ),
    Operation(
        name="how_many",
        notation=Function(),
        signatures=(Signature(("bool",), "number"),),
        least=1,
        phrase=Phrase(
            "下列条件中成立的个数{{{all}}}", "how many of these hold {{{all}}}", "plain", joined=("；", "; ")
        ),
        says="how many conditions are true; unknown if one is unknown",
        example="how_many(sbp >= 140, dbp >= 90)",
    ),
    _distance("days", "天数", "days", "days from one day to another"),
    _distance("months", "日历月数", "calendar months", "calendar months from one day to another; days do not matter"),
    _distance("years", "整年数", "completed years", "completed years from one day to another"),
    _shift("days", "the day so many days later; a fraction is cut off"),
    _shift("months", "the same day so many months later; a short month gives its last"),
    _shift("years", "the same day so many years later; of 29 February, 28 February"),
    _start("month", "月"),
    _start("quarter", "季"),
    _start("year", "年"),
    _extreme("earliest", "date", "最早者", "earliest", "the earliest of the dates that are there; of none, missing"),
    _extreme("latest", "date", "最晚者", "latest", "the latest of the dates that are there; of none, missing"),
    _extreme("smallest", "number", "最小者", "smallest", "the smallest of the numbers there; of none, missing"),
    _extreme("largest", "number", "最大者", "largest", "the largest of the numbers there; of none, missing"),
    Operation(
        name="worst",
        notation=Function("order"),
        signatures=(Signature(("text",), "text"),),
        least=1,
        texts=True,
        unknown="total",
        phrase=Phrase(
            "{all}中最重者（由轻到重：{texts}）",
            "the worst of {all} (from mild to severe: {texts})",
            texts=("、", ", "),
        ),
        says="of the texts that are there and stand in the order, the last by it; of none, missing",
        example='worst(tier("hypertension.risk"), tier("type2-diabetes.risk"), order=("low", "high"))',
    ),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType({operation.name: operation for operation in _OPERATIONS})
"""Every operator by name."""

FUNCTIONS: Mapping[str, Operation] = MappingProxyType(
    {name: operation for name, operation in OPERATIONS.items() if isinstance(operation.notation, Function)}
)
"""Operators that are written as functions."""

METHODS: Mapping[str, tuple[Operation, ...]] = MappingProxyType(
    {
        method: tuple(op for op in _OPERATIONS if isinstance(op.notation, Method) and op.notation.name == method)
        for method in dict.fromkeys(op.notation.name for op in _OPERATIONS if isinstance(op.notation, Method))
    }
)
"""Operators that are written as methods, by method; those of one method differ in the keyword."""

INFIX: Mapping[str, Operation] = MappingProxyType(
    {op.notation.sign: op for op in _OPERATIONS if isinstance(op.notation, Infix)}
)
"""Operators that are written between their operands, by sign."""

COMPARISONS: tuple[str, ...] = tuple(op.name for op in INFIX.values() if op.notation.tightness == COMPARE)  # type: ignore[union-attr]
"""The operators that compare two values."""


def is_operation(node: Any, *names: str) -> bool:
    """Say whether a node is one of some operators applied."""
    return isinstance(node, Apply) and node.operation in names
